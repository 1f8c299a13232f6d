"""Boxes to tick under a heading that withdraws: an empty one leaves its consent alone.

Nothing is made of boxes whose meaning is not plain: under another heading, with a legend,
several on a line, or beside what is said to stay.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from mailbot.classify.normal import Sentence, words_of
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import Clause, Turn, clauses_of

_LONG = 200  # characters of a line that are looked at
_TICKED = re.compile(r"\[[xXхХ✓✔]\]|\([xXхХ✓✔]\)|[☑☒✅]")
_EMPTY = re.compile(r"\[[ _]?\]|\([ _]?\)|☐")
_LEGEND = re.compile(r"[xXхХ✓✔☑☒✅\])][\])]?[\"'»”]? ?(?:=|means\b|tähendab\b|значит\b|означает\b)")

Span = tuple[int, int]


def left_empty(text: str, lines: Sequence[Span], language: str) -> frozenset[int]:
    """Which lines have an empty box, where others beside them are ticked to be withdrawn."""
    found: set[int] = set()
    heading = ""
    for boxed, group in groupby(enumerate(lines), lambda line: _boxes(text, line[1]) != (0, 0)):
        places = dict(group)
        pieces = [text[start:end] for start, end in places.values()]
        if not boxed:
            heading = pieces[-1]
        elif _withdraws(heading, language) and not any(_keeps(one, language) for one in pieces):
            found |= _unticked(text, places)
    return frozenset() if found and _LEGEND.search(text) else frozenset(found)


def _boxes(text: str, line: Span) -> tuple[int, int]:
    """How many are ticked, and how many empty."""
    ticked, empty = _TICKED.findall(text, *line), _EMPTY.findall(text, *line)
    return len(ticked), len(empty)


def _unticked(text: str, group: dict[int, Span]) -> set[int]:
    boxes = {place: _boxes(text, line) for place, line in group.items()}
    plain = set(boxes.values()) == {(0, 1), (1, 0)}
    return {place for place, counted in boxes.items() if plain and counted == (0, 1)}


def _withdraws(heading: str, language: str) -> bool:
    clauses = _clauses(heading, language)
    turns = {clause.turn for clause in clauses}
    meant = Turn.ENDS in turns and Turn.STAYS not in turns
    return meant and _cues(clauses).isdisjoint({"rest", "empty"})


def _keeps(line: str, language: str) -> bool:
    """ "I agree to surveys": ticked, it would stay."""
    clauses = _clauses(line, language)
    return "gave" in _cues(clauses) or any(clause.turn is Turn.STAYS for clause in clauses)


def _clauses(line: str, language: str) -> list[Clause]:
    words = tuple(words_of(line[:_LONG]))
    return clauses_of(Reading(Sentence(words)), language) if words else []


def _cues(clauses: Sequence[Clause]) -> frozenset[str]:
    return frozenset[str]().union(*(clause.cues for clause in clauses))
