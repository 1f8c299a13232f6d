"""The clauses of a sentence: which purposes each names, and whether they go or stay."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import takewhile

from mailbot.classify.lexicon import Hit, Lexicon, build, read_tables
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.normal import Word
from mailbot.classify.scoring import Reading, languages_of
from models.vocabulary import AskedPurpose

NAMED = 0.75  # what weighs less is a hint: "mails", "the list"
THIN = 0.7  # a word that may speak of something else
_BUT = frozenset({"but", "aga", "kuid", "ent", "но", "а", "while", "whereas", "зато"})
_EXCEPT = re.compile(
    r"^(?:except|excluding|apart from|other than|valja ?arvatud"
    r"|кроме(?! того)|krome(?! togo)|за исключением)\b"
)
_ALL_BUT = re.compile(r"\b(?:all|every\w*|koik\w*)(?: \w+){0,2} (?:but|peale)$")
_MOST_JOINTS = 6  # looked at in one clause
_NAME_WORDS = 3  # of one consent in a row of them
_AND = frozenset({"and", "ja", "ning", "и", "i"})
_BEFORE_NUMBER = frozenset({"no", "nr", "p", "п", "пп"})  # with a full stop: "no. 2"
_TO = frozenset({"to", "through", "kuni", "по", "до"})
_ORDINALS = {
    **{str(number): (number,) for number in range(1, 10)},
    "first_two": (1, 2),
    "first_three": (1, 2, 3),
    "last": (0,),
}
_COUNTS = {"two": 2, "three": 3, "four": 4}


class Turn(Enum):
    """What a clause says of the purposes named in it."""

    ENDS = "ends"
    STAYS = "stays"
    EXCEPTED = "excepted"  # "all but …"
    OBJECTED = "objected"  # another right, and another label
    OPEN = "open"


_PLAIN = {"stays": Turn.STAYS, "ends": Turn.ENDS, "objects": Turn.OBJECTED}  # the first that is met


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between commas; `named` weighs purposes as they come."""

    forms: tuple[str, ...]
    start: int
    named: Mapping[AskedPurpose, float]
    cues: frozenset[str]
    turn: Turn

    def names(self, level: float = NAMED) -> tuple[AskedPurpose, ...]:
        """Purposes named that surely, as they come."""
        return tuple(
            p for p, weight in self.named.items() if weight >= level and p is not AskedPurpose.ALL
        )

    @property
    def places(self) -> range:
        """Which words of the sentence these are."""
        return range(self.start, self.start + len(self.forms))

    @property
    def may_go(self) -> bool:
        """Neither said to stay nor set aside."""
        return self.turn in (Turn.ENDS, Turn.OPEN)

    @property
    def firmly_stays(self) -> bool:
        """Said to stay in so many words."""
        return self.turn is Turn.STAYS and not self.cues.isdisjoint({"stays", "keeps"})

    @property
    def points_at_some(self) -> bool:
        """At the first, at both, at the others."""
        return bool(self.ordinals or self.count or "rest" in self.cues)

    @property
    def ordinals(self) -> frozenset[int]:
        """Places in what was enumerated: "the first and the third"; 0 is the last."""
        single = {place for cue in self.cues for place in _ORDINALS.get(cue, ())}
        return frozenset(single.union(*self._ranges()))

    def _ranges(self) -> Iterator[range]:
        """ "2 to 4", where the clause points by these numbers."""
        for first, to, last in zip(self.forms, self.forms[1:], self.forms[2:], strict=False):
            if to in _TO and {first, last} <= self.cues:
                yield range(int(first), int(last))

    @property
    def count(self) -> int:
        """How many consents are pointed at: "both", "all three"; 0 when it does not say."""
        return max((_COUNTS.get(cue, 0) for cue in self.cues), default=0)


@lru_cache(maxsize=1)
def load() -> Mapping[str, Lexicon]:
    """The turns of each language, read once."""
    tables = read_tables("turns")
    found = {name: build([table], name) for name, table in tables.items()}
    found["ru-latin"] = build([tables["ru"]], "ru", latin=True)
    return found


def clauses_of(reading: Reading, language: str) -> list[Clause]:
    """The clauses of one sentence, each with its turn; what says neither follows its neighbour."""
    names = languages_of(reading.sentence, language)
    forms = reading.sentence.forms
    found: list[Clause] = []
    for start, part in _parts(reading.sentence.words):
        first, *others = _split(part, start, names)
        if _excepts(forms, start):
            stays = bool(found) and found[-1].turn is Turn.STAYS
            first = replace(first, turn=Turn.ENDS if stays else Turn.EXCEPTED)
        found += [first, *others]
    return _followed(found)


