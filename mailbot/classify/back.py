"""Which sentences take an earlier request back (guide rule 14)."""

from collections.abc import Mapping
from functools import lru_cache

from mailbot.classify.lexicon import Lexicon, build, read_tables
from mailbot.classify.scoring import Reading, languages_of


@lru_cache(maxsize=1)
def load() -> Mapping[str, Lexicon]:
    """The phrases of each language, read once."""
    tables = read_tables("back")
    found = {name: build(table, name) for name, table in tables.items()}
    found["ru-latin"] = build(tables["ru"], "ru", latin=True)
    return found


def takes_back(reading: Reading, language: str) -> bool:
    """Whether a sentence does so in so many words; `language` is the lexicon it is read by."""
    lexicons = load()
    names = languages_of(reading.sentence, language)
    return any(lexicons[name].find(reading.sentence.forms) for name in names if name in lexicons)
