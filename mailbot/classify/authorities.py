"""Whether a court, the police, a prosecutor or the supervisory authority writes (guide, end)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from mailbot.classify.lexicon import Hit, read_tables
from mailbot.classify.normal import Word, fold, words_of
from mailbot.classify.rules import OFFICE, TITLE, load
from mailbot.classify.scoring import Reading
from mailbot.quotes import Kind, sections

MAX_WORDS = 12  # of a line that only names who writes
MAX_LINE = 200
EDGE = 20  # lines at either end
_WORDS = re.compile(r"[^\W\d_]+")
_BEGINNING = 4  # letters
_PIECES = re.compile(r"[,:;|•·()/]| [-–—]+ ")
_SIGNED = "\n--"
_PROSE = (".", "!", "?", "…", ";")
_ADDRESSED = frozenset(
    {"koopia", "kellele", "saaja", "adressaat", "teadmiseks", "lisa", "lisad"}
    | {"to", "cc", "copy", "copied", "recipient", "enclosed", "law"}
    | {"кому", "копия", "адресат", "получатель", "приложение"}
)


def names_an_office(
    subject: str, text: str, new_spans: Sequence[tuple[int, int]], readings: Sequence[Reading]
) -> bool:
    """By a line that an office fills, or a sentence at either end."""
    return (
        _fills(subject.partition(":")[0])
        or any(_fills(line) for line in _lines(text, new_spans))
        or _stands_apart(text, readings)
    )


def _lines(text: str, new_spans: Sequence[tuple[int, int]]) -> list[str]:
    """Where a letterhead and a signature stand: the first and the last of the writer's own lines,
    with the signature that was cut off: it asks for nothing but tells who writes.
    """
    spans = list(new_spans)
    if _SIGNED in text:
        spans += [(s.start, s.end) for s in sections(text) if s.kind is Kind.SIGNATURE]
    lines = [line for start, end in spans for line in text[start:end].split("\n") if line.strip()]
    return lines[:EDGE] + lines[EDGE:][-EDGE:]


def _fills(line: str) -> bool:
    """Whether one piece of a letterhead or of a signature's line is the name of an office."""
    if len(line) > MAX_LINE or line.rstrip().endswith(_PROSE):
        return False
    if not _may_name(_WORDS.findall(fold(line))):
        return False
    pieces = [piece for piece in _PIECES.split(line) if piece.strip()]
    words = [words_of(piece) for piece in pieces]
    if sum(map(len, words)) > MAX_WORDS or (words and _addresses(words[0])):
        return False
    return any(_names(piece, said) for piece, said in zip(pieces, words, strict=True) if said)


def _may_name(forms: Iterable[str]) -> bool:
    """Whether any word begins like one of an office's name or a title: most lines have none."""
    known = _beginnings()
    return any(form[:_BEGINNING] in known for form in forms)


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    tables = read_tables("authorities").values()
    written = [
        text
        for table in tables
        for text in (*table["lists"].values(), *table["cues"][OFFICE], *table["cues"][TITLE])
    ]
    return frozenset(word[:_BEGINNING] for word in _WORDS.findall(fold(" ".join(written))))


def _addresses(words: Sequence[Word]) -> bool:
    return any(word.form in _ADDRESSED for word in words)


def _stands_apart(text: str, readings: Sequence[Reading]) -> bool:
    """An office as the first or the last sentence, wherever its line ends."""
    said = [r.sentence for r in readings if not r.sentence.in_subject and r.sentence.words]
    edges = {s.words[0].start: s for s in said[:1] + said[-1:]}
    return any(_names(text, s.words) for s in edges.values() if len(s.words) <= MAX_WORDS)


def _names(text: str, words: Sequence[Word]) -> bool:
    if not _may_name(word.form for word in words):
        return False
    return any(
        hit.phrase.name == OFFICE or (hit.phrase.name == TITLE and _alone(text, words, hit))
        for hit in _hits(tuple(word.form for word in words))
    )


def _hits(forms: tuple[str, ...]) -> Iterator[Hit]:
    return (hit for lexicon in load().values() for hit in lexicon.find(forms))


def _alone(text: str, words: Sequence[Word], hit: Hit) -> bool:
    """A title has only names beside it, and is not a surname itself."""
    first, end = hit.spans[0]
    if first and text[words[first].start].isupper():
        return False
    beside = [*words[:first], *words[end:]]
    return len(beside) <= 4 and all(text[word.start].isupper() for word in beside)
