"""The lines of a letter that each speak for themselves: of a list, a table or a form.

A mark makes such a line ("2)", "iv.", "-"); so does a purpose named on a short line beside
another such line. Bounded: at most MAX_LINES lines are looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from mailbot.classify.boxes import left_empty
from mailbot.classify.normal import Sentence, words_of
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import Turn, clauses_of

MAX_LINES = 200

_LONG = 120  # characters of a line that may name a consent or go on from the one above
_SHORT_WORDS = 5
_LABEL = 36  # characters before the colon of a form
_LINE = re.compile(r"[^\n]+")
_FIRST = re.compile(r"[^\W_]")
_MARK = re.compile(
    r"[ \t]*(?:\(?(?:\d{1,2}|[^\W\d_]|[ivxIVX]{2,4})[.):](?=[ \t])"
    r"|[\[(][ _xXхХ✓✔]?[\])]|[☐☑☒✅]"
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
    follows: bool = False  # on the line above, which did not end there


def lines_apart(text: str, spans: Iterable[Span], language: str) -> tuple[list[Span], list[Span]]:
    """What stands round the lines that speak for themselves, and these without their marks.

    A line whose box was left empty is in neither.
    """
    around, items = [], []
    budget = MAX_LINES
    for start, end in spans:
        lines = list(islice(_lines(text, start, end, language), budget))
        budget -= len(lines)
        empty = left_empty(text, [(line.begins, line.end) for line in lines], language)
        apart = [n for n in range(len(lines)) if n in empty or _stands_apart(text, lines, n)]
        for place, stop in pairwise([*apart, len(lines)]):
            around.append((start, lines[place].begins))
            start = _end(text, lines[place:stop])
            if place not in empty:
                items.append((lines[place].start, start))
        around.append((start, end))
    return around, items


def _lines(text: str, start: int, end: int, language: str) -> Iterator[_Line]:
    """Lines with words in them."""
    for found in _LINE.finditer(text, start, end):
        begins, stops = found.span()
        mark = _MARK.match(text, begins, stops)
        first = _FIRST.search(text, mark.end() if mark else begins, stops)
        if first:
            yield _line(text, (begins, first.start(), stops), bool(mark), language)


def _line(text: str, places: tuple[int, int, int], marked: bool, language: str) -> _Line:
    begins, start, end = places
    if marked or end - start > _LONG:
        return _Line(start, end, begins, marked)
    words = tuple(words_of(text, start, end))
    clauses = clauses_of(Reading(Sentence(words)), language)
    named = {purpose for clause in clauses for purpose in clause.names()}
    label = re.search(r"[:?] | [-–—] ", text[start : min(end, start + _LABEL)])
    short = len(words) <= _SHORT_WORDS and len(named) == 1
    names = bool(named) and (short or label is not None)
    goes_on = text[start].islower() or start - begins > 1
    follows = goes_on and all(clause.turn is Turn.OPEN for clause in clauses)
    return _Line(start, end, begins, marked, names, follows)


def _stands_apart(text: str, lines: Sequence[_Line], place: int) -> bool:
    """A line with a mark, or one that names a consent as the line above or below does."""
    here = lines[place]
    if here.marked or not here.names:
        return here.marked
    above = [one for one in lines[max(0, place - 1) : place] if _next(text, one, here)]
    below = [one for one in lines[place + 1 : place + 2] if _next(text, here, one)]
    return any(one.names for one in (*above, *below))


def _end(text: str, lines: Sequence[_Line]) -> int:
    """Where the first line ends; what a mark begins may go on below."""
    first, *_ = lines
    end = first.end
    for upper, lower in pairwise(lines):
        if not (first.marked and lower.follows and _next(text, upper, lower)):
            break
        end = lower.end
    return end


def _next(text: str, upper: _Line, lower: _Line) -> bool:
    return text.count("\n", upper.end, lower.begins) == 1
