"""What the bot and its reading child say to each other; imports little, for both load it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.headers import OwnMail
from models.shapes import Reading

MEMORY = 400 * 1024 * 1024  # bytes the child may grow by once everything is loaded
LENGTH = 4
READY = b""  # the child's first frame: everything is loaded


@dataclass(frozen=True, slots=True)
class Task:
    """What the child needs for one letter."""

    raw: bytes
    folder: str
    received_at: datetime
    seen_at: datetime
    truncated: bool
    in_junk: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How the child reads: told once, at its start. `anchors` are certificates in DER."""

    own: OwnMail
    acknowledge_unauthenticated: bool
    late_hours: int
    anchors: tuple[bytes, ...] = ()
    memory: int = MEMORY
    seconds: float = 10.0


def with_contents(reading: Reading, contents: Sequence[bytes]) -> Reading:
    """The same reading with these contents of its attachments, in their order."""
    pairs = zip(reading.letter.attachments, contents, strict=True)
    attachments = tuple(replace(one, content=content) for one, content in pairs)
    return replace(reading, letter=replace(reading.letter, attachments=attachments))
