"""The bytes of an IMAP answer as responses, and a response as values (RFC 3501 section 9).

Pure. Failure semantics: anything outside the grammar or over a cap is an
ImapProtocolError; the reader is unusable afterwards.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias

from mailbot.imap_errors import ImapProtocolError

LINE_CAP = 1_000_000
PARTS_CAP = 200
DEPTH_CAP = 20
CRLF = b"\r\n"
LITERAL = re.compile(rb"\{([0-9]{1,10})\}\Z")
# free text may end in braces, so a status line, a tagged line or "+" never opens a literal
MAY_HOLD_LITERAL = re.compile(rb"\* (?!(?:OK|NO|BAD|BYE|PREAUTH)\b)", re.IGNORECASE)
TOKEN = re.compile(
    r'(?P<space> +)|(?P<open>\()|(?P<close>\))|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    r'|(?P<atom>(?:\[[^\[\]]*\]|[^ ()"\x00-\x1f])+)',
    re.DOTALL,
)
INTERNAL_DATE = re.compile(
    rb"\s?([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})"
    rb" ([+-])([0-9]{2})([0-9]{2})"
)
MONTHS = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
NUMBER = re.compile(r"[0-9]{1,10}")

Part: TypeAlias = bytes | bytearray
# an atom is str, a quoted string or literal is bytes, a parenthesised list is a list
Value: TypeAlias = str | bytes | list["Value"]


class ResponseReader:
    """Cuts a byte stream into responses: a line, then literal and line in turn.

    Lines are `bytes` without CRLF, literals `bytearray`. Works in a loop, so the number
    of responses in one piece does not matter.
    """

    def __init__(self, literal_cap: int, line_cap: int = LINE_CAP) -> None:
        self._literal_cap = literal_cap
        self._line_cap = line_cap
        self._buffer = bytearray()
        self._searched = 0
        self._parts: list[Part] = []
        self._literal: int | None = None

    def feed(self, data: bytes) -> Iterator[list[Part]]:
        """Responses completed by `data`. Raises ImapProtocolError over a cap."""
        self._buffer += data
        while self._literal_done() and (line := self._line()) is not None:
            self._parts.append(line)
            self._literal = self._announced(line)
            if self._literal is None:
                parts, self._parts = self._parts, []
                yield parts

    def _literal_done(self) -> bool:
        if self._literal is None:
            return True
        if len(self._buffer) < self._literal:
            return False
        self._parts.append(self._buffer[: self._literal])
        del self._buffer[: self._literal]
        self._literal = None
        return True

    def _line(self) -> bytes | None:
        end = self._buffer.find(CRLF, self._searched)
        if (len(self._buffer) if end < 0 else end) > self._line_cap:
            raise ImapProtocolError("The IMAP server sent a line longer than allowed.")
        if end < 0:
            self._searched = max(0, len(self._buffer) - 1)
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._searched = 0
        return line

    def _announced(self, line: bytes) -> int | None:
        found = LITERAL.search(line)
        if not found or not MAY_HOLD_LITERAL.match(bytes(self._parts[0][:12])):
            return None
        size = int(found[1])
        held = size + sum(map(len, self._parts))
        most = self._literal_cap + self._line_cap
        if size > self._literal_cap or held > most or len(self._parts) > PARTS_CAP:
            raise ImapProtocolError("The IMAP server sent a letter larger than allowed.")
        return size


def responses(lines: Iterable[Part]) -> Iterator[list[Part]]:
    """The flat list of lines and literals of one answer, cut into its responses again."""
    parts: list[Part] = []
    after_literal = False
    for part in lines:
        is_literal = isinstance(part, bytearray)
        if parts and not is_literal and not after_literal:
            yield parts
            parts = []
        parts.append(part)
        after_literal = is_literal
    if parts:
        yield parts


def values(parts: list[Part]) -> list[Value]:
    """One response as nested values. Raises ImapProtocolError on broken grammar."""
    top: list[Value] = []
    stack = [top]
    for part in parts:
        if isinstance(part, bytearray):
            stack[-1].append(bytes(part))
        else:
            _tokens(LITERAL.sub(b"", part), stack)
    if len(stack) != 1:
        raise ImapProtocolError("The IMAP server left a bracket open.")
    return top


def _tokens(line: bytes, stack: list[list[Value]]) -> None:
    text = line.decode("latin-1")
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise ImapProtocolError("The IMAP server sent an answer that cannot be read.")
        place = found.end()
        if found.lastgroup == "open":
            if len(stack) > DEPTH_CAP:
                raise ImapProtocolError("The IMAP server nested an answer too deeply.")
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif found.lastgroup == "close":
            if len(stack) == 1:
                raise ImapProtocolError("The IMAP server closed a bracket that was not open.")
            stack.pop()
        elif found.lastgroup == "quoted":
            unescaped = re.sub(r"\\(.)", r"\1", found["quoted"], flags=re.DOTALL)
            stack[-1].append(unescaped.encode("latin-1"))
        elif found.lastgroup == "atom":
            stack[-1].append(found["atom"])


def number(value: Value | None) -> int | None:
    """An atom as a number of 32 bits, or None."""
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        return None
    found = int(value)
    return found if found < 2**32 else None


def fetched(lines: Iterable[Part]) -> dict[int, dict[str, Value]]:
    """Attributes by UID out of the answer to a UID FETCH; what has no UID is left out."""
    found: dict[int, dict[str, Value]] = {}
    for parts in responses(lines):
        if not _is_fetch(parts[0]):
            continue
        attributes = values(parts)[-1]
        if not isinstance(attributes, list):
            continue
        pairs = dict(_pairs(attributes))
        uid = number(pairs.get("UID"))
        if uid:
            found.setdefault(uid, {}).update(pairs)
    return found


def _is_fetch(line: Part) -> bool:
    words = bytes(line[:30]).split(b" ", 2)
    return len(words) == 3 and words[0].isdigit() and words[1].upper() == b"FETCH"


def _pairs(attributes: list[Value]) -> Iterator[tuple[str, Value]]:
    for name, value in zip(attributes[::2], attributes[1::2], strict=False):
        if isinstance(name, str):
            yield name.upper(), value


def searched(lines: Iterable[Part]) -> list[int]:
    """Numbers out of the answer to a SEARCH, ascending, each once."""
    found: set[int] = set()
    for parts in responses(lines):
        name, _, rest = bytes(parts[0]).partition(b" ")
        if name.upper() == b"SEARCH":
            numbers = (number(word.decode("latin-1")) for word in rest.split())
            found.update(value for value in numbers if value)
    return sorted(found)


def internal_date(value: Value | None) -> datetime | None:
    """INTERNALDATE in UTC, or None when it is no date."""
    found = INTERNAL_DATE.fullmatch(value) if isinstance(value, bytes) else None
    if not found or found[2].lower() not in MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-offset if found[7] == b"-" else offset)
        month = MONTHS.index(found[2].lower()) + 1
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def uid_set(uids: Iterable[int]) -> str:
    """A sequence set (RFC 3501 section 9) of ascending numbers, neighbours joined: 1:3,7."""
    ranges: list[list[int]] = []
    for uid in uids:
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(f"{a}:{b}" if b > a else str(a) for a, b in ranges)
