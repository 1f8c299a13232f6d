"""Which words of a text are the writer's own new ones, and which are quoted or furniture.

Line by line, and rather too little cut than too much: a request that is cut away is
missed, a footer that stays is only noise. Offsets count Unicode code points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from mailbot import quote_words as words

MAX_LINE = 300  # longer lines are prose, never a separator or an attribution
MAX_SIGNATURE_LINES = 12
MAX_SIGNATURE_CHARS = 1200
MAX_SIGNATURES = 20
MAX_PARAGRAPH_LINES = 60
FEW_WORDS = 4  # a greeting, not a letter


class Kind(Enum):
    """What a line is."""

    NEW = "new"
    QUOTE = "quote"
    SIGNATURE = "signature"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Section:
    """A half-open range of the text, of one kind, without white space at its edges."""

    kind: Kind
    start: int
    end: int


def new_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open code-point ranges of `text` that hold the writer's own new words."""
    return tuple((s.start, s.end) for s in sections(text) if s.kind is Kind.NEW)


def sections(text: str) -> tuple[Section, ...]:
    """The whole text cut into sections; blank ones are left out."""
    return tuple(_sections(text, _Scan(text.split("\n")).kinds()))


def _sections(text: str, kinds: list[Kind]) -> Iterator[Section]:
    lines = text.split("\n")
    at = index = 0
    for kind, run in groupby(kinds):
        count = len(list(run))
        length = sum(map(len, lines[index : index + count])) + count
        block = text[at : at + length]
        if block.strip():
            lead = len(block) - len(block.lstrip())
            yield Section(kind, at + lead, at + lead + len(block.strip()))
        at, index = at + length, index + count


