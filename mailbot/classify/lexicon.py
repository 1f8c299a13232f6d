"""The versioned lexicon: weighted phrases by language and label, and cues that bend them.

Data lies in `lexicon/*.toml`, so a lawyer can read and edit it; nothing is read before `load`.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zlib import crc32

from mailbot.classify.normal import fold
from mailbot.classify.pattern import Compiler, Pattern, Places, Span, Vocabulary
from mailbot.classify.translit import skeleton
from models.vocabulary import RequestType

FOLDER = Path(__file__).parent / "lexicon"
RIGHTS = frozenset(
    {
        RequestType.INFORMATION,
        RequestType.COPY,
        RequestType.RECTIFICATION,
        RequestType.ERASURE,
        RequestType.RESTRICTION,
        RequestType.PORTABILITY,
        RequestType.OBJECTION,
    }
)
_APOSTROPHES = str.maketrans("", "", "'’")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One weighted phrase; `kind` is the table it stands in, `name` what it speaks for.

    `place` is its place in the file, `number` what features call it.
    """

    kind: str
    name: str
    pattern: Pattern
    weight: float
    needs: frozenset[int]
    place: int
    number: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a sentence, with the words it stands on; `denied` behind a "not"."""

    phrase: Phrase
    spans: tuple[Span, ...]
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cue does: points by label, in its sentence or in the whole letter."""

    whole_letter: bool
    points: Mapping[RequestType, float]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases of one language, filed under the rarest choice of words they need."""

    language: str
    vocabulary: Vocabulary
    by_choice: Mapping[int | None, tuple[Phrase, ...]]
    negators: int

    def find(self, forms: tuple[str, ...]) -> list[Hit]:
        """Every phrase that stands in one sentence, the denied ones too, as they begin there."""
        places = self.vocabulary.places(forms)
        here, hits = places.keys(), []
        for choice in self.by_choice.keys() & here:
            for phrase in self.by_choice[choice]:
                if phrase.needs <= here and (spans := phrase.pattern.find(places, len(forms))):
                    begins = places[phrase.pattern.parts[0][0].choice][0]
                    hit = Hit(phrase, spans, self._negated(phrase, spans, places))
                    hits.append((begins, phrase.place, hit))
        hits.sort()
        return [hit for _, _, hit in hits]

    def _negated(self, phrase: Phrase, spans: tuple[Span, ...], places: Places) -> bool:
        if phrase.kind != "labels" or phrase.pattern.steady:
            return False
        first = spans[0][0]
        return any(first - 3 <= place < first for place in places.get(self.negators, ()))


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All languages and the effects they share."""

    version: str
    threshold: float
    effects: Mapping[str, Effect]
    languages: Mapping[str, Lexicon]


def _plain(text: str) -> str:
    return fold(text).translate(_APOSTROPHES)


def _phrases(compiler: Compiler, data: Mapping[str, Any]) -> Iterator[Phrase]:
    written = (
        (kind, name, source, weight)
        for kind in ("labels", "cues", "purposes", "acting_for")
        for name, table in data.get(kind, {}).items()
        for source, weight in table.items()
    )
    for place, (kind, name, source, weight) in enumerate(written):
        pattern = compiler.compile(source)
        number = crc32(f"p{kind}:{name}:{source}".encode())
        yield Phrase(kind, name, pattern, float(weight), pattern.needs, place, number)


def _filed(
    vocabulary: Vocabulary, phrases: Sequence[Phrase]
) -> dict[int | None, tuple[Phrase, ...]]:
    """Each phrase once, under the choice whose words stand in the fewest phrases."""
    atoms = {number: atoms for atoms, number in vocabulary.choices.items()}
    used = Counter(atom for p in phrases for choice in p.needs for atom in atoms[choice])
    filed: dict[int | None, list[Phrase]] = {}
    for phrase in phrases:
        rarest = min(phrase.needs, key=lambda n: (sum(used[atom] for atom in atoms[n]), n))
        filed.setdefault(rarest, []).append(phrase)
    return {choice: tuple(found) for choice, found in filed.items()}


def build(tables: Sequence[Mapping[str, Any]], language: str, latin: bool = False) -> Lexicon:
    """A lexicon from its tables, each with lists of its own; `latin` spells every word by its
    skeleton (Russian only).
    """
    vocabulary = Vocabulary(spell=skeleton if latin else str)
    phrases = [phrase for data in tables for phrase in _phrases(_compiler(vocabulary, data), data)]
    words = [
        w for data in tables for w in _plain(data.get("negation", {}).get("words", "")).split()
    ]
    negators = vocabulary.choice(frozenset(vocabulary.atom(word) for word in words))
    return Lexicon(language, vocabulary, _filed(vocabulary, phrases), negators)


def _compiler(vocabulary: Vocabulary, data: Mapping[str, Any]) -> Compiler:
    lists = {name: _plain(words).split() for name, words in data.get("lists", {}).items()}
    return Compiler(vocabulary, lists, _plain)


def _points(table: Mapping[str, Any]) -> dict[RequestType, float]:
    points = dict.fromkeys(RequestType, float(table["every"])) if "every" in table else {}
    if "rights" in table:
        points.update(dict.fromkeys(RIGHTS, float(table["rights"])))
    named = {label: float(table[label]) for label in RequestType if label in table}
    return {**points, **named}


def _effects(data: Mapping[str, Any]) -> dict[str, Effect]:
    return {
        name: Effect(table["reach"] == "letter", _points(table))
        for name, table in data.items()
        if isinstance(table, dict)
    }


def read_tables(name: str) -> dict[str, Any]:
    """One file of the lexicon. Raises tomllib.TOMLDecodeError when it is damaged."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load() -> Lexicons:
    """All lexicons, read once."""
    shared = read_tables("effects")
    tables = {name: read_tables(name) for name in ("et", "en", "ru", "other")}
    builders = {name: partial(build, [table], name) for name, table in tables.items()}
    languages = {name: make() for name, make in builders.items()}
    languages["ru-latin"] = builders["ru"](latin=True)
    return Lexicons(shared["version"], float(shared["threshold"]), _effects(shared), languages)
