"""`mailbot doctor` on good and broken set-ups: it names what to fix and shows no secret."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.drill.desk import Desk
from tests.mixture import plain_request
from tests.processes import Ended, run
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture
def desk(dovecot: Dovecot, smtp: SmtpServer, register_url: str) -> Desk:
    """A desk with one letter in its mailbox, once on each database."""
    desk = Desk(dovecot, f"h{uuid4().hex[:12]}", smtp, register_url)
    dovecot.fill(desk.user, [plain_request(1).raw])
    return desk


@pytest.fixture
def environ(desk: Desk) -> dict[str, str]:
    """Its settings, all good."""
    return desk.environ


async def examined(environ: dict[str, str], **changes: str) -> Ended:
    """What the doctor says; never a traceback, never a password."""
    ended = await run("mailbot", "doctor", environ=environ | changes)
    assert "Traceback" not in ended.err
    assert PASSWORD not in ended.out + ended.err
    return ended


async def test_a_good_set_up_is_all_well_and_nothing_is_sent(
    environ: dict[str, str], smtp: SmtpServer
) -> None:
    ended = await examined(environ)
    assert ended.code == 0, ended.out + ended.err
    assert "FIX" not in ended.out
    named = [line.split()[1].rstrip(":") for line in ended.out.splitlines()]
    assert named == ["keys", "controller", "letters", "database", "IMAP", "SMTP", "TRUST_ANCHORS"]
    assert smtp.letters == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"AUTHSERV_ID": ""}, "FIX  settings: AUTHSERV_ID is missing"),
        ({"AUTHSERV_ID": "mx.other.example"}, "newest letters carry (mx.netpro.ee)"),
        ({"CONTROLLER_PHONE": ""}, "FIX  controller: CONTROLLER_PHONE is missing"),
        ({"SENT_FOLDER": "Nowhere"}, "FIX  IMAP: A folder of"),
        ({"IMAP_URL": "imap://a:b@127.0.0.1:1"}, "FIX  IMAP: The IMAP server cannot be reached"),
        ({"SMTP_URL": "smtp://127.0.0.1:1"}, "FIX  SMTP: The SMTP server of SMTP_URL"),
        ({"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}, "FIX  database: The database of"),
    ],
)
async def test_each_broken_set_up_is_named_and_the_rest_is_still_looked_at(
    environ: dict[str, str], changes: dict[str, str], words: str
) -> None:
    ended = await examined(environ, **changes)
    assert ended.code == 1
    assert words in ended.out
    assert ended.out.count("FIX") == 1 + ("CONTROLLER_PHONE" in changes), ended.out
    assert "ok   letters" in ended.out


async def test_a_key_that_opens_nothing_of_what_is_stored_is_named(desk: Desk) -> None:
    assert (await desk.once()).code == 0
    new_key = urlsafe_b64encode(bytes(range(7, 39))).decode()
    ended = await examined(desk.environ, DATA_KEY=new_key)
    assert ended.code == 1
    assert "FIX  database: DATA_KEY does not open what is stored" in ended.out
    assert ended.out.count("FIX") == 1


async def test_a_clock_that_is_behind_the_mail_server_is_named(
    environ: dict[str, str], dovecot: Dovecot
) -> None:
    user = environ["IMAP_URL"].partition("//")[2].partition(":")[0]
    ahead = datetime.now(UTC) + timedelta(hours=2)
    dovecot.fill(user, [plain_request(2).raw], received_at=ahead)
    ended = await examined(environ)
    assert "FIX  IMAP: The mail server received letters in our future" in ended.out
