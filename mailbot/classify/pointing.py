"""Consents pointed at instead of named: "the first and the third", "both", "the other two"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailbot.classify.turns import Clause, Turn
from models.vocabulary import AskedPurpose

_NEAR = 4  # sentences in which what is pointed at may stand

Purposes = tuple[AskedPurpose, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, clause by clause."""

    clauses: tuple[Clause, ...]
    withdraws: bool
    in_subject: bool

    @property
    def names(self) -> Purposes:
        """Purposes named, whether they go or stay, as they come."""
        return _once(p for clause in self.clauses for p in clause.names)

    def turned(self, turn: Turn) -> Purposes:
        """Purposes named in clauses of one turn."""
        return _once(p for clause in self.clauses if clause.turn is turn for p in clause.names)


def pointed(said: Sequence[Said], place: int) -> Purposes:
    """What the sentence at `place` points at; nothing when it does not, or at nothing known."""
    here = said[place]
    going = [clause for clause in here.clauses if clause.turn is not Turn.STAYS]
    if numbers := frozenset(n for clause in going if _numbers(clause) for n in clause.ordinals):
        listed = enumerated(said, place)
        if len(listed) >= max(max(numbers), 2):
            return tuple(p for n, p in enumerate(listed, 1) if n in numbers)
    if any("rest" in clause.cues and clause.turn is Turn.ENDS for clause in going):
        stay = {p for one in said for p in one.turned(Turn.STAYS)}
        return tuple(p for p in enumerated(said, place) if p not in stay)
    if count := max((clause.count for clause in going), default=0):
        ended = _once(p for one in said if one.withdraws for p in one.turned(Turn.ENDS))
        return () if len(ended) >= count else _counted(said, place, count)
    if here.names:
        return ()
    return _before(said, place, 2 if any("points" in clause.cues for clause in going) else 1)


def _numbers(clause: Clause) -> bool:
    """Not "first, …" and not "the second survey"."""
    if clause.start == 0 and len(clause.forms) == 1:
        return False
    return not clause.names or len(clause.names) > 1


def enumerated(said: Sequence[Said], place: int) -> Purposes:
    """The purposes enumerated last before a sentence, or in it."""
    if len(said[place].names) > 1:
        return said[place].names
    listed: Purposes = ()
    for one in reversed(said[:place]):
        if one.names:
            listed = _once((*one.names, *listed))
        if len(one.names) > 1 or (listed and not one.names):
            break
    return listed


def _counted(said: Sequence[Said], place: int, count: int) -> Purposes:
    """So many purposes: of the sentence, of one beside it, of those before it, of all around."""
    before, after = said[max(0, place - _NEAR) : place], said[place + 1 : place + 1 + _NEAR]
    for one in (said[place], *before[-1:], *after[:1]):
        if len(one.turned(Turn.ENDS) + one.turned(Turn.OPEN)) >= count:
            return _once(one.turned(Turn.ENDS) + one.turned(Turn.OPEN))
    found: Purposes = said[place].names
    for one in (*reversed(before), *after):
        if len(found) >= count:
            break
        found = _once((*found, *one.turned(Turn.ENDS), *one.turned(Turn.OPEN)))
    return found


def _before(said: Sequence[Said], place: int, far: int) -> Purposes:
    for one in reversed(said[max(0, place - far) : place]):
        if found := _once(one.turned(Turn.ENDS) + one.turned(Turn.OPEN)):
            return found
    return ()


def _once(purposes: Iterable[AskedPurpose]) -> Purposes:
    return tuple(dict.fromkeys(purposes))
