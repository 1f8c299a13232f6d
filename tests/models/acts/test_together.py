"""Letters of one commit end as they would one by one, whatever they have to do with each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from models.acts.clients import AddressRecord, ClientRecord, upsert_client
from models.acts.mailbox import Stored
from models.acts.receive import receive, receive_all
from models.database import rows
from models.house import House
from models.letters.wire import acknowledgement_id
from models.shapes import SYSTEM, Reading
from models.vocabulary import AddressKind, AskedPurpose, ClientKind, Decision, RequestType
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.registers import NOW, Registers, house, in_use

ERASURE = verdict(RequestType.ERASURE)
WITHDRAWAL = verdict(RequestType.CONSENT_WITHDRAWAL, purposes=(AskedPurpose.ALL,))
TRIAGE = verdict(RequestType.INQUIRY, decision=Decision.TRIAGE)
LEAK = verdict(RequestType.COMPLAINT, possible_breach=True)
FIRST = letter()
SAYS = (
    "SELECT uid, fate, message_id FROM sighting ORDER BY uid",
    (
        "SELECT id, reference, status, subject_id, duplicate_of_id, assurance, due_on,"
        " breach_decide_by FROM request ORDER BY id"
    ),
    "SELECT request_id, type, status, received_at, effective_at FROM request_item ORDER BY id",
    "SELECT id, request_id, fate, received_at FROM message ORDER BY id",
    (
        "SELECT kind, request_id, message_id, state, hold_reasons, answers_id FROM outbound_mail"
        " ORDER BY id"
    ),
    "SELECT address_index, purpose, since FROM suppression ORDER BY id",
    "SELECT client_id, purpose_id, kind, effective_at, message_id FROM consent_event ORDER BY id",
    "SELECT kind, summary, request_id, message_id, at FROM timeline_entry ORDER BY id",
    "SELECT action, targets, at FROM journal_entry ORDER BY id",
)


def _readings(ours: House) -> list[Reading]:
    """A request and all that may come right after it."""
    vault = ours.vault
    digest = vault.index(
        "content",
        "\0".join((str(FIRST.message_id), str(FIRST.from_address), FIRST.subject, FIRST.text)),
    )
    answer = acknowledgement_id(digest, vault.mail_id_key, ours.mail_domain)
    mari = "mari@example.com"
    found = [
        (FIRST, ERASURE),
        (FIRST, ERASURE),  # the same words in another folder
        (letter(text="Ja veel midagi."), ERASURE),  # the same Message-ID
        (letter(mari, message_id="<2@example.com>", subject="Re: NP-2026-0001"), WITHDRAWAL),
        (letter(mari, message_id="<3@example.com>", in_reply_to=(answer,)), LEAK),
        (letter(mari, message_id="<4@example.com>", text="Mõtlesin ümber."), WITHDRAWAL),
        (letter("jaan@example.org", message_id="<5@example.org>"), TRIAGE),
        (letter("jaan@example.org", message_id="<6@example.org>", text="Tere!"), verdict()),
        (letter("kai@d.example", message_id="<7@d.example>", bounced=(answer,)), verdict()),
    ]
    more = [
        (letter(mari, message_id=f"<{n}@example.com>", text=f"Palve {n}."), ERASURE)
        for n in range(20, 26)
    ]
    return [reading(*one) for one in found + more]


async def _written(
    ours: House, pairs: Sequence[tuple[Stored, Reading]], *, together: bool
) -> list[list[dict[str, Any]]]:
    if together:
        await receive_all(ours, pairs, now=NOW)
    else:
        for one in pairs:
            await receive(ours, *one, now=NOW)
    return [await rows(sql) for sql in SAYS]


@pytest.mark.parametrize("on", ["sqlite", "postgres"])
async def test_letters_of_one_commit_end_as_they_would_one_by_one(
    registers: Registers, tmp_path: Path, on: str
) -> None:
    ends = []
    for together in (True, False):
        folder = tmp_path / str(together)
        folder.mkdir()
        url = registers.sqlite(folder) if on == "sqlite" else registers.postgres()
        async with in_use(url):
            ours = house(erasure_log=folder / "erasure.log")
            mari = ClientRecord(
                external_id="C1",
                kind=ClientKind.NATURAL_PERSON,
                display_name="Mari",
                addresses=[AddressRecord(AddressKind.EMAIL, "mari@example.com")],
            )
            await upsert_client(ours, SYSTEM, record=mari, now=NOW)
            readings = _readings(ours)
            kept = [await stored(ours, uid) for uid in range(1, len(readings) + 1)]
            pairs = list(zip(kept, readings, strict=True))
            ends.append(await _written(ours, pairs, together=together))
    for one, other in zip(*ends, strict=True):
        assert one == other
    fates = [row["fate"] for row in ends[0][0]]
    assert fates[:7] == [
        "registered", "duplicate", "registered", "follow_up", "follow_up", "registered", "triage",
    ]  # fmt: skip
