"""Phrases heard beside the model, which has not learnt from them: each may be changed without
training. A sentence is looked at once for all of them.

back: takes an earlier request back (guide rule 14) · leak: others see, or were sent, what we hold ·
enclosed: the request is in an attachment (rule 13) · said, office, title: what authorities write
and call themselves (authorities.py).
"""

from collections.abc import Mapping
from functools import lru_cache

from mailbot.classify.lexicon import Lexicon, build, read_tables
from mailbot.classify.scoring import Reading, languages_of

TABLES = ("back", "leaks", "enclosed", "authorities")
BACK, LEAK, ENCLOSED, SAID = "back", "leak", "enclosed", "said"
OFFICE, TITLE = "office", "title"


@lru_cache(maxsize=1)
def load() -> Mapping[str, Lexicon]:
    """All phrases by language, read once."""
    tables = [read_tables(name) for name in TABLES]
    found = {name: build([one[name] for one in tables], name) for name in ("et", "en", "ru")}
    found["ru-latin"] = build([one["ru"] for one in tables], "ru", latin=True)
    return found


def heard(reading: Reading, language: str) -> frozenset[str]:
    """What a sentence says in so many words; `language` is the lexicon it is read by. Few words
    in a language nobody can tell are heard in all.
    """
    lexicons = load()
    names = lexicons if language == "other" else languages_of(reading.sentence, language)
    return frozenset(
        hit.phrase.name
        for one in names
        if one in lexicons
        for hit in lexicons[one].find(reading.sentence.forms)
    )
