"""Words of three languages by what they mean, so that letters in one teach about the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mailbot.classify.lexicon import read_tables
from mailbot.classify.translit import skeleton

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Words:
    """Meanings of whole words, and of words by how they begin."""

    whole: Mapping[str, frozenset[str]]
    begun: Mapping[str, frozenset[str]]
    beginnings: frozenset[str]


@lru_cache(maxsize=1)
def load() -> Mapping[str, _Words]:
    """The table by lexicon (language.Tongue), read once."""
    tables = read_tables("concepts")
    languages = {name: _words(tables, name) for name in ("et", "en", "ru")}
    return {**languages, "ru-latin": _words(tables, "ru", latin=True), "other": languages["en"]}


def _words(tables: Mapping[str, Mapping[str, str]], language: str, latin: bool = False) -> _Words:
    whole: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for concept, table in tables.items():
        for word in table[language].split():
            stem = word.removesuffix("*")
            filed = begun if stem != word else whole
            filed.setdefault(skeleton(stem) if latin else stem, set()).add(concept)
    beginnings = {stem[:length] for stem in begun for length in range(_SHORTEST, len(stem) + 1)}
    return _Words(_frozen(whole), _frozen(begun), frozenset(beginnings))


def _frozen(filed: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {word: frozenset(concepts) for word, concepts in filed.items()}


@lru_cache(maxsize=8_000)
def concepts_of(form: str, lexicon: str) -> tuple[str, ...]:
    """What a folded word may mean, in order of names; nothing for most words."""
    words = load()[lexicon]
    if lexicon == "ru-latin":
        form = skeleton(form)
    found = set(words.whole.get(form, ()))
    for length in range(_SHORTEST, len(form) + 1):
        beginning = form[:length]
        if beginning not in words.beginnings:
            break
        found |= words.begun.get(beginning, frozenset())
    return tuple(sorted(found))
