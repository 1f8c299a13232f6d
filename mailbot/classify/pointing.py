"""Consents pointed at instead of named: "the first and the third", "both", "the other two"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from mailbot.classify.turns import NAMED, THIN, Clause, Turn
from models.vocabulary import AskedPurpose

_EACH = tuple(p for p in AskedPurpose if p is not AskedPurpose.ALL)
_NEAR = 4  # sentences in which what is pointed at may stand
_FAR = 40  # sentences between an enumeration and what points at it

Purposes = tuple[AskedPurpose, ...]
Row = tuple[Purposes, ...]  # what is counted, and what each names


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, clause by clause; `listed` begins a line of a list, `inside` is more of it.

    `asks` when a list after it would answer: a question, or a heading of few words.
    """

    clauses: tuple[Clause, ...]
    withdraws: bool
    listed: bool = False
    inside: bool = False
    asks: bool = False

    def names(self, level: float = NAMED) -> Purposes:
        """Purposes named, whether they go or stay, as they come."""
        return _once(p for clause in self.clauses for p in clause.names(level))

    def ends(self) -> Purposes:
        """Purposes said to go."""
        return _of(clause for clause in self.clauses if clause.turn is Turn.ENDS)

    def may_go(self, level: float = NAMED) -> Purposes:
        """Purposes not said to stay."""
        return _of((clause for clause in self.clauses if clause.may_go), level)

    def stays(self) -> Purposes:
        """Purposes that may well stay."""
        return _of(clause for clause in self.clauses if clause.turn is Turn.STAYS)

    def keeps(self) -> Purposes:
        """Purposes that surely stay."""
        return _of(clause for clause in self.clauses if clause.firmly_stays)


@dataclass(frozen=True)
class Letter:
    """All sentences, and what they say together, gathered once."""

    said: Sequence[Said]

    @cached_property
    def ended(self) -> frozenset[AskedPurpose]:
        """Purposes that sentences which withdraw say to go."""
        return frozenset(p for one in self.said if one.withdraws for p in one.ends())

    @cached_property
    def kept(self) -> frozenset[AskedPurpose]:
        """Purposes that surely stay."""
        return frozenset(p for one in self.said for p in one.keeps())

    @cached_property
    def kept_numbers(self) -> frozenset[int]:
        """Places, in what was enumerated, of consents that stay."""
        clauses = (clause for one in self.said for clause in one.clauses)
        return _numbers(clause for clause in clauses if clause.turn is Turn.STAYS)


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a sentence points at, and what of the enumerated it leaves alone."""

    purposes: Purposes = ()
    left: Purposes = ()


def pointed(letter: Letter, place: int) -> Pointed:
    """What the sentence at `place` points at; nothing when it does not, or at nothing known."""
    said, here = letter.said, letter.said[place]
    going = [clause for clause in here.clauses if clause.turn is not Turn.STAYS]
    if chosen := _by_number(said, place):
        return chosen
    if not here.names() and any(
        one.listed and one.withdraws for one in said[place + 1 : place + 2]
    ):
        return Pointed()  # "my other consents:", and a list of them
    if any("rest" in clause.cues and clause.turn is Turn.ENDS for clause in going):
        return _others(letter, place)
    if count := max((clause.count for clause in going), default=0):
        return Pointed(() if len(letter.ended) >= count else _counted(said, place, count))
    if here.names():
        return Pointed()
    if gone := _list_before(said, place):
        return Pointed(gone)
    if any("following" in clause.cues for clause in going) and (listed := _after(said, place)):
        return Pointed(listed)
    return Pointed(_before(said, place))


def excepted(said: Sequence[Said], place: int) -> Purposes:
    """ "All but the newsletter", or the second: the others enumerated, or of all there are."""
    clauses = [clause for clause in said[place].clauses if clause.turn is Turn.EXCEPTED]
    if apart := _of(clauses):
        listed = enumerated(said, place)
        return _but_for(listed if set(apart) < set(listed) else _EACH, apart).purposes
    if not (numbers := _numbers(clauses)):
        return ()
    row = next((row for row in _rows(said, place) if len(row) >= max(2, *numbers)), ())
    return _but_for(_named(row), _named(_at(row, numbers))).purposes


def enumerated(said: Sequence[Said], place: int) -> Purposes:
    """The purposes enumerated last before a sentence, or in it."""
    if len(said[place].names()) > 1:
        return said[place].names()
    listed: Purposes = ()
    for one in reversed(said[max(0, place - _FAR) : place]):
        listed = _once((*one.names(), *listed))
        if len(one.names()) > 1 or (listed and not one.names()):
            break
    return listed


def _by_number(said: Sequence[Said], place: int) -> Pointed | None:
    """Numbers in a sentence that names consents itself may only label them, unless it ends one."""
    here = said[place]
    turns = (Turn.ENDS,) if here.names() else (Turn.ENDS, Turn.OPEN)
    going = (clause for clause in _unlabelled(here.clauses) if clause.turn in turns)
    if not (numbers := _numbers(going)):
        return None
    after = _each_apart(_once((*here.names(), *_after(said, place))))
    for row in (*_rows(said, place), after):
        if len(row) >= max(2, *numbers) and all(lines := _at(row, numbers)):
            gone = _named(lines)
            return Pointed(gone, _but_for(_named(row), gone).purposes)
    return None


def _rows(said: Sequence[Said], place: int) -> Iterator[Row]:
    """What may be counted: the lines of a list before a sentence, and what is enumerated."""
    if not said[place].listed and len(said[place].names()) < 2:
        yield _lines_before(said, place)
    yield _each_apart(enumerated(said, place))


def _lines_before(said: Sequence[Said], place: int) -> Row:
    lines: list[Purposes] = []
    for one in reversed(said[max(0, place - _FAR) : place]):
        if one.listed:
            lines.append(one.names())
        elif lines and not one.inside:
            break
    return tuple(reversed(lines)) if len(lines) < _FAR else ()


def _unlabelled(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Clauses but those that number what the next one names: "consent 2 (surveys)"."""
    for place, clause in enumerate(clauses):
        if not any(len(beside.names()) == 1 for beside in clauses[place + 1 : place + 2]):
            yield clause


