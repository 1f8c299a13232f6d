"""Which language the writer's own words are in, and whether that is sure.

Estonian without its accents and Russian in Latin letters count as themselves; any other
language is answered in English and is not sure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailbot.classify.lexicon import read_tables
from models.vocabulary import Language

ENOUGH_WORDS = 400
OURS = {"et": Language.ET, "en": Language.EN, "ru-latin": Language.RU}
_UKRAINIAN = frozenset("іїєґ")
_PRIOR = {"et": 0.25, "en": 0.25}
_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a letter; `lexicon` names the word lists to read it with."""

    language: Language
    sure: bool
    lexicon: str


@dataclass(frozen=True, slots=True)
class _Signs:
    words: frozenset[str]
    parts: re.Pattern[str]


@lru_cache(maxsize=1)
def _signs() -> Mapping[str, _Signs]:
    tables = read_tables("language")
    return {
        name: _Signs(frozenset(table["words"].split()), _any_part(table["parts"].split()))
        for name, table in tables.items()
    }


def load() -> None:
    """Read the tables, once; later calls cost nothing."""
    _signs()


def _any_part(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(parts))


@lru_cache(maxsize=8_000)
def _votes(form: str) -> tuple[float, ...]:
    """How much one word speaks for each language in Latin letters, in the order of the table."""
    signs = _signs().values()
    owned = [form in sign.words for sign in signs]
    if any(owned):
        return tuple(own * (1.0 + 1.0 / sum(owned)) for own in owned)
    if len(form) <= 2 or not form.isalpha():
        return (0.0,) * len(owned)
    return tuple(0.25 * min(3, len(sign.parts.findall(form))) for sign in signs)


def _latin(forms: Sequence[str]) -> Tongue:
    names = list(_signs())
    votes = zip(*map(_votes, forms), strict=True)
    totals = {
        name: sum(said, _PRIOR.get(name, 0.0)) for name, said in zip(names, votes, strict=True)
    }
    ranked = sorted(totals, key=lambda name: -totals[name])
    best, second = ranked[:2]
    if best not in OURS:
        return _foreign(totals, best)
    sure = totals[best] >= 1.5 and totals[best] > 1.15 * totals[second]
    return Tongue(OURS[best], sure, best)


def _foreign(totals: Mapping[str, float], best: str) -> Tongue:
    """Another language must be clearly ahead of ours before we call it foreign."""
    ours = max(OURS, key=lambda name: totals[name])
    if totals[best] > 1.1 * totals[ours]:
        return Tongue(Language.EN, False, "other")
    return Tongue(OURS[ours], False, ours)


def detect(forms: Sequence[str]) -> Tongue:
    """The language of folded words, in the order they were written."""
    letters = [form for form in forms[:ENOUGH_WORDS] if "@" not in form and form[0].isalpha()]
    cyrillic = [form for form in letters if "\u0400" <= form[0] <= "\u04ff"]
    if len(cyrillic) * 2 >= len(letters) and cyrillic:
        return _cyrillic(cyrillic)
    if not letters:
        return Tongue(Language.EN, False, "en")
    if sum(map(_in_another_script, letters)) * 2 > len(letters):
        return Tongue(Language.EN, False, "other")
    latin = [form for form in letters if not "\u0400" <= form[0] <= "\u04ff"]
    tongue = _latin(latin)
    return tongue if not cyrillic else Tongue(tongue.language, False, tongue.lexicon)


def _in_another_script(form: str) -> bool:
    """Neither Latin nor Cyrillic; letters that look Latin were folded into Latin before."""
    return any(one > _LAST_LATIN and not "\u0400" <= one <= "\u04ff" for one in form)


def _cyrillic(forms: Sequence[str]) -> Tongue:
    """Russian, unless letters show up that Russian does not have."""
    ukrainian = sum(not _UKRAINIAN.isdisjoint(form) for form in forms)
    if ukrainian * 8 > len(forms):
        return Tongue(Language.EN, False, "other")
    return Tongue(Language.RU, True, "ru")
