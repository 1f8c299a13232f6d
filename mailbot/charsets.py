"""Bytes to text, whatever the label says: declared, UTF-8, detector, and only then loss.

`decode` never raises and never returns NUL or lone surrogates, which the database
would refuse. The detector knows the legacy charsets of Estonian and Russian mail.
"""

import codecs
import re

from models.vocabulary import ReadingFlag

SAMPLE = 4000  # bytes that hold enough letters to judge by
CANDIDATES = ("windows-1257", "windows-1251", "koi8-r", "iso-8859-15", "windows-1252")

# Labels as mail uses them (WHATWG: Latin-1 is windows-1252), and subsets to supersets.
ALIASES = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "ascii",
}
SEVEN_BIT = frozenset(
    {"utf-7", "iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be"}
)
WIDE = frozenset({"utf-32", "utf-32-le", "utf-32-be"}) | SEVEN_BIT
EIGHT_BIT = frozenset(
    [f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)]
    + [f"cp125{n}" for n in range(9)]
    + ["koi8-r", "koi8-u", "cp437", "cp775", "cp850", "cp852", "cp855", "cp865", "cp866"]
    + ["mac-roman", "mac-cyrillic", "cp874", "tis-620"]
)
MULTIBYTE = frozenset({"gb18030", "cp932", "cp949", "big5", "big5hkscs", "euc_jp", "euc_jis_2004"})
KNOWN = EIGHT_BIT | MULTIBYTE | WIDE | {"ascii", "utf-8"}

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, ReadingFlag | None]:
    """Text of `data`, and what a person should know about how it was read."""
    codec = codec_of(declared)
    if data.isascii() and codec not in WIDE:
        return storable(data.decode("ascii")), None
    if codec is not None:
        text = _strict(data, codec)
        if text is not None and not _label_lies(data, text, codec):
            return storable(text), None
    text, lossy = _recover(data)
    if lossy:
        return storable(text), ReadingFlag.CHARSET_LOSSY
    if codec is not None:
        return storable(text), ReadingFlag.CHARSET_WRONG
    plain_utf8 = declared is None and _strict(data, "utf-8") is not None
    return storable(text), None if plain_utf8 else ReadingFlag.CHARSET_GUESSED


def codec_of(label: str | None) -> str | None:
    """Python codec of a charset label; None when there is no such text charset."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip(" \t\"'")[:40]).name
    except (LookupError, ValueError, UnicodeError):
        return None
    name = ALIASES.get(name, name)
    return name if name in KNOWN or name == "cp1252" else None


def storable(text: str) -> str:
    """Without NUL and lone surrogates."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def detect(data: bytes) -> str:
    """The likeliest of `CANDIDATES` for 8-bit bytes that are not UTF-8."""
    sample = _sample(data)
    return max(CANDIDATES, key=lambda codec: plausibility(sample.decode(codec, "replace")))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError):
        return None
    return text.removeprefix("\ufeff")


def _label_lies(data: bytes, text: str, codec: str) -> bool:
    """A single-byte label decodes anything: does another reading make far better words?"""
    if codec not in EIGHT_BIT and codec != "cp1252":
        return False
    if _strict(data, "utf-8") is not None:
        return True
    sample = _sample(data)
    mine = plausibility(sample.decode(codec, "replace"))
    best = max(plausibility(sample.decode(other, "replace")) for other in CANDIDATES)
    return best > 0 and best - mine > 4 and mine < best / 4


def _recover(data: bytes) -> tuple[str, bool]:
    text = _strict(data, "utf-8")
    if text is not None:
        return text, False
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 4 <= sum(1 for char in text[:SAMPLE] if char > "\x7f") - broken:
        return text, True
    codec = detect(data)
    text = data.decode(codec, "replace")
    return text, "\ufffd" in text


def _sample(data: bytes) -> bytes:
    """The first lines that hold 8-bit bytes."""
    if len(data) <= SAMPLE:
        return data
    lines = [line for line in data[: 64 * SAMPLE].split(b"\n") if not line.isascii()]
    return b"\n".join(lines)[:SAMPLE]


# How much a letter speaks for a reading. Russian by rank of frequency; Estonian vowels
# and carons high, letters of the neighbours a little, everything else against.
RUSSIAN = {letter: 1.6 - 0.06 * i for i, letter in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")}
LATIN = (
    dict.fromkeys("õäöü", 2.0) | dict.fromkeys("šž", 1.2) | dict.fromkeys("åéßøæāēīūļņķģčęą", 0.2)
)
PUNCTUATION = dict.fromkeys("«»„“”‘’–—…№€§°©®\u00a0•", 0.3)
COMMON_PAIRS = frozenset(
    re.findall(
        "..",
        "стнотонаеновниравокопрропореготьлиосалнекаетотертаанатльолдевалаиттеомаминелсяоб"
        "иянымиихейыйойогесданямосоисзаопудбымешищешечечтэтвыасилятуюуквитикирималодоарор"
        "ирекизимдумуну",
    )
)
MIXED_SCRIPT = re.compile("[a-zA-Z][а-яёА-ЯЁ]|[а-яёА-ЯЁ][a-zA-Z]")
SWAPPED_CASE = re.compile("[а-яё][А-ЯЁ]|[a-zõäöü][ÕÄÖÜŠŽ]")
LATIN_RUN = re.compile("[\u00c0-\u024f]{3,}")


def plausibility(text: str) -> float:
    """How well the non-ASCII letters of `text` read as Estonian or Russian; below 0: badly."""
    score = sum(map(_weight, filter(lambda char: char > "\x7f", text)))
    score -= 4 * len(MIXED_SCRIPT.findall(text)) + 3 * len(SWAPPED_CASE.findall(text))
    score -= sum(3 * len(run) for run in LATIN_RUN.findall(text))
    return score + _russian_pairs(text.lower())


def _weight(char: str) -> float:
    low = char.lower()
    if low in RUSSIAN:
        return RUSSIAN[low] - (0.8 if char == low else 1.2)
    if low in LATIN:
        return LATIN[low]
    return PUNCTUATION.get(char, -2.0)


def _russian_pairs(text: str) -> float:
    pairs = re.findall("(?=([а-яё]{2}))", text)
    hits = sum(1 for pair in pairs if pair in COMMON_PAIRS)
    return 0.0 if not pairs else hits - 0.35 * (len(pairs) - hits)