def _others(letter: Letter, place: int) -> Pointed:
    """Those that are not said to stay, by name or by number."""
    row = next(filter(_named, _rows(letter.said, place)), ())
    numbered = _named(_at(row, letter.kept_numbers))
    return _but_for(_named(row), (*numbered, *letter.kept))


def _at(row: Row, numbers: frozenset[int]) -> Row:
    places = {number or len(row) for number in numbers}
    return tuple(names for n, names in enumerate(row, 1) if n in places)


def _named(row: Row) -> Purposes:
    return _once(p for names in row for p in names)


def _each_apart(purposes: Purposes) -> Row:
    return tuple((purpose,) for purpose in purposes)


def _but_for(listed: Iterable[AskedPurpose], apart: Sequence[AskedPurpose]) -> Pointed:
    return Pointed(tuple(p for p in listed if p not in apart), tuple(apart))


def _numbers(clauses: Iterable[Clause]) -> frozenset[int]:
    """Not "first, …", not "the second survey", not "for the second time" beside what is named."""
    return frozenset(
        number
        for clause in clauses
        if (clause.start or len(clause.forms) > 1) and not clause.names()
        for number in clause.ordinals
    )


def _counted(said: Sequence[Said], place: int, count: int) -> Purposes:
    """So many purposes: of the sentence, of one beside it, of those before it, of all around."""
    before, after = said[max(0, place - _NEAR) : place], said[place + 1 : place + 1 + _NEAR]
    for one, level in product((said[place], *before[-1:], *after[:1]), (NAMED, THIN)):
        if len(one.may_go(level)) >= count:
            return one.may_go(level)
    found: Purposes = ()
    for level in (NAMED, THIN):
        found = said[place].names(level)
        for one in (*reversed(before), *after):
            if len(found) < count:
                found = _once((*found, *one.may_go(level)))
        if len(found) >= count:
            break
    return found


def _list_before(said: Sequence[Said], place: int) -> Purposes:
    """ "These", after a list before which nothing was withdrawn: its lines that do not stay."""
    if not place or not said[place - 1].listed or any(one.withdraws for one in said[:place]):
        return ()
    stay = {purpose for one in said[:place] for purpose in one.stays()}
    return tuple(p for p in _named(_lines_before(said, place)) if p not in stay)


def _after(said: Sequence[Said], place: int) -> Purposes:
    """What is listed after "the following"."""
    found: Purposes = ()
    for one in said[place + 1 : place + 1 + _FAR]:
        if not one.may_go():
            break
        found = _once((*found, *one.may_go()))
    return found


def _before(said: Sequence[Said], place: int) -> Purposes:
    for one in reversed(said[max(0, place - 2) : place]):
        if found := one.may_go():
            return found
    return ()


def _of(clauses: Iterable[Clause], level: float = NAMED) -> Purposes:
    return _once(p for clause in clauses for p in clause.names(level))


def _once(purposes: Iterable[AskedPurpose]) -> Purposes:
    return tuple(dict.fromkeys(purposes))
