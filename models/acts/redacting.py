"""A copy of an identity document is noted and removed, from the stored letter too (law 3).

Nobody asks for one; when one arrives, its digest stays and the picture goes. The bot deletes
nothing in the mailbox, so a person is told where the letter still lies.
"""

from datetime import datetime
from typing import cast

from models.acts.mailbox_tasks import redacted_task
from models.acts.standing import check
from models.acts.work import Work, working
from models.cutting import without
from models.guards import reasoned, refuse
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import Attachment, Message, RawLetter
from models.vocabulary import ErrorCode, TimelineKind


async def redact_attachment(
    house: House,
    actor: Actor,
    *,
    attachment_id: int,
    version: int,
    note: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Removes the content of a file that came with a letter; `version` is the letter's.

    Where it cannot be cut out of the raw letter cleanly, all raw bytes go; the read text
    stays. Refused with NOT_FOUND, STALE_VERSION, REASON_REQUIRED without a note, CONFLICT
    when it was removed before.
    """
    operation = "messageRedactAttachment"
    async with working(house, actor, operation, now=now, call_id=call_id) as work:
        found = await _present(attachment_id)
        check(reasoned(note, "note"))
        changed = await Message.filter(id=found.message_id, version=version).update(
            version=version + 1
        )
        if not changed:
            message = "Somebody changed this letter meanwhile: read it again."
            check(refuse(ErrorCode.STALE_VERSION, message, "version"))
        letter = await Message.get(id=found.message_id)
        await _cut(house, letter, found)
        await Attachment.filter(id=found.id).update(content_sealed=None, redacted_at=work.now)
        await _note(work, letter, note)
        targets = [f"Attachment:{found.id}", f"Message:{letter.id}"]
        work.journal("message.redactAttachment", targets)
    return ActResult(message_id=letter.id, request_id=letter.request_id)


async def _present(attachment_id: int) -> Attachment:
    found = await Attachment.get_or_none(id=attachment_id)
    if found is None:
        check(refuse(ErrorCode.NOT_FOUND, "No such file.", "attachmentId"))
    found = cast(Attachment, found)
    if found.content_sealed is None:
        check(refuse(ErrorCode.CONFLICT, "The file was removed already.", "attachmentId"))
    return found


async def _cut(house: House, letter: Message, file: Attachment) -> None:
    stored = await RawLetter.get(id=letter.raw_letter_id)
    if stored.sealed is None or file.content_sealed is None:
        return
    content = house.vault.open("attachment", file.content_sealed)
    left = without(house.vault.open("raw", stored.sealed), content)
    sealed = None if left is None else house.vault.seal("raw", left)
    await RawLetter.filter(id=stored.id).update(sealed=sealed)


async def _note(work: Work, letter: Message, note: str) -> None:
    work.note(
        TimelineKind.NOTE,
        "A file of a letter was looked at and removed; its digest stays.",
        request_id=letter.request_id,
        message_id=letter.id,
        detail={"text": note},
    )
    if letter.request_id is not None:
        await redacted_task(work, letter.request_id, letter)
