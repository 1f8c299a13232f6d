"""The little language in which a lexicon writes its phrases, and its matcher.

delete* my data      words in a row; a star stands for any letters
delete*|wipe* {my}   a choice; a named list of words
delete* ..4 data     at most four other words in between
delete* & data       both within WINDOW words, in any order
delete* !server*     and none of these anywhere in the sentence
^stop$               sentence begins, sentence ends
~                    counts even when a "not" stands before it
#number #long #email any number, a number of five digits or more, an e-mail address
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

WINDOW = 14

Span = tuple[int, int]
Places = dict[int | None, list[int]]  # where each choice stands in a sentence; None nowhere


class PhraseError(ValueError):
    """A phrase of the lexicon that cannot be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a row: any word of `choice`, at most `gap` words after the one before."""

    choice: int
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled phrase; `parts` are rows that stand near each other in any order."""

    source: str
    parts: tuple[tuple[Step, ...], ...]
    guard: int | None = None
    at_start: bool = False
    at_end: bool = False
    steady: bool = False

    @property
    def needs(self) -> frozenset[int]:
        """The choices that must all stand in a sentence."""
        return frozenset(step.choice for part in self.parts for step in part)

    def find(self, places: Places, length: int) -> tuple[Span, ...] | None:
        """Where each part stands, as half-open word positions; None when it does not match."""
        if self.guard in places:
            return None
        rows = [_rows(part, places) for part in self.parts]
        if not all(rows):
            return None
        if self.at_start:
            rows[0] = [row for row in rows[0] if row[0] == 0]
        if self.at_end:
            rows[-1] = [row for row in rows[-1] if row[1] == length]
        return _near(rows) if all(rows) else None


def _rows(part: Sequence[Step], places: Places) -> list[Span]:
    """All shortest places of one row: (first word, one past the last word)."""
    reached = {place: place for place in places.get(part[0].choice, ())}
    for step in part[1:]:
        here = places.get(step.choice)
        if not here or not reached:
            return []
        reached = _advance(reached, here, step.gap)
    return [(first, last + 1) for last, first in reached.items()]


def _advance(reached: Mapping[int, int], here: Sequence[int], gap: int) -> dict[int, int]:
    ends = sorted(reached)
    moved: dict[int, int] = {}
    for place in here:
        index = bisect_right(ends, place - 1) - 1
        if index >= 0 and place - ends[index] - 1 <= gap:
            moved[place] = reached[ends[index]]
    return moved


def _near(rows: Sequence[Sequence[Span]]) -> tuple[Span, ...] | None:
    """For the first row that has all the others near it: the chosen spans."""
    for anchor in rows[0]:
        chosen = [anchor]
        for others in rows[1:]:
            best = min(others, key=lambda span: abs(span[0] - anchor[0]))
            if abs(best[0] - anchor[0]) > WINDOW:
                break
            chosen.append(best)
        else:
            return tuple(chosen)
    return None


