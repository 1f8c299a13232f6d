"""Text folded for matching, cut into sentences of words, each word with its place in the original.

Bounded: at most MAX_CHARACTERS are looked at, a sentence holds at most MAX_WORDS words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_CHARACTERS = 200_000
MAX_WORDS = 45

_CYRILLIC_LOOKS = dict(zip("авекмнорстухіјѕԁһ", "abekmhopctyxijsdh", strict=True))
_LATIN_LOOKS = dict(zip("abekmhopctyx", "авекмнорстух", strict=True))
_GREEK_LOOKS = dict(zip("αβεικνορτυχ", "abeiknoptux", strict=True))
_KEPT_MARKS = frozenset("\u0306")  # й is a letter of its own, not an и with an ornament
_WORD = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*|https?://\S+|\d+(?:\.\d+)+|[^\W_]+(?:['’ʼ`][^\W_]+)*"
)
_END = re.compile(r"[.!?…;](?=[\s)\"»”\]]|$)|\n\s*\n|\n\s*(?:[-*•–]|\(?\w{1,2}[.)])\s|[•]|[!?]")
_ABBREVIATED = """
    art artikli no nr lg lk p pt par dr mr mrs ms hr pr tel nt jne vt st ст п пп ч г гг тел см
    ул кв моб им юр prof approx ca e.g i.e vs inc ltd
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")


class Word(NamedTuple):
    """One folded word; `start` and `end` are code points of the original."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that belong together, from the subject or from the text."""

    words: tuple[Word, ...]
    in_subject: bool = False
    question: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """The folded words."""
        return tuple(word.form for word in self.words)


class _Folded(dict[int, str]):
    """Each code point folded; remembered, since letters repeat."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    pieces = unicodedata.normalize("NFKD", character.casefold())
    kept = (p for p in pieces if not unicodedata.combining(p) or p in _KEPT_MARKS)
    return unicodedata.normalize("NFC", "".join(kept)).replace("ё", "е").replace("ı", "i")


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Case, accents, width and invisible characters levelled: Õ → o, Ё → е, ﬁ → fi."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters (and its end) the place in `text`."""
    folded = fold(text)
    if text.isascii() or all(len(_FOLDED[ord(one)]) == 1 for one in set(text)):
        return folded, range(len(text) + 1)
    offsets = [place for place, one in enumerate(text) for _ in _FOLDED[ord(one)]]
    offsets.append(len(text))
    return folded, offsets


def fold_in_place(text: str) -> str:
    """Folded, one character for one, so that positions stay."""
    folded, places = fold_with_offsets(text)
    if isinstance(places, range):
        return folded
    return "".join(new if len(new := _FOLDED[ord(one)]) == 1 else one for one in text)


def one_script(word: str) -> str:
    """A word of mixed Latin and Cyrillic letters in the one script it can be written in whole;
    when that is both or neither, in the script most of it is written in.
    """
    word = "".join(_GREEK_LOOKS.get(c, c) for c in word)
    cyrillic = [c for c in word if "\u0400" <= c <= "\u04ff"]
    if not cyrillic:
        return word
    latin = [c for c in word if "a" <= c <= "z"]
    if not latin:
        return word
    as_cyrillic = all(c in _LATIN_LOOKS for c in latin)
    as_latin = all(c in _CYRILLIC_LOOKS for c in cyrillic)
    if as_cyrillic == as_latin:
        as_cyrillic = len(cyrillic) >= len(latin)
    looks = _LATIN_LOOKS if as_cyrillic else _CYRILLIC_LOOKS
    return "".join(looks.get(c, c) for c in word)


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of text[start:end], placed in `text`."""
    piece = text[start:end]
    folded, offsets = fold_with_offsets(piece)
    return [_word(found, offsets, start) for found in _WORD.finditer(folded)]


def _word(found: re.Match[str], offsets: Sequence[int], start: int) -> Word:
    form = found.group()
    if not form.isalnum():
        form = form.translate(_APOSTROPHES)
    if not form.isascii():
        form = one_script(form)
    first, end = found.span()
    return Word(form, start + offsets[first], start + offsets[end - 1] + 1)


def _ends_between(text: str, left: Word, right: Word) -> bool:
    gap = text[left.end : right.start]
    if gap == " ":
        return False
    found = _END.search(gap)
    if not found:
        return False
    return not (gap.startswith(".") and "\n" not in gap and _abbreviated(text, left, right))


def _abbreviated(text: str, left: Word, right: Word) -> bool:
    """A full stop after "art", or after an ordinal: "5. mai"."""
    if left.form in _ABBREVIATIONS:
        return True
    goes_on = text[right.start].islower() or right.form.isdigit()
    return goes_on and left.form.isdigit() and len(left.form) <= 2


def _groups(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and (len(group) >= MAX_WORDS or _ends_between(text, group[-1], word)):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _asks(text: str, group: Sequence[Word]) -> bool:
    return "?" in text[group[-1].end : group[-1].end + 3]


def sentences_of(
    text: str, spans: Iterable[tuple[int, int]], in_subject: bool = False
) -> list[Sentence]:
    """Sentences of the given half-open code-point spans of `text`."""
    found: list[Sentence] = []
    budget = MAX_CHARACTERS
    for start, end in spans:
        stop = min(end, start + budget, len(text))
        budget -= max(0, stop - start)
        groups = _groups(text, words_of(text, start, stop))
        found.extend(Sentence(tuple(g), in_subject, _asks(text, g)) for g in groups)
    return found
