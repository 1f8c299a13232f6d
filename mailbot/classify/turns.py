"""The clauses of a sentence: which purposes each names, and whether they go or stay."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from mailbot.classify.lexicon import Hit, Lexicon, build, read_tables
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.normal import Word
from mailbot.classify.scoring import Reading, languages_of
from models.vocabulary import AskedPurpose

NAMED = 0.75  # what weighs less is a hint: "mails", "the list"
THIN = 0.7  # a word that may speak of something else
_BUT = frozenset({"but", "aga", "kuid", "ent", "но", "а", "while", "whereas", "зато"})
_EXCEPT = re.compile(
    r"^(?:except|excluding|кроме(?! того)|за исключением|valjaarvatud|valja arvatud|apart from"
    r"|other than)\b"
)
_ALL_BUT = re.compile(r"\b(?:all|every\w*|koik\w*)(?: \w+){0,2} (?:but|peale)$")
_AND = frozenset({"and", "ja", "ning", "и", "i"})
_ORDINALS = {
    **{str(number): (number,) for number in range(1, 5)},
    **{"first_two": (1, 2), "first_three": (1, 2, 3), "last": (0,)},
}
_COUNTS = {"two": 2, "three": 3, "four": 4}


class Turn(Enum):
    """What a clause says of the purposes named in it."""

    ENDS = "ends"
    STAYS = "stays"
    EXCEPTED = "excepted"
    OBJECTED = "objected"
    OPEN = "open"


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
        return frozenset(place for cue in self.cues for place in _ORDINALS.get(cue, ()))

    @property
    def count(self) -> int:
        """How many consents are pointed at: "both", "all three"; 0 when it does not say."""
        return max((_COUNTS.get(cue, 0) for cue in self.cues), default=0)


@lru_cache(maxsize=1)
def load() -> Mapping[str, Lexicon]:
    """The turns of each language, read once."""
    tables = read_tables("turns")
    found = {name: build(table, name) for name, table in tables.items()}
    found["ru-latin"] = build(tables["ru"], "ru", latin=True)
    return found


def clauses_of(reading: Reading, language: str) -> list[Clause]:
    """The clauses of one sentence, each with its turn; what says neither follows its neighbour."""
    names = languages_of(reading.sentence, language)
    words = reading.sentence.words
    every = reading.sentence.forms
    found: list[Clause] = []
    for start, forms in _parts(words):
        parts = _split(forms, start, names)
        if _excepts(every, start):
            stays = any(clause.turn is Turn.STAYS for clause in found[-1:])
            parts[0] = replace(parts[0], turn=Turn.ENDS if stays else Turn.EXCEPTED)
        found += parts
    return _followed(found)


def _parts(words: Sequence[Word]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words with a comma, dash, "but" or "except" between them and the next."""
    forms = tuple(word.form for word in words)
    start = 0
    for place in range(1, len(words)):
        parted = words[place].start - words[place - 1].end > 1
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
    for place, form in enumerate(forms):
        if form in _AND and 0 < place < len(forms) - 1:
            left = _clause(forms[:place], start, names)
            right = _clause(forms[place:], start + place, names)
            if {left.turn, right.turn} == {Turn.ENDS, Turn.STAYS}:
                return [left, right]
    return [_clause(forms, start, names)]


@lru_cache(maxsize=256)
def _heard(forms: tuple[str, ...], names: tuple[str, ...]) -> tuple[Hit, ...]:
    lexicons, turns = load_lexicons().languages, load()
    tables = [table[name] for name in names for table in (lexicons, turns) if name in table]
    return tuple(hit for table in tables for hit in table.find(forms))


def _clause(forms: tuple[str, ...], start: int, names: Sequence[str]) -> Clause:
    hits = _heard(forms, tuple(names))
    cues = frozenset(hit.phrase.name for hit in hits if hit.phrase.kind == "cues")
    return Clause(forms, start, _named(hits), cues, _turn(cues))


def _named(hits: Iterable[Hit]) -> dict[AskedPurpose, float]:
    named: dict[AskedPurpose, float] = {}
    carried = {
        place
        for hit in hits
        if hit.phrase.name == "carrier"
        for start, end in hit.spans
        for place in range(start, end)
    }
    said = [
        hit
        for hit in hits
        if hit.phrase.kind == "purposes"
        and not (hit.phrase.name == "marketing" and hit.spans[0][0] in carried)
    ]
    for hit in sorted(said, key=lambda hit: hit.spans[0]):
        purpose = AskedPurpose(hit.phrase.name)
        named[purpose] = max(named.get(purpose, 0.0), hit.phrase.weight)
    return named


def _turn(cues: frozenset[str]) -> Turn:
    if "stays" in cues:
        return Turn.STAYS
    if "ends" in cues:
        return Turn.ENDS
    if "objects" in cues:
        return Turn.OBJECTED
    maybe = "stay" in cues and cues.isdisjoint({"not_stay", "gave"})
    return Turn.STAYS if maybe else Turn.OPEN


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
    last = next((clause for clause in before if clause.turn is not Turn.OPEN), None)
    if last and (last.turn is Turn.ENDS or (_opens_list(last) and last is clauses[place - 1])):
        return last.turn
    aside = (Turn.OPEN, Turn.EXCEPTED)
    coming = next((c for c in clauses[place + 1 :] if c.turn not in aside), None)
    if coming and not coming.names(THIN) and (coming.turn is Turn.ENDS or coming.firmly_stays):
        return coming.turn
    return Turn.OPEN


def _opens_list(clause: Clause) -> bool:
    """ "Leave" before a list says that it stays."""
    return not clause.names(THIN) and not clause.cues.isdisjoint({"keeps", "stays"})
