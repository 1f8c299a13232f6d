"""Retention carried out: what has been kept long enough leaves the register (law notes, 6).

In portions, each its own transaction with its journal row; a stop in between leaves nothing
half-done, and the next run goes on. The journal is cut at a seal, and the cut is journalled.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from models.acts.due import Due, due, going, still_due
from models.acts.mailbox_tasks import mailbox_tasks
from models.acts.seals import CUT, misfits_until, proof_of_cut
from models.acts.wiping import loose_letters, wipe, wipe_cases, wipe_client, wipe_letters
from models.acts.work import Work, working
from models.database import rows
from models.house import House
from models.retention import Record
from models.shapes import SYSTEM, Actor
from models.tables import (
    AccessPackage,
    Client,
    DataSubjectRequest,
    IdempotencyKey,
    JournalSeal,
)
from models.vocabulary import TimelineKind

log = logging.getLogger(__name__)

PORTION = 200
NOUNS = {
    Record.CLIENT: "Client",
    Record.CASE: "DataSubjectRequest",
    Record.LETTER_OTHER: "Message",
    Record.TRIAGE_OTHER: "Message",
    Record.QUARANTINE: "RawLetter",
    Record.PACKAGE: "AccessPackage",
    Record.ANSWER: "IdempotencyKey",
    Record.STAFF_LETTER: "OutboundMail",
    Record.JOURNAL: "JournalSeal",
}


async def plan(house: House, now: datetime) -> list[Due]:
    """Everything whose time is up; a part of the journal that does not fit stays as evidence."""
    found = await due(house, now)
    numbers = going(found, Record.JOURNAL)
    if not numbers:
        return found
    problems = await misfits_until(house.vault, max(numbers))
    if not problems:
        return found
    why = f"it is evidence, {problems[0]}"
    return [replace(one, stays=why) if one.record is Record.JOURNAL else one for one in found]


async def purge(house: House, actor: Actor = SYSTEM, *, now: datetime | None = None) -> list[Due]:
    """Takes out everything that is due; returns all that was due, with what stayed."""
    moment = now or datetime.now(UTC)
    found = await plan(house, moment)
    for record, act in ACTS.items():
        ids = going(found, record)
        for first in range(0, len(ids), PORTION):
            part = ids[first : first + PORTION]
            async with working(house, actor, "purge", now=moment) as work:
                part = await still_due(house, record, part, moment)
                if not part:
                    continue
                await act(work, part)
                targets = [f"{NOUNS[record]}:{one}" for one in part]
                work.journal(f"purge.{record.value}", targets, {"count": len(part)})
    log.info("retention: %d rows taken out", sum(one.stays is None for one in found))
    return found


async def _clients(work: Work, ids: Sequence[int]) -> None:
    for client in await Client.filter(id__in=list(ids), erased_at=None).order_by("id"):
        letters = await wipe_letters(await loose_letters(client.id))
        await wipe_client(work, client, letters)


async def _cases(work: Work, ids: Sequence[int]) -> None:
    for request in await DataSubjectRequest.filter(id__in=list(ids)).order_by("id"):
        await mailbox_tasks(work, request)
        summary = "The case was kept long enough: its words left the register."
        work.note(TimelineKind.ERASED, summary, request_id=request.id)
    await wipe_cases(work, ids)


async def _letters(work: Work, ids: Sequence[int]) -> None:
    await wipe_letters(ids)


async def _quarantined(work: Work, ids: Sequence[int]) -> None:
    await wipe("raw_letter", "id", ids)
    await wipe("message", "raw_letter_id", ids)


async def _packages(work: Work, ids: Sequence[int]) -> None:
    await AccessPackage.filter(id__in=list(ids)).update(
        content_sealed=None, passphrase_sealed=None, removed_at=work.now
    )


async def _answers(work: Work, ids: Sequence[int]) -> None:
    await IdempotencyKey.filter(id__in=list(ids)).delete()


async def _staff_letters(work: Work, ids: Sequence[int]) -> None:
    """Their Message-IDs stay: nobody is told the same matter twice."""
    await wipe("outbound_mail", "id", ids)


async def _journal(work: Work, numbers: Sequence[int]) -> None:
    """Cuts at the newest of these seals; it stays as the checkpoint the chain begins with."""
    checkpoint = await JournalSeal.get(number=max(numbers))
    await rows("DELETE FROM journal_entry WHERE id <= ?", [checkpoint.last_entry_id])
    await JournalSeal.filter(number__lt=checkpoint.number).delete()
    work.journal(
        CUT,
        [f"JournalSeal:{checkpoint.number}"],
        {
            "seal": checkpoint.number,
            "entry": checkpoint.last_entry_id,
            "proof": proof_of_cut(work.house.vault, checkpoint.number),
        },
    )


ACTS: dict[Record, Callable[[Work, Sequence[int]], Awaitable[None]]] = {
    Record.CLIENT: _clients,
    Record.CASE: _cases,
    Record.LETTER_OTHER: _letters,
    Record.TRIAGE_OTHER: _letters,
    Record.QUARANTINE: _quarantined,
    Record.PACKAGE: _packages,
    Record.ANSWER: _answers,
    Record.STAFF_LETTER: _staff_letters,
    Record.JOURNAL: _journal,
}
