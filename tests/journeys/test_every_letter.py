"""Every committed letter, and the huge ones, through Dovecot and both databases to its end."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mailbot.inbox import OVERSIZE_BYTES
from models.database import rows
from models.vocabulary import Fate
from tests.containers import container
from tests.drill.desk import Desk
from tests.letters import huge
from tests.letters.expectations import EXPECTED
from tests.letters.fates import answer_state, fates_of
from tests.registers import in_use
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

LETTERS = Path(__file__).parent.parent / "letters"
# the committed letters are of another season and mostly of one writer
MANNERS = {
    "LATE_HOURS": "1000000",
    "LADDER_SENDER_PER_DAY": "1000",
    "LADDER_DOMAIN_PER_HOUR": "1000",
}
FOUND = (
    "SELECT r.sha256, s.fate, m.flags, m.request_id, o.state FROM sighting s"
    " JOIN raw_letter r ON r.id = s.raw_letter_id JOIN message m ON m.id = s.message_id"
    " LEFT JOIN outbound_mail o ON o.answers_id = m.id"
)


@pytest.fixture
def desk(dovecot: Dovecot, smtp: SmtpServer, register_url: str) -> Desk:
    """A mailbox of its own on the shared Dovecot, once on each database."""
    return Desk(dovecot, f"e{uuid4().hex[:12]}", smtp, register_url, more=MANNERS)


def on_the_wire(raw: bytes) -> bytes:
    """As an IMAP server gives it: lines end in CRLF, and NUL cannot be (RFC 3501 section 9)."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"\0", b"\x80")


async def worked_off(desk: Desk, raws: list[bytes]) -> dict[str, dict[str, Any]]:
    """What stands in the register about each letter, by the SHA-256 of its bytes."""
    desk.dovecot.fill(desk.user, raws)
    ended = await desk.once()
    assert ended.code == 0, ended.err
    checked = await desk.check()
    assert checked.code == 0, checked.err
    async with in_use(desk.url):
        return {row["sha256"]: row for row in await rows(FOUND)}


async def test_every_committed_letter_ends_where_it_should(desk: Desk) -> None:
    raws = {name: on_the_wire((LETTERS / f"{name}.eml").read_bytes()) for name in EXPECTED}
    found = await worked_off(desk, list(raws.values()))
    wrong = {}
    for name, raw in raws.items():
        row = found[sha256(raw).hexdigest()]
        fate = Fate(row["fate"])
        if fate not in fates_of(name) or row["state"] != answer_state(name, fate):
            wrong[name] = row
    assert wrong == {}


async def test_huge_letters_open_cases_and_say_what_was_not_read(desk: Desk) -> None:
    raws = {name: make() for name, (make, _) in huge.HUGE.items()}
    found = await worked_off(desk, list(raws.values()))
    for name, raw in raws.items():
        kept = raw[:OVERSIZE_BYTES] if len(raw) > 25_000_000 else raw
        row = found[sha256(kept).hexdigest()]
        flags = json.loads(row["flags"]) if isinstance(row["flags"], str) else row["flags"]
        assert row["fate"] in ("registered", "triage"), name
        assert huge.HUGE[name][1].value in flags, name


async def test_a_signed_container_of_an_unknown_authority_waits_for_a_person(desk: Desk) -> None:
    (row,) = (await worked_off(desk, [huge.container(container())])).values()
    assert (row["fate"], row["state"]) == ("triage", None)


async def test_equal_bytes_seen_twice_and_in_two_folders_are_one_case(desk: Desk) -> None:
    raw = on_the_wire((LETTERS / "no_message_id.eml").read_bytes())
    desk.dovecot.fill(desk.user, [raw], folder="Andmed")
    found = await worked_off(desk, [raw, raw])
    assert len(found) == 1
    state = await desk.state()
    assert state.fates == {"registered": 1, "duplicate": 2}
    assert (state.cases, len(desk.sink.letters)) == (1, 1)


async def test_a_letter_moved_to_another_folder_is_known_there_and_answered_once(
    desk: Desk,
) -> None:
    raw = on_the_wire((LETTERS / "erasure_et.eml").read_bytes())
    await worked_off(desk, [raw])
    desk.move(to="Töös")
    ended = await desk.once()
    assert ended.code == 0, ended.err
    assert (await desk.state()).fates == {"registered": 1, "duplicate": 1}
    assert len(desk.sink.letters) == 1