class _Scan:
    """One pass over the lines; `kind` is filled as it goes."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.kind = [Kind.QUOTE if self._is_quoted(i) else Kind.NEW for i in range(len(lines))]
        self.words_before = 0
        self.signatures_left = MAX_SIGNATURES

    def kinds(self) -> list[Kind]:
        index = 0
        while index < len(self.lines):
            index = self._step(index)
        return self.kind

    def _step(self, index: int) -> int:
        line = self.lines[index]
        if self.kind[index] is Kind.QUOTE or not line.strip():
            return index + 1
        if (end := self._quote_end(index)) > index:
            return self._mark(index, end, Kind.QUOTE)
        if words.MOBILE.match(line[:MAX_LINE]):
            return self._mark(index, index + 1, Kind.SIGNATURE)
        if self.words_before and (end := self._signature_end(index)) > index:
            return self._mark(index, end, Kind.SIGNATURE)
        if self.words_before and self._is_footer(index):
            return self._mark(index, self._paragraph_end(index), Kind.FOOTER)
        if not words.HEADER_LINE.match(line[:MAX_LINE]):  # a formal letter names both sides first
            self.words_before += len(line.split())
        return index + 1

    def _mark(self, start: int, end: int, kind: Kind) -> int:
        self.kind[start:end] = [kind] * (end - start)
        return end

    def _is_quoted(self, index: int) -> bool:
        line = self.lines[index].lstrip(" \t\u00a0")
        if not line.startswith(">"):
            return False
        if not line.startswith(">From "):  # else maybe the mailbox format's escape of "From "
            return True
        around = self.lines[max(0, index - 1) : index] + self.lines[index + 1 : index + 2]
        return any(neighbour.lstrip().startswith(">") for neighbour in around)

    def _quote_end(self, index: int) -> int:
        """Where the quote that begins at this line ends; `index` when none begins."""
        line = self.lines[index]
        if len(line) > MAX_LINE:
            return index
        if words.SEPARATOR.match(line) or self._opens_head(index):
            return self._forward_end(index)
        return self._attribution_end(index)

    def _forward_end(self, index: int) -> int:
        for at in range(index, len(self.lines)):
            if words.END_OF_FORWARD.match(self.lines[at][:MAX_LINE]):
                return at + 1
        return len(self.lines)

    def _opens_head(self, index: int) -> bool:
        """A quoted head: From with Sent, Date, To or Subject, after a rule or own words."""
        after_rule = words.RULE.match(self.lines[index]) is not None
        start = self._next_written(index + 1) if after_rule else index
        names = self._head(start)
        if "from" not in names[:2] or len(set(names)) < 2:
            return False
        if after_rule or "sent" in names:
            return True
        return self.words_before >= FEW_WORDS and names[0] in ("from", "date")

    def _head(self, start: int) -> list[str]:
        """Meanings of the header-like lines from `start` on; single blank lines may lie between."""
        names: list[str] = []
        at = start
        while at < len(self.lines) and len(names) < 8:
            match = words.HEADER_LINE.match(self.lines[at][:MAX_LINE])
            if match is None:
                break
            names.append(str(match.lastgroup))
            following = self.lines[at + 1 : at + 3]
            at += 2 if len(following) == 2 and not following[0].strip() else 1
        return names

    def _attribution_end(self, index: int) -> int:
        for count in (1, 2, 3):
            block = self.lines[index : index + count]
            if len(block) < count or not block[-1].strip():
                break
            line = " ".join(map(str.strip, block))
            if len(line) > MAX_LINE or not line.endswith(":"):
                continue
            end = index + count
            quoted = self._is_quote_at(self._next_written(end))
            if quoted and _introduces(line, alone=count == 1):
                return end
            if not quoted and _certainly_introduces(line):
                return len(self.lines)
        return index

    def _next_written(self, index: int) -> int:
        while index < len(self.lines) and not self.lines[index].strip():
            index += 1
        return index

    def _is_quote_at(self, index: int) -> bool:
        return index < len(self.lines) and self.kind[index] is Kind.QUOTE

    def _signature_end(self, index: int) -> int:
        """End of the signature after "-- " (RFC 3676 4.3); `index` when it is none, or too long."""
        if not self.signatures_left or not words.SIGNATURE.fullmatch(self.lines[index]):
            return index
        self.signatures_left -= 1
        end = index + 1
        last = min(len(self.lines), index + 4 * MAX_SIGNATURE_LINES)
        while end < last and not self._ends_signature(end):
            end += 1
        block = [line for line in self.lines[index:end] if line.strip()]
        fits = len(block) <= MAX_SIGNATURE_LINES and sum(map(len, block)) <= MAX_SIGNATURE_CHARS
        return end if fits else index

    def _ends_signature(self, index: int) -> bool:
        if self.kind[index] is Kind.QUOTE or words.POSTSCRIPT.match(self.lines[index][:MAX_LINE]):
            return True
        return self._quote_end(index) > index

    def _is_footer(self, index: int) -> bool:
        line = self.lines[index]
        if words.NEWSLETTER.match(line) or words.LINK_ROW.match(line[:MAX_LINE]):
            return True
        if not _footer_like(line):
            return False
        end = self._paragraph_end(index)
        paragraph = " ".join(self.lines[index:end])
        if words.FIRST_PERSON.search(paragraph):
            return False
        return bool(words.WRONG_READER.search(paragraph)) or self._nothing_new_after(end)

    def _paragraph_end(self, index: int) -> int:
        last = min(len(self.lines), index + MAX_PARAGRAPH_LINES)
        while index < last and self.lines[index].strip() and not self._is_quote_at(index):
            index += 1
        return index

    def _nothing_new_after(self, index: int) -> bool:
        at = self._next_written(index)
        return (
            at >= len(self.lines)
            or self._is_quote_at(at)
            or self._quote_end(at) > at
            or _footer_like(self.lines[at])
        )


def _footer_like(line: str) -> bool:
    return bool(words.FOOTER.match(line) or words.WRONG_READER_START.match(line))


def _introduces(line: str, *, alone: bool) -> bool:
    """The line before quoted lines says who wrote them."""
    if _certainly_introduces(line):
        return True
    if not alone or words.ASKING.search(line):
        return False
    telling = "@" in line or any(char.isdigit() for char in line)
    if words.ADDRESSED.search(line) and telling:
        return True
    return words.WROTE.search(line) is not None and len(line.split()) <= (25 if telling else 8)


def _certainly_introduces(line: str) -> bool:
    """So sure that even without quote marks all that follows is quoted."""
    if words.ASKING.search(line) or not any(char.isdigit() for char in line):
        return False
    dated = words.DATED_START.match(line) is not None
    if words.WROTE.search(line):
        return dated or "@" in line
    return dated and words.ADDRESSED.search(line) is not None and bool(words.TIME.search(line))
