"""Folder names: modified UTF-7 (RFC 3501 section 5.1.3), quoting, and what a folder is for.

Pure.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from mailbot.imap_grammar import Part, Value, responses, values

PRINTABLE = re.compile(r"[ -~]+|[^ -~]+")
SHIFTED = re.compile(r"&([^-&]*)-")
NOT_SELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
SENT, DRAFTS, TRASH, ALL, JUNK = "\\sent", "\\drafts", "\\trash", "\\all", "\\junk"
NOT_WATCHED = (SENT, DRAFTS, TRASH, ALL)
COMMON_NAMES = {
    SENT: "sent|sent items|sent mail|sent messages|saadetud|saadetud kirjad|saadetud üksused"
    "|отправленные|отправленные элементы",
    DRAFTS: "draft|drafts|mustand|mustandid|черновик|черновики",
    TRASH: "trash|bin|deleted|deleted items|deleted messages|prügikast|prügi|kustutatud"
    "|kustutatud kirjad|kustutatud üksused|корзина|удаленные|удалённые",
    ALL: "all mail|kõik kirjad|вся почта",
    JUNK: "junk|spam|junk e-mail|junk email|bulk mail|rämpspost|rämps|спам|нежелательная почта",
}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One folder: `name` for people, `wire` in modified UTF-7, `flags` in lower case."""

    name: str
    wire: str
    flags: frozenset[str] = frozenset()
    delimiter: str = ""

    @property
    def is_junk(self) -> bool:
        r"""Marked \Junk (RFC 6154), or named so in Estonian, English or Russian."""
        return JUNK in self.flags or self.is_called(JUNK)

    @property
    def is_selectable(self) -> bool:
        """Can hold letters."""
        return not self.flags & NOT_SELECTABLE

    def is_called(self, role: str) -> bool:
        """The last part of the name is a common one for `role`."""
        last = self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name
        return last.strip().casefold() in COMMON_NAMES[role].split("|")


def encoded(name: str) -> str:
    """A folder name as it goes over the wire."""
    runs = PRINTABLE.findall(name)
    return "".join(r.replace("&", "&-") if " " <= r[0] <= "~" else _shift(r) for r in runs)


def decoded(wire: str) -> str:
    """A folder name as people read it; what is no modified UTF-7 stays as it is."""
    try:
        return SHIFTED.sub(lambda m: _unshift(m[1]) if m[1] else "&", wire)
    except ValueError:
        return wire


def _shift(run: str) -> str:
    coded = b64encode(run.encode("utf-16-be", "surrogatepass")).decode("ascii")
    return f"&{coded.rstrip('=').replace('/', ',')}-"


def _unshift(coded: str) -> str:
    padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
    return b64decode(padded, validate=True).decode("utf-16-be")


def quoted(text: str) -> str:
    """A quoted string; `text` must be ASCII without control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def listed(lines: Iterable[Part]) -> list[Mailbox]:
    """Folders out of the answer to a LIST (RFC 3501 section 7.2.2)."""
    return [
        mailbox
        for parts in responses(lines)
        if bytes(parts[0][:5]).upper() == b"LIST " and (mailbox := _mailbox(values(parts)))
    ]


def _mailbox(row: list[Value]) -> Mailbox | None:
    if len(row) < 4 or not isinstance(row[1], list):
        return None
    flags = frozenset(flag.lower() for flag in row[1] if isinstance(flag, str))
    delimiter = _text(row[2]) if isinstance(row[2], bytes) else ""
    wire = _text(row[3])
    if not wire or not wire.isascii() or not wire.isprintable():
        # a raw UTF-8 name is outside the grammar and cannot be asked for safely
        return None
    return Mailbox(decoded(wire), wire, flags, delimiter)


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def watched(mailboxes: Iterable[Mailbox]) -> list[Mailbox]:
    """Every selectable folder but Sent, Drafts, Trash and All; Junk stays in.

    Attributes (RFC 6154) decide; common names only for a purpose no folder is marked with.
    """
    every = list(mailboxes)
    marked = frozenset().union(*(mailbox.flags for mailbox in every))
    return [m for m in every if m.is_selectable and not _is_put_aside(m, marked)]


def _is_put_aside(mailbox: Mailbox, marked: frozenset[str]) -> bool:
    return any(
        role in mailbox.flags or (role not in marked and mailbox.is_called(role))
        for role in NOT_WATCHED
    )
