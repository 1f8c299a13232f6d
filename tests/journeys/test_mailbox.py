"""A letter's whole road on real servers: Dovecot, both databases, a real SMTP conversation."""

import imaplib
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from mailbot.marking import KEYWORD
from models.acts.mailbox import REPLAYED, store
from models.database import rows
from models.deadlines import TALLINN
from models.shapes import Arrival
from tests.drill.desk import Desk
from tests.mixture import mixture, plain_request
from tests.processes import run
from tests.registers import house, in_use
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture
def desk(dovecot: Dovecot, smtp: SmtpServer, register_url: str) -> Desk:
    """A mailbox of its own on the shared Dovecot, once on each database."""
    return Desk(dovecot, f"u{uuid4().hex[:12]}", smtp, register_url)


async def test_old_letters_at_first_contact_are_seen_and_never_answered(
    dovecot: Dovecot, smtp: SmtpServer, register_url: str
) -> None:
    desk = Desk(dovecot, f"u{uuid4().hex[:12]}", smtp, register_url, start_at=None)
    old = datetime.now(UTC) - timedelta(days=30)
    dovecot.fill(desk.user, [one.raw for one in mixture(250)], received_at=old)
    ended = await desk.once()
    assert ended.code == 0, ended.err
    state = await desk.state()
    assert state.fates == {"before_start": 250}
    assert smtp.letters == []


async def test_a_letter_first_seen_after_three_days_opens_a_case_and_its_answer_waits(
    desk: Desk,
) -> None:
    late = datetime.now(UTC) - timedelta(hours=73)
    desk.dovecot.fill(desk.user, [plain_request(1).raw], received_at=late)
    in_time = datetime.now(UTC) - timedelta(hours=71)
    desk.dovecot.fill(desk.user, [plain_request(2).raw], received_at=in_time)
    ended = await desk.once()
    assert ended.code == 0, ended.err
    state = await desk.state()
    assert state.cases == 2
    assert state.letters == {"held": 1, "sent": 1}
    assert [one.recipients for one in desk.sink.letters] == [("writer2@d2.example",)]


async def test_who_writes_often_gets_five_letters_a_day_and_every_letter_its_case(
    desk: Desk,
) -> None:
    """Letters of one sender, all at once: the rest waits for a person."""
    sender = plain_request(1).sender
    raws = [
        plain_request(n).raw.replace(plain_request(n).sender.encode(), sender.encode(), 1)
        for n in range(1, 41)
    ]
    desk.dovecot.fill(
        desk.user, [raw.replace(b"=d%d." % n, b"=d1.") for n, raw in enumerate(raws, 1)]
    )
    ended = await desk.once()
    assert ended.code == 0, ended.err
    state = await desk.state()
    assert (state.cases, state.letters) == (40, {"held": 35, "sent": 5})
    assert {one.recipients for one in desk.sink.letters} == {(sender,)}


async def test_every_letter_is_decided_once_and_the_mailbox_stays_as_it_was(desk: Desk) -> None:
    letters = mixture(120)
    desk.dovecot.fill(desk.user, [one.raw for one in letters])
    before = desk.flags()
    first = await desk.once()
    assert first.code == 0, first.err
    state, sent = await desk.state(), len(desk.sink.letters)
    assert state.seen == 120
    assert state.undecided == 0
    assert desk.flags() == before
    assert desk.doubled() == {}
    assert desk.strangers(letters) == []
    again = await desk.once()
    assert again.code == 0, again.err
    assert await desk.state() == state
    assert len(desk.sink.letters) == sent
    checked = await desk.check()
    assert checked.code == 0, checked.err


def keywords(desk: Desk, *, without: str = "") -> dict[str, bool]:
    """Of each letter of the INBOX by its sender: whether it carries ours; nothing else is set."""
    client = imaplib.IMAP4("127.0.0.1", desk.dovecot.port)
    client.login(desk.user, PASSWORD)
    client.select("INBOX")
    if without:
        client.store("1:*", "-FLAGS", without)
    _, found = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (FROM)])")
    client.logout()
    rows = [(part[0], part[1].decode()) for part in found if isinstance(part, tuple)]
    assert not [flags for flags, _ in rows if b"\\Seen" in flags or b"\\Flagged" in flags]
    return {
        head.partition(":")[2].strip().partition("@")[0]: KEYWORD.encode() in flags
        for flags, head in rows
    }


async def test_letters_of_cases_carry_a_keyword_where_it_is_asked_for(
    dovecot: Dovecot, smtp: SmtpServer, register_url: str
) -> None:
    """Once: whoever takes it off is left alone, and what came later gets it all the same."""
    more = {"MARK_REQUESTS": "1"}
    desk = Desk(dovecot, f"u{uuid4().hex[:12]}", smtp, register_url, more=more)
    [other] = [one for one in mixture(20) if one.kind == "other"][:1]
    dovecot.fill(desk.user, [plain_request(1).raw, other.raw])
    assert (await desk.once()).code == 0
    name = other.sender.partition("@")[0]
    assert keywords(desk) == {"writer1": True, name: False}
    keywords(desk, without=KEYWORD)
    dovecot.fill(desk.user, [plain_request(2).raw])
    assert (await desk.once()).code == 0
    assert keywords(desk) == {"writer1": False, name: False, "writer2": True}


async def test_what_lay_there_before_is_read_on_request_and_answered_to_nobody(
    dovecot: Dovecot, smtp: SmtpServer, register_url: str
) -> None:
    desk = Desk(dovecot, f"u{uuid4().hex[:12]}", smtp, register_url, start_at=None)
    old = datetime.now(UTC) - timedelta(days=10)
    dovecot.fill(desk.user, [plain_request(n).raw for n in (1, 2)], received_at=old)
    assert (await desk.once()).code == 0
    flags = desk.flags()
    late = str((old + timedelta(days=3)).date())
    none = await run("mailbot", "replay", "--from-mailbox", "--since", late, environ=desk.environ)
    assert (none.code, none.out) == (0, "0 letters taken in.\n")
    done = await run("mailbot", "replay", "--from-mailbox", environ=desk.environ)
    assert (done.code, done.out) == (0, "2 letters taken in.\n")
    state = await desk.state()
    assert (dict(state.fates), state.cases) == ({"registered": 2}, 2)
    assert desk.flags() == flags
    assert (await desk.once()).code == 0
    assert smtp.letters == []
    async with in_use(desk.url):
        days = await rows("SELECT received_on FROM request")
    assert {str(row["received_on"]) for row in days} == {str(old.astimezone(TALLINN).date())}


async def test_what_a_replay_left_that_was_cut_off_is_decided_by_the_bot_and_not_answered(
    desk: Desk,
) -> None:
    """Stored, and then nobody there any more; a new letter beside them is answered."""
    old, raws = datetime.now(UTC) - timedelta(days=10), [plain_request(n).raw for n in (1, 2)]
    async with in_use(desk.url):
        left = [Arrival(REPLAYED, 1, n, len(raw), old, raw) for n, raw in enumerate(raws, 1)]
        await store(house(), left, [sha256(raw).hexdigest() for raw in raws], by_replay=True)
    desk.dovecot.fill(desk.user, [plain_request(3).raw])
    ended = await desk.once()
    assert ended.code == 0, ended.err
    assert "2 letters it left are decided, and not answered" in ended.err
    state = await desk.state()
    assert (state.fates, state.cases, state.letters) == ({"registered": 3}, 3, {"sent": 1})
    assert [one.recipients for one in desk.sink.letters] == [("writer3@d3.example",)]
