"""What stands before a list is said of each of its lines: "keep:", "all but:"."""

from collections.abc import Sequence
from dataclasses import replace

from mailbot.classify.pointing import Said
from mailbot.classify.turns import Turn


def headed(said: Sequence[Said]) -> list[Said]:
    """Sentences with the turn of the heading on lines that say nothing but a name."""
    found: list[Said] = []
    heading, turn = 0, Turn.OPEN
    for one in said:
        if not one.listed:
            heading, turn = len(found), _turn_of_list(one)
        elif turn is not Turn.OPEN and _says_nothing(one):
            named = tuple(clause for clause in one.clauses if clause.names())
            one = _turned(one, Turn.STAYS)
            if turn is Turn.EXCEPTED:
                above = found[heading]
                apart = tuple(replace(clause, turn=turn) for clause in named)
                found[heading] = replace(above, clauses=(*above.clauses, *apart))
        found.append(one)
    return found


def _turn_of_list(heading: Said) -> Turn:
    """What a sentence says of the list after it, when it keeps or excepts."""
    last = heading.clauses[-1]
    points = last.names() or "rest" in last.cues
    return last.turn if last.turn in (Turn.STAYS, Turn.EXCEPTED) and not points else Turn.OPEN


def _says_nothing(line: Said) -> bool:
    return all(clause.turn is Turn.OPEN for clause in line.clauses)


def _turned(line: Said, turn: Turn) -> Said:
    clauses = (replace(one, turn=turn) if one.names() else one for one in line.clauses)
    return replace(line, clauses=tuple(clauses), withdraws=False)
