"""Russian in Latin letters: one skeleton for Cyrillic words and every way to spell them in Latin.

The schemes in use disagree on й, х, ц, щ, ы, ю, я and the soft sign, so the skeleton
keeps only what they share.
"""

import re
from functools import lru_cache

_FROM_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "z", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c",
    "ш": "s", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_STEPS = (
    (re.compile(r"['’`\"]"), ""),
    (re.compile("shtsh|shch|sch|sh|6|w"), "s"),
    (re.compile("tsh|tch|ch|4"), "c"),
    (re.compile("zh"), "z"),
    (re.compile("kh|x"), "h"),
    (re.compile("ts"), "c"),
    (re.compile("qu?|ä"), "ia"),
    (re.compile("[yj]+"), "i"),
    (re.compile("i+"), "i"),
    (re.compile("ie"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=8_000)
def skeleton(word: str) -> str:
    """What all spellings of one Russian word share: больше, bol'she → bolse."""
    latin = "".join(_FROM_CYRILLIC.get(c, c) for c in word)
    for pattern, replacement in _STEPS:
        latin = pattern.sub(replacement, latin)
    return latin
