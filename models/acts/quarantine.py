"""A letter that could not be read three times: a person looks, and its clock runs meanwhile.

It may be a request like any other, so it is listed with the date it would be due on, its
original is handed out, and a person says what it asks for (models.acts.classify).
"""

from datetime import datetime

from models import deadlines
from models.acts.alarming import quarantined
from models.acts.alarms import OURS
from models.acts.work import Work, working
from models.database import is_postgres, rows
from models.house import House
from models.shapes import BOT
from models.tables import Message, RawLetter, Sighting
from models.vocabulary import Fate, TimelineKind

ATTEMPTS = 3  # then quarantine


async def failed(
    house: House, sighting_id: int, reason: str, *, now: datetime | None = None
) -> Fate:
    """Counts a failed attempt in its own commit; the third one is quarantine, told at once."""
    async with working(house, BOT, "intake", now=now) as work:
        lock = " FOR UPDATE" if is_postgres() else ""
        await rows(f"SELECT id FROM sighting WHERE id = ?{lock}", (sighting_id,))
        row = await Sighting.get(id=sighting_id)
        if row.fate is not Fate.STORED:
            return row.fate
        row.attempts += 1
        row.reason = reason[:80]
        if row.attempts >= ATTEMPTS:
            row.fate = Fate.QUARANTINED
            row.message_id = await _message(work, row)
            await quarantined(work)
            work.journal("letter.quarantine", [f"Message:{row.message_id}"])
        await row.save(update_fields=["attempts", "reason", "fate", "message_id"])
        return row.fate


async def not_given(house: House, *, now: datetime | None = None) -> None:
    """The mail server lists a letter it does not hand out: a person opens the mailbox."""
    async with working(house, BOT, "intake", now=now) as work:
        if await quarantined(work):
            work.journal("letter.quarantine", [])


async def _message(work: Work, sighting: Sighting) -> int:
    """The letter without a word of it; its bytes stay sealed beside it."""
    known = await Message.get_or_none(raw_letter_id=sighting.raw_letter_id)
    if known is not None:
        return known.id
    raw = await RawLetter.get(id=sighting.raw_letter_id)
    clock = deadlines.clock(sighting.received_at, work.house.zone)
    message = await Message.create(
        raw_letter_id=raw.id,
        sha256=raw.sha256,
        folder=sighting.folder,
        received_at=sighting.received_at,
        received_on=clock.received_on,
        due_on=clock.due_on,
        fate=Fate.QUARANTINED,
        language=OURS,
        confidence=0.0,
        read_at=work.now,
    )
    summary = "The letter could not be read: a person looks, the clock runs."
    work.note(TimelineKind.HELD, summary, message_id=message.id)
    return message.id
