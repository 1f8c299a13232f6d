"""Tables of phrases heard beside the model, which has not learnt from them: each may be changed
without training.
"""

from collections.abc import Mapping
from functools import lru_cache

from mailbot.classify.lexicon import Lexicon, build, read_tables
from mailbot.classify.scoring import Reading, languages_of

BACK = "back"  # takes an earlier request back (guide rule 14)
LEAKS = "leaks"  # others see, or were sent, what Netpro holds
ENCLOSED = "enclosed"  # the request is in an attachment (guide rule 13)
AUTHORITIES = "authorities"  # a court, the police, a prosecutor, the inspectorate writes


@lru_cache(maxsize=4)
def table(name: str) -> Mapping[str, Lexicon]:
    """The phrases of one table by language, read once."""
    tables = read_tables(name)
    found = {language: build(phrases, language) for language, phrases in tables.items()}
    found["ru-latin"] = build(tables["ru"], "ru", latin=True)
    return found


def load() -> None:
    """Read all tables; nothing is read from disk afterwards."""
    for name in (BACK, LEAKS, ENCLOSED, AUTHORITIES):
        table(name)


def hears(name: str, reading: Reading, language: str, cue: str) -> bool:
    """Whether a sentence says so in so many words; `language` is the lexicon it is read by. Few
    words in a language nobody can tell are heard in all.
    """
    lexicons = table(name)
    names = lexicons if language == "other" else languages_of(reading.sentence, language)
    return any(
        hit.phrase.name == cue
        for one in names
        if one in lexicons
        for hit in lexicons[one].find(reading.sentence.forms)
    )
