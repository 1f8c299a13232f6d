"""The versioned lexicon: weighted phrases by language and label, and cues that bend them.

Data lies in `lexicon/*.toml`, so a lawyer can read and edit it; nothing is read before `load`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

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
    """One weighted phrase; `kind` is the table it stands in, `name` what it speaks for."""

    kind: str
    name: str
    pattern: Pattern
    weight: float
    needs: frozenset[int]


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
    """All phrases of one language, filed under the rarest thing they need: their first word."""

    language: str
    vocabulary: Vocabulary
    by_atom: Mapping[int, tuple[Phrase, ...]]
    negators: frozenset[int]

    def find(self, forms: tuple[str, ...]) -> Iterator[Hit]:
        """Every phrase that stands in one sentence, the denied ones too."""
        places = self.vocabulary.places(forms)
        tried: set[int] = set()
        for atom in list(places):
            for phrase in self.by_atom.get(atom, ()):
                if id(phrase) not in tried:
                    tried.add(id(phrase))
                    spans = phrase.pattern.find(places, len(forms))
                    if spans:
                        yield Hit(phrase, spans, self._negated(phrase, spans, places))

    def _negated(self, phrase: Phrase, spans: tuple[Span, ...], places: Places) -> bool:
        if phrase.kind != "labels" or phrase.pattern.steady:
            return False
        first = spans[0][0]
        near = range(max(0, first - 3), first)
        return any(place in near for atom in self.negators for place in places.get(atom, ()))


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
    for kind in ("labels", "cues", "purposes", "acting_for"):
        for name, table in data.get(kind, {}).items():
            for source, weight in table.items():
                pattern = compiler.compile(source)
                yield Phrase(kind, name, pattern, float(weight), pattern.parts[0][0].atoms)


def build(data: Mapping[str, Any], language: str, latin: bool = False) -> Lexicon:
    """A lexicon from its tables; `latin` spells every word by its skeleton (Russian only)."""
    vocabulary = Vocabulary(spell=skeleton if latin else str)
    lists = {name: _plain(words).split() for name, words in data.get("lists", {}).items()}
    compiler = Compiler(vocabulary, lists, _plain)
    filed: dict[int, list[Phrase]] = {}
    for phrase in _phrases(compiler, data):
        for atom in phrase.needs:
            filed.setdefault(atom, []).append(phrase)
    words = _plain(data.get("negation", {}).get("words", "")).split()
    negators = frozenset(vocabulary.atom(word) for word in words)
    by_atom = {atom: tuple(phrases) for atom, phrases in filed.items()}
    return Lexicon(language, vocabulary, by_atom, negators)


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
    builders = {name: partial(build, table, name) for name, table in tables.items()}
    languages = {name: make() for name, make in builders.items()}
    languages["ru-latin"] = builders["ru"](latin=True)
    return Lexicons(shared["version"], float(shared["threshold"]), _effects(shared), languages)
