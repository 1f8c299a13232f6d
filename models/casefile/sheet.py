"""What the page of a case file is made of; everything in it is plain text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading with facts below it; `links` are (words, path inside the folder)."""

    heading: str
    facts: tuple[Fact, ...]
    text: str | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, in the order they happened."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the page; `note` stands above what it holds."""

    id: str
    title: str
    entries: tuple[Entry, ...] = ()
    table: Table | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the folder beside the page."""

    path: str
    content: bytes


def facts(*pairs: tuple[str, str | None]) -> tuple[Fact, ...]:
    """The pairs that say something."""
    return tuple((label, value) for label, value in pairs if value)


def joined(words: Iterable[str]) -> str:
    """Words of one fact."""
    return "; ".join(words)


def counted(what: Sequence[object], words: str) -> str:
    """E.g. `3 kirja`."""
    return f"{len(what)} {words}"
