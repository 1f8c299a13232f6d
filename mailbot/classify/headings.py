"""What stands before a list is said of each of its lines ("keep:", "all but:", "withdraw?"), and
each line may answer for itself: "surveys: no".
"""

from collections.abc import Iterable
from dataclasses import replace

from mailbot.classify.pointing import Said
from mailbot.classify.turns import Clause, Turn

_YES = {"yes": Turn.STAYS, "no": Turn.ENDS}
_NO = {"yes": Turn.ENDS, "no": Turn.STAYS}  # to "which do you withdraw?"
_ANSWER = 2  # words of it at most, the name not counted


def headed(said: Iterable[Said]) -> list[Said]:
    """Sentences with the turn of the heading on lines that say nothing but a name."""
    found: list[Said] = []
    heading, turn, answers = 0, Turn.OPEN, _YES
    for one in said:
        if one.listed:
            own = _own_turn(one, answers)
            if turn is not Turn.OPEN and _says_nothing(one) and own is Turn.OPEN:
                own = Turn.STAYS
                if turn is Turn.EXCEPTED:
                    found[heading] = _excepting(found[heading], one)
            one = _turned(one, own)
        elif not one.inside:
            heading, turn, answers = len(found), _turn_of_list(one), _answers(one)
        found.append(one)
    return found


def _turn_of_list(heading: Said) -> Turn:
    """What a sentence says of the list after it, when it keeps or excepts."""
    last = heading.clauses[-1]
    points = last.names() or "rest" in last.cues
    return last.turn if last.turn in (Turn.STAYS, Turn.EXCEPTED) and not points else Turn.OPEN


def _answers(heading: Said) -> dict[str, Turn]:
    """What yes and no mean after a heading; nothing sure after "I withdraw my consents:"."""
    ends = any(clause.turn is Turn.ENDS for clause in heading.clauses) and not heading.names()
    if not ends or any("part" in clause.cues for clause in heading.clauses):
        return _YES
    return _NO if heading.asks else {}


def _own_turn(line: Said, answers: dict[str, Turn]) -> Turn:
    """What a line says of the consent it names first, when nothing else is said or named."""
    first, *others = line.clauses
    if not first.names() or any(clause.names() for clause in others):
        return Turn.OPEN
    turn = _answer(others[0] if others else first, answers)
    if turn is Turn.OPEN and others and first.turn is Turn.OPEN:
        turn = others[0].turn
    sure = turn in (Turn.STAYS, Turn.ENDS) and all(c.turn in (Turn.OPEN, turn) for c in others[1:])
    return turn if sure else Turn.OPEN


def _answer(clause: Clause, answers: dict[str, Turn]) -> Turn:
    """ "Yes" and "no"; but "not ok" is no yes."""
    if len(clause.forms) <= _ANSWER + bool(clause.names()):
        if "no" in clause.cues:
            return answers.get("no", Turn.OPEN)
        if "yes" in clause.cues and clause.turn is not Turn.ENDS:
            return answers.get("yes", Turn.OPEN)
    return Turn.OPEN


def _says_nothing(line: Said) -> bool:
    return all(clause.turn is Turn.OPEN for clause in line.clauses)


def _turned(line: Said, turn: Turn) -> Said:
    if turn is Turn.OPEN:
        return line
    clauses = (replace(one, turn=turn) if one.names() else one for one in line.clauses)
    return replace(line, clauses=tuple(clauses), withdraws=turn is Turn.ENDS)


def _excepting(heading: Said, line: Said) -> Said:
    named = (replace(one, turn=Turn.EXCEPTED) for one in line.clauses if one.names())
    return replace(heading, clauses=(*heading.clauses, *named))
