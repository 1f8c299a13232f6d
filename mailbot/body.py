"""The text of one message out of its parts, and which of it the writer wrote anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailbot import html, quotes
from mailbot.parts import Part, Tree
from models.vocabulary import ReadingFlag

MAX_TEXT = 1_000_000  # code points kept


@dataclass(frozen=True, slots=True)
class Body:
    """`spans` are half-open code-point ranges of `text` with the writer's own new words."""

    text: str
    spans: tuple[tuple[int, int], ...]
    flags: frozenset[ReadingFlag]


def is_body(part: Part) -> bool:
    """A part that is read as the letter itself, not as an attachment."""
    shown = part.disposition != "attachment" and not part.filename
    return shown and part.content_type in ("text/plain", "text/html")


def read_body(tree: Tree) -> Body:
    """Plain text first; HTML when there is no plain text, or appended when it says much else."""
    flags: set[ReadingFlag] = set()
    leaves = [part for part in tree.leaves if is_body(part)]
    plain = _joined((part for part in leaves if part.content_type == "text/plain"), flags)
    page = _joined((part for part in leaves if part.content_type == "text/html"), flags)
    sections = quotes.sections(plain)
    text = plain
    if page.strip() and (not plain.strip() or html.differs(plain, page)):
        if plain.strip():
            flags.add(ReadingFlag.HTML_DIFFERS)
        text, sections = _with_page(plain, sections, page, flags)
    kinds = {section.kind for section in sections}
    if quotes.Kind.QUOTE in kinds and quotes.Kind.NEW not in kinds:
        flags.add(ReadingFlag.ONLY_QUOTE)
    spans = tuple((s.start, s.end) for s in sections if s.kind is quotes.Kind.NEW)
    return Body(text, spans, frozenset(flags))


def _joined(parts: Iterable[Part], flags: set[ReadingFlag]) -> str:
    texts: list[str] = []
    room = MAX_TEXT
    for part in parts:
        text, flag = part.text()
        if flag is not None:
            flags.add(flag)
        if len(text) > room:
            flags.add(ReadingFlag.TRUNCATED)
        texts.append(text[:room])
        room -= len(texts[-1])
    return "\n".join(texts)


def _with_page(
    plain: str, sections: tuple[quotes.Section, ...], page: str, flags: set[ReadingFlag]
) -> tuple[str, tuple[quotes.Section, ...]]:
    read = html.read(page)
    if read.cut:
        flags.add(ReadingFlag.HTML_CUT)
    before = f"{plain.rstrip()}\n\n" if plain.strip() else ""
    shift = len(before)
    added = [
        quotes.Section(s.kind, s.start + shift, s.end + shift)
        for s in quotes.sections(_masked(read))
    ]
    return before + read.text, (*sections, *added)


def _masked(read: html.HtmlText) -> str:
    """Marked quotes as lines of ">", letter for letter, so that positions stay."""
    out: list[str] = []
    at = 0
    for start, end in read.quoted:
        out.append(read.text[at:start])
        out.extend(char if char == "\n" else ">" for char in read.text[start:end])
        at = end
    return "".join([*out, read.text[at:]])
