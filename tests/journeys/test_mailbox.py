"""A letter's whole road on real servers: Dovecot, both databases, a real SMTP conversation."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.drill.desk import Desk
from tests.mixture import mixture, plain_request
from tests.servers.dovecot import Dovecot
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
