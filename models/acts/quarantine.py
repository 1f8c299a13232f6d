"""Letters that cannot be read: counted, then put before a person, with the clock they would have.

The third failure makes a message without words, so that staff see it, fetch the original and
say what it asks for; the officer is told at once, once an hour when there are many.
"""

from models import deadlines
from models.acts.alarms import alarm
from models.acts.mailbox import Stored
from models.acts.work import Work, working
from models.house import House
from models.letters.facts import StaffAlarm
from models.shapes import BOT
from models.tables import Message, Sighting
from models.vocabulary import Fate, Language, ReadingFlag, TimelineKind

ATTEMPTS = 3  # then quarantine
REASON_MAX = 80


async def failed(house: House, stored: Stored, reason: str) -> Fate:
    """Counts a failed attempt in its own commit; the third one is quarantine."""
    async with working(house, BOT, "receive") as work:
        row = await Sighting.get(id=stored.sighting_id)
        if row.fate is not Fate.STORED:
            return row.fate
        row.attempts += 1
        row.reason = reason[:REASON_MAX]
        if row.attempts >= ATTEMPTS:
            row.fate = Fate.QUARANTINED
            row.message_id = await _unread(work, stored)
            await _tell(work, [f"Message:{row.message_id}"])
        await row.save(update_fields=["attempts", "reason", "fate", "message_id"])
        return row.fate


async def refused(house: House, count: int) -> None:
    """The mail server does not give so many letters: nothing of them is here to be shown."""
    async with working(house, BOT, "receive") as work:
        await _tell(work, [], refused=count)


async def _tell(work: Work, targets: list[str], refused: int = 0) -> None:
    await alarm(work, StaffAlarm.QUARANTINE, seed=f"{work.now:%Y-%m-%dT%H}")
    work.journal("letter.quarantine", targets, {"refused": refused} if refused else None)


async def _unread(work: Work, stored: Stored) -> int:
    """The letter as a message without words; the same bytes seen elsewhere are the same one."""
    known = await Message.get_or_none(raw_letter_id=stored.raw_letter_id)
    if known is not None:
        return known.id
    vault = work.house.vault
    clock = deadlines.clock(stored.received_at, work.house.zone)
    message = await Message.create(
        raw_letter_id=stored.raw_letter_id,
        header_sealed=vault.seal_json(
            "header", {"messageId": None, "from": None, "replyTo": [], "to": []}
        ),
        subject_sealed=vault.seal_text("subject", ""),
        text_sealed=vault.seal_text("text", ""),
        new_spans=[],
        sha256=stored.sha256,
        folder=stored.folder,
        received_at=stored.received_at,
        received_on=clock.received_on,
        due_on=clock.due_on,
        fate=Fate.QUARANTINED,
        flags=[ReadingFlag.HEADER_UNREADABLE.value],
        language=Language.ET,
        confidence=0.0,
        read_at=work.now,
    )
    work.note(
        TimelineKind.HELD,
        "A letter could not be read and waits for a person: the clock runs.",
        message_id=message.id,
    )
    return message.id