@dataclass(slots=True)
class Vocabulary:
    """Every word and every choice of words of a lexicon, numbered; tells which of the choices
    a word of a letter belongs to.
    """

    spell: Callable[[str], str] = str
    exact: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[int]] = field(default_factory=dict)
    inside: list[tuple[str, int]] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)
    choices: dict[frozenset[int], int] = field(default_factory=dict)
    chosen: dict[int, list[int]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def atom(self, written: str) -> int:
        """The number of one word of a phrase, with or without stars."""
        if written in self._numbers:
            return self._numbers[written]
        number = self._numbers[written] = len(self._numbers)
        self._file(written, number)
        return number

    def _file(self, written: str, number: int) -> None:
        word = self.spell(written.strip("*"))
        if written.startswith("#"):
            self.classes[written] = number
        elif written.startswith("*"):
            self.inside.append((word + ("" if written.endswith("*") else "\0"), number))
        elif written.endswith("*"):
            self.stems.setdefault(word, []).append(number)
            self.beginnings.update(word[:length] for length in range(1, len(word) + 1))
        else:
            self.exact.setdefault(word, []).append(number)

    def choice(self, atoms: frozenset[int]) -> int:
        """The number of a choice between words of phrases."""
        if atoms not in self.choices:
            number = self.choices[atoms] = len(self.choices)
            for atom in atoms:
                self.chosen.setdefault(atom, []).append(number)
        return self.choices[atoms]

    def choices_of(self, form: str) -> tuple[int, ...]:
        """All choices of the lexicon that this word of a letter belongs to."""
        known = self._known.get(form)
        if known is None:
            if len(self._known) > 8_000:
                self._known.clear()
            atoms = self._look_up(form)
            found = {choice for atom in atoms for choice in self.chosen.get(atom, ())}
            known = self._known[form] = tuple(sorted(found))
        return known

    def _look_up(self, form: str) -> Iterator[int]:
        if "@" in form:
            yield from self._class("#email")
            return
        if form.isdigit():
            yield from self._class("#number")
            if len(form) >= 5:
                yield from self._class("#long")
        word = self.spell(form)
        yield from self.exact.get(word, ())
        for length in range(1, len(word) + 1):
            beginning = word[:length]
            if beginning not in self.beginnings:
                break
            yield from self.stems.get(beginning, ())
        closed = word + "\0"
        yield from (number for piece, number in self.inside if piece in closed)

    def _class(self, name: str) -> Iterator[int]:
        if name in self.classes:
            yield self.classes[name]

    def places(self, forms: Iterable[str]) -> Places:
        """For each choice of the lexicon, where in the sentence one of its words stands."""
        found: Places = {}
        for place, form in enumerate(forms):
            for choice in self.choices_of(form):
                if choice in found:
                    found[choice].append(place)
                else:
                    found[choice] = [place]
        return found


_GAP = re.compile(r"\.\.(\d+)$")


@dataclass(slots=True)
class Compiler:
    """Turns written phrases into patterns; `lists` are the named lists of words."""

    vocabulary: Vocabulary
    lists: Mapping[str, Sequence[str]]
    fold: Callable[[str], str] = str
    _known: dict[str, int] = field(default_factory=dict)  # choices as written: most come often

    def compile(self, source: str) -> Pattern:
        """Read one phrase. Raises PhraseError when it names an unknown list or says nothing."""
        text = self.fold(source.strip())
        steady, text = text.startswith("~"), text.removeprefix("~").strip()
        at_start, text = text.startswith("^"), text.removeprefix("^").strip()
        at_end, text = text.endswith("$"), text.removesuffix("$").strip()
        text, guard = self._guard(text)
        parts = tuple(self._row(part.split(), source) for part in text.split("&"))
        if not all(parts):
            raise PhraseError(f"empty phrase: {source!r}")
        return Pattern(source, parts, guard, at_start, at_end, steady)

    def _guard(self, text: str) -> tuple[str, int | None]:
        words = text.split()
        guards = [word[1:] for word in words if word.startswith("!")]
        kept = " ".join(word for word in words if not word.startswith("!"))
        return kept, self._choice("|".join(guards)) if guards else None

    def _row(self, words: Sequence[str], source: str) -> tuple[Step, ...]:
        steps: list[Step] = []
        gap = 0
        for word in words:
            if found := _GAP.match(word):
                gap = int(found.group(1))
                continue
            steps.append(Step(self._choice(word, source), gap if steps else 0))
            gap = 0
        return tuple(steps)

    def _choice(self, written: str, source: str = "") -> int:
        if written not in self._known:
            atoms = frozenset(
                self.vocabulary.atom(word)
                for choice in written.split("|")
                for word in self._named(choice, source or written)
            )
            self._known[written] = self.vocabulary.choice(atoms)
        return self._known[written]

    def _named(self, choice: str, source: str) -> Sequence[str]:
        if not choice.startswith("{"):
            return [choice]
        name = choice.strip("{}")
        if name not in self.lists:
            raise PhraseError(f"no list of words called {name!r}: {source!r}")
        return self.lists[name]
