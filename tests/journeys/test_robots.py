"""A robot that answers our letters gets at most three of them, whatever it leaves out."""

import re
from uuid import uuid4

import pytest

from tests.drill.desk import Desk
from tests.mixture import AUTHSERV_ID, plain_request
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Received, SmtpServer

ROBOT = "writer1@d1.example"  # who writes plain_request(1)
ROUNDS = 5
OUR_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^>\s]+>)")


@pytest.fixture
async def desk(dovecot: Dovecot, smtp: SmtpServer, register_url: str) -> Desk:
    """A robot's first letter asked for something and lies in the mailbox."""
    desk = Desk(dovecot, f"r{uuid4().hex[:12]}", smtp, register_url)
    dovecot.fill(desk.user, [plain_request(1).raw])
    return desk


def echo(number: int, heads: str, letter: Received) -> bytes:
    """The robot's next letter: a new id, what was asked once more, and our letter quoted."""
    _, _, text = letter.content.partition(b"\r\n\r\n")
    ours = OUR_ID.search(letter.content)
    assert ours
    head = (
        f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=d1.example\r\n"
        f"From: {ROBOT}\r\nMessage-ID: <echo.{number}@d1.example>\r\n"
        f"{heads.format(ours=ours[1].decode())}Subject: [#{number}] Palve\r\n\r\n"
        "Palun kustutage minu konto ja koik minu andmed.\r\n\r\n"
    )
    return head.encode() + b"\r\n".join(b"> " + line for line in text.splitlines()) + b"\r\n"


@pytest.mark.parametrize(
    ("heads", "most"),
    [
        ("Auto-Submitted: auto-replied\r\n", 1),
        ("In-Reply-To: {ours}\r\n", 1),
        ("Precedence: bulk\r\n", 1),
        ("", 3),
    ],
    ids=["says so", "threads", "bulk", "says nothing"],
)
async def test_two_robots_fall_silent(desk: Desk, heads: str, most: int) -> None:
    for number in range(ROUNDS):
        ended = await desk.once()
        assert ended.code == 0, ended.err
        if len(desk.sink.letters) <= number:
            break
        desk.dovecot.fill(desk.user, [echo(number, heads, desk.sink.letters[-1])])
    assert len(desk.sink.sent_to(ROBOT)) == most
    state = await desk.state()
    assert state.undecided == 0
