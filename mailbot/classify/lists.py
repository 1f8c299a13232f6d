"""The lines of a letter that each speak for themselves: of a list, a table or a form.

A mark makes such a line ("2)", "iv.", "-"); so does a purpose named on a short line beside
another such line. Bounded: at most MAX_LINES lines are looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mailbot.classify.normal import Sentence, words_of
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import clauses_of

MAX_LINES = 200

_SHORT = 80  # characters of a line that only names a consent
_SHORT_WORDS = 5
_LABEL = 36  # characters before the colon of a form
_LINE = re.compile(r"[^\n]+")
_FIRST = re.compile(r"[^\W_]")
_MARK = re.compile(
    r"[ \t]*(?:\(?(?:\d{1,2}|[^\W\d_]|[ivxIVX]{2,4})[.):](?=[ \t])"
    r"|(?:#\d|\d{1,2} [-–]|II|III|IV|[-*•–—+])(?=[ \t]))"
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int  # of its words, behind the mark
    end: int
    begins: int  # with the mark
    marked: bool
    names: bool = False  # a consent, shortly


def lines_apart(text: str, spans: Iterable[Span], language: str) -> tuple[list[Span], list[Span]]:
    """What stands round the lines that speak for themselves, and these without their marks."""
    around, items = [], []
    budget = MAX_LINES
    for start, end in spans:
        lines = list(_lines(text, start, end, language, budget))
        budget -= len(lines)
        for place, line in enumerate(lines):
            if line.marked or (line.names and _beside(text, lines, place)):
                around.append((start, line.begins))
                items.append((line.start, line.end))
                start = line.end
        around.append((start, end))
    return around, items


def _lines(text: str, start: int, end: int, language: str, most: int) -> Iterator[_Line]:
    """Lines with words in them."""
    found = (line.span() for line in _LINE.finditer(text, start, end))
    for begins, stops in found:
        mark = _MARK.match(text, begins, stops)
        first = _FIRST.search(text, mark.end() if mark else begins, stops)
        if first and most > 0:
            most -= 1
            names = not mark and _names(text[first.start() : stops], language)
            yield _Line(first.start(), stops, begins, bool(mark), names)


def _names(line: str, language: str) -> bool:
    """Whether a line says little but the name of a consent, or what a form asks."""
    if len(line) > _SHORT:
        return False
    words = tuple(words_of(line))
    named = {p for one in clauses_of(Reading(Sentence(words)), language) for p in one.names()}
    label = re.search(r"[:?] | [-–—] ", line[:_LABEL])
    return bool(named) and (label is not None or (len(words) <= _SHORT_WORDS and len(named) == 1))


def _beside(text: str, lines: Sequence[_Line], place: int) -> bool:
    """Whether the line above or below names a consent in the same way."""
    here = lines[place]
    above = [one for one in lines[max(0, place - 1) : place] if _next(text, one, here)]
    below = [one for one in lines[place + 1 : place + 2] if _next(text, here, one)]
    return any(one.names for one in (*above, *below))


def _next(text: str, upper: _Line, lower: _Line) -> bool:
    return text.count("\n", upper.end, lower.begins) == 1
