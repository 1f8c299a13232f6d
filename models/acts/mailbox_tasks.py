"""The bot never deletes from the mailbox: each letter to be deleted is a task for people."""

from models.acts.work import Work
from models.tables import Attachment, DataSubjectRequest, FulfilmentTask, Message, Sighting
from models.vocabulary import DataCategory, TaskKind, TimelineKind

MAILBOX = "mailbox"


async def mailbox_tasks(work: Work, request: DataSubjectRequest) -> int:
    """One task for each letter of the case and folder it was seen in; returns how many are new.

    "Delete in folder X the letter with Message-ID Y": folder and id are sealed.
    """
    made = 0
    for message in await Message.filter(request_id=request.id).order_by("id"):
        made += await letter_task(work, request.id, message)
    if made:
        work.note(
            TimelineKind.TASK,
            f"Letters to delete in the mailbox by hand: {made}.",
            request_id=request.id,
        )
    return made


async def letter_task(work: Work, request_id: int, message: Message) -> bool:
    """The task of one letter; False when it stands, or the letter was erased before."""
    known = FulfilmentTask.filter(
        request_id=request_id, message_id=message.id, kind=TaskKind.DELETE_IN_MAILBOX
    )
    if not message.sha256 or await known.exists():  # blank once erased
        return False
    vault = work.house.vault
    header = vault.open_json("header", message.header_sealed) or {}
    seen = await Sighting.filter(message_id=message.id).order_by("id")
    folders = list(dict.fromkeys(one.folder for one in seen)) or [message.folder]
    detail = {
        "folders": folders,
        "messageId": header.get("messageId"),
        "receivedAt": message.received_at.isoformat(),
    }
    await FulfilmentTask.create(
        request_id=request_id,
        kind=TaskKind.DELETE_IN_MAILBOX,
        system=MAILBOX,
        category=DataCategory.COMMUNICATION,
        message_id=message.id,
        detail_sealed=vault.seal_json("task", detail),
        created_at=work.now,
    )
    return True


async def redacted_task(work: Work, request_id: int, message: Message) -> None:
    """The task of a letter of which a file was removed: the mailbox still has it whole."""
    removed = Attachment.filter(message_id=message.id, redacted_at__not_isnull=True)
    if await removed.exists() and await letter_task(work, request_id, message):
        work.note(
            TimelineKind.TASK,
            "Letters to delete in the mailbox by hand: 1.",
            request_id=request_id,
            message_id=message.id,
        )
