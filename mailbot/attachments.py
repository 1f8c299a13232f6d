"""The attachments of a letter, with what could be read out of them."""

import hashlib
import re
from dataclasses import dataclass

from mailbot import documents
from mailbot.body import is_body
from mailbot.parts import Part, Tree, decoded, first, split_header
from models.shapes import Attachment
from models.vocabulary import ReadingFlag

MAX_ATTACHMENTS = 200
MAX_READ = 20  # documents looked into; the others are a person's
MAX_BYTES_READ = 30 * 1024 * 1024

SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
REPORT_PARTS = frozenset(
    {
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/rfc822-headers",
    }
)
PATH = re.compile(r"[\\/]")


@dataclass(frozen=True, slots=True)
class Attachments:
    """In the order of the letter."""

    items: tuple[Attachment, ...]
    flags: frozenset[ReadingFlag]


def read_attachments(tree: Tree, *, look_inside: bool = True) -> Attachments:
    """Lists every part that is not the letter itself; `look_inside` reads the documents too."""
    flags: set[ReadingFlag] = set()
    items: list[Attachment] = []
    reads, room = MAX_READ, MAX_BYTES_READ
    for part in tree.leaves:
        if is_body(part):
            continue
        if len(items) >= MAX_ATTACHMENTS:
            flags.add(ReadingFlag.TOO_MANY_PARTS)
            break
        content = part.content
        room -= len(content)
        inside = look_inside and reads > 0 and room >= 0 and not _is_furniture(part)
        reads -= inside
        items.append(_attachment(part, content, len(items) + 1, flags, look_inside=inside))
    return Attachments(tuple(items), frozenset(flags))


def _attachment(
    part: Part, content: bytes, number: int, flags: set[ReadingFlag], *, look_inside: bool
) -> Attachment:
    name = _name(part, content, number)
    found = documents.Extract(None, documents.is_container(name, part.content_type), complete=False)
    if look_inside:
        found = documents.extract(content, name, part.content_type)
    flags |= _flags(part, name, found)
    return Attachment(
        name=name,
        media_type=part.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        text=found.text,
    )


def _flags(part: Part, name: str, found: documents.Extract) -> set[ReadingFlag]:
    flags: set[ReadingFlag] = set()
    if found.signed:
        flags.add(ReadingFlag.SIGNED_CONTAINER)
    if part.container == "report" or _is_furniture(part):
        return flags
    if part.content_type == "message/rfc822" or documents.MAIL_NAME.search(name):
        flags.add(ReadingFlag.FORWARDED_MESSAGE)
    if not found.complete:
        flags.add(ReadingFlag.ATTACHMENT_UNREAD)
    return flags


def _is_furniture(part: Part) -> bool:
    """Signatures over the letter, parts of a report, and pictures shown inside the text."""
    if part.content_type in SIGNATURES or part.content_type in REPORT_PARTS:
        return True
    shown = part.disposition == "inline" or bool(first(part.fields, "content-id"))
    shown = shown or part.container == "related"
    return part.content_type.startswith("image/") and shown and part.disposition != "attachment"


def _name(part: Part, content: bytes, number: int) -> str:
    """A label only: no path, no control characters."""
    name = PATH.split(part.filename)[-1].strip()
    if not name and part.content_type == "message/rfc822":
        fields, _, _ = split_header(content, 0, min(len(content), 65_536))
        subject = PATH.sub(" ", decoded(first(fields, "subject")))[:200].strip()
        name = f"{subject}.eml" if subject else ""
    return name or f"attachment-{number}"
