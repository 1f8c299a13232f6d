"""Letters and files of one person: database -> dossier, and the contents the ZIP carries.

The letters of the person's cases, and others from an address that is the person's alone:
what came from a shared address may be somebody else's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tortoise.expressions import Q

from models.house import House
from models.package.archive import Packed
from models.package.dossier import Enclosed, LetterIn, LetterOut
from models.package.gather import Censor, Subject
from models.tables import Attachment, CaseFile, Message, OutboundMail
from models.vocabulary import DataCategory

_SAFE_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")


@dataclass
class Shelf:
    """Contents under numbered paths; a name outside the encryption must say nothing."""

    files: list[Packed] = field(default_factory=list)

    def put(self, name: str, content: bytes) -> str:
        """The path under which the content lies in the archive."""
        ending = _SAFE_ENDING.search(name)
        number = len(self.files) + 1
        path = f"files/{number:03d}{'.' + ending.group(1).lower() if ending else ''}"
        self.files.append(Packed(path, content))
        return path


async def messages_of(subject: Subject, request_ids: Sequence[int]) -> list[Message]:
    """Letters to us, the oldest first."""
    own = Q(request_id__in=list(request_ids))
    if subject.sole_indexes:
        own |= Q(from_index__in=list(subject.sole_indexes), request_id=None)
    return await Message.filter(own).order_by("received_at", "id").prefetch_related("request")


async def letters_in(
    house: House, subject: Subject, messages: Iterable[Message], censor: Censor, shelf: Shelf
) -> tuple[LetterIn, ...]:
    """Their words without other people's data, and the files that came with them."""
    found = []
    for message in messages:
        header = house.vault.open_json("header", message.header_sealed) or {}
        is_own = message.from_index in subject.indexes
        found.append(
            LetterIn(
                received_at=message.received_at,
                sender=censor(header.get("from")),
                is_own=is_own,
                subject=censor(house.vault.open_text("subject", message.subject_sealed)),
                text=censor(house.vault.open_text("text", message.text_sealed)),
                reference=message.request.reference if message.request else None,
                attachments=await _attachments(house, message.id, is_own, censor, shelf),
            )
        )
    return tuple(found)


async def _attachments(
    house: House, message_id: int, is_own: bool, censor: Censor, shelf: Shelf
) -> tuple[Enclosed, ...]:
    found = []
    for one in await Attachment.filter(message_id=message_id).order_by("id"):
        name = house.vault.open_text("attachment-name", one.name_sealed) or "file"
        path = None
        # what somebody else enclosed may speak of anybody: only its name is told
        if one.content_sealed is not None and is_own:
            path = shelf.put(name, house.vault.open("attachment", one.content_sealed))
        found.append(
            Enclosed(
                name=censor(name) or "",
                category=DataCategory.COMMUNICATION,
                is_provided=is_own,
                size=one.size,
                sha256=one.sha256,
                path=path,
            )
        )
    return tuple(found)


async def letters_out(
    house: House, request_ids: Sequence[int], censor: Censor
) -> tuple[LetterOut, ...]:
    """Letters of ours about the person's cases."""
    found = (
        await OutboundMail.filter(request_id__in=list(request_ids))
        .order_by("id")
        .prefetch_related("request")
    )
    vault = house.vault
    return tuple(
        LetterOut(
            queued_at=mail.queued_at,
            sent_at=mail.sent_at,
            kind=mail.kind,
            state=mail.state,
            to=censor(vault.open_text("to", mail.to_sealed)),
            subject=censor(vault.open_text("out-subject", mail.subject_sealed)),
            text=censor(vault.open_text("out-text", mail.text_sealed)),
            reference=mail.request.reference if mail.request else None,
        )
        for mail in found
    )


async def staff_files(
    house: House, request_id: int, shelf: Shelf, wanted: Callable[[DataCategory, bool], bool]
) -> tuple[Enclosed, ...]:
    """What colleagues added to the case; `wanted` says which, by category and by provision."""
    found = []
    for one in await CaseFile.filter(request_id=request_id, removed_at=None).order_by("id"):
        if one.content_sealed is None or not wanted(one.category, one.is_provided):
            continue
        name = house.vault.open_text("file-name", one.name_sealed) or "file"
        path = shelf.put(name, house.vault.open("file", one.content_sealed))
        found.append(Enclosed(name, one.category, one.is_provided, one.size, one.sha256, path))
    return tuple(found)