def _parts(words: Sequence[Word]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words with a comma, dash, "but" or "except" between them and the next."""
    forms = tuple(word.form for word in words)
    start = 0
    for place in range(1, len(words)):
        parted = words[place].start - words[place - 1].end > 1
        parted = parted and not (forms[place - 1] in _BEFORE_NUMBER and forms[place].isdigit())
        if parted or forms[place] in _BUT or _excepts(forms, place):
            yield start, forms[start:place]
            start = place
    yield start, forms[start:]


def _excepts(forms: Sequence[str], place: int) -> bool:
    """Whether "except", or "all but", stands here."""
    ahead, behind = forms[place : place + 2], forms[max(0, place - 3) : place + 1]
    return bool(_EXCEPT.match(" ".join(ahead)) or _ALL_BUT.search(" ".join(behind)))


def _split(forms: tuple[str, ...], start: int, names: Sequence[str]) -> list[Clause]:
    """One clause, or two when an "and" joins what goes with what stays."""
    joints = [place for place, form in enumerate(forms[:-1]) if place and form in _AND]
    for place in joints[:_MOST_JOINTS]:
        left = _clause(forms[:place], start, names)
        right = _clause(forms[place:], start + place, names)
        if {left.turn, right.turn} == {Turn.ENDS, Turn.STAYS}:
            return [left, right]
    return [_clause(forms, start, names)]


def _clause(forms: tuple[str, ...], start: int, names: Sequence[str]) -> Clause:
    lexicons, turns = load_lexicons().languages, load()
    known = [hit for name in names for hit in lexicons[name].find(forms)]
    told = [hit for name in names if name in turns for hit in turns[name].find(forms)]
    cues = frozenset(hit.phrase.name for hit in told if hit.phrase.kind == "cues")
    return Clause(forms, start, _named(known + told), cues, _turn(cues))


def _named(hits: Sequence[Hit]) -> dict[AskedPurpose, float]:
    """Purposes with their weights, as they come; a list of surveys is no list of newsletters."""
    carriers = [span for hit in hits if hit.phrase.name == "carrier" for span in hit.spans]
    carried = {place for first, end in carriers for place in range(first, end)}
    named: dict[AskedPurpose, float] = {}
    for hit in sorted(hits, key=lambda hit: hit.spans[0]):
        first, _ = hit.spans[0]
        carrier = hit.phrase.name == AskedPurpose.MARKETING.value and first in carried
        if hit.phrase.kind == "purposes" and not carrier:
            purpose = AskedPurpose(hit.phrase.name)
            named[purpose] = max(named.get(purpose, 0.0), hit.phrase.weight)
    return named


def _turn(cues: frozenset[str]) -> Turn:
    for cue, turn in _PLAIN.items():
        if cue in cues:
            return turn
    stays = "stay" in cues and cues.isdisjoint({"not_stay", "gave"})
    return Turn.STAYS if stays else Turn.OPEN


def _followed(clauses: list[Clause]) -> list[Clause]:
    return [
        replace(clause, turn=_neighbour(clauses, place))
        if clause.names(THIN) and clause.turn is Turn.OPEN
        else clause
        for place, clause in enumerate(clauses)
    ]


def _neighbour(clauses: Sequence[Clause], place: int) -> Turn:
    """What goes or stays is said before a list, or after it: "cookies, statistics: leave"."""
    before = [] if clauses[place].forms[0] in _BUT else clauses[:place][::-1]
    between = list(takewhile(lambda clause: clause.turn is Turn.OPEN, before))
    last = next(iter(before[len(between) :]), None)
    if last and (last.turn is Turn.ENDS or (_opens_list(last) and all(map(_is_name, between)))):
        return last.turn
    aside = (Turn.OPEN, Turn.EXCEPTED)
    coming = next((c for c in clauses[place + 1 :] if c.turn not in aside), None)
    if coming and not coming.names(THIN) and (coming.turn is Turn.ENDS or coming.firmly_stays):
        return coming.turn
    if last and not coming and last.firmly_stays and all(map(_is_name, (clauses[place], *between))):
        return Turn.STAYS
    return Turn.OPEN


def _is_name(clause: Clause) -> bool:
    """ "The newsletter", between "keep:" and what else is kept."""
    short = len(clause.forms) <= _NAME_WORDS and clause.forms[0] not in _BUT
    return short and clause.names(THIN) != ()


def _opens_list(clause: Clause) -> bool:
    """ "Leave" before a list says that it stays."""
    return not clause.names(THIN) and not clause.cues.isdisjoint({"keeps", "stays"})
