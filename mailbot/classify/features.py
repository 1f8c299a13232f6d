"""What the statistical model sees of a letter: pieces of words, words, pairs, phrases, places.

The same functions feed training and reading, so both see the same. Features are written
as short texts and numbered by CRC-32; an artefact keeps the ones it has weights for.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from mailbot.classify.scoring import Reading

GROUPS = ("pieces", "words", "pairs", "phrases", "places")
WEIGHTS = (1.6, 1.3, 1.3, 0.35, 0.3)  # length of each group's vector, tried on held-out voices
STEM = 5
REACH = 6
_NEGATING = "not dont never no wont cannot without ei ara arge arme mitte pole ilma ega"
_NEGATING += " не нет ни без нельзя ne net bez"
_NEGATORS = frozenset(_NEGATING.split())
_NEGATED = 3
_SHORTEST, _LONGEST = 2, 5
_LONGEST_WORD = 40


def plain(form: str) -> str:
    """Numbers and addresses say what they are, not which one."""
    if form.isdigit():
        return "#"
    return "@" if "@" in form else form[:_LONGEST_WORD]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[int, ...]:
    """Character n-grams of 2 to 5 letters of a word with its edges, numbered."""
    edged = f" {word} "
    return tuple(
        crc32(edged[start : start + length].encode())
        for length in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(edged) - length + 1)
    )


def words(forms: Sequence[str], end: str) -> Iterator[int]:
    """Runs of one to three words; the sentence's edges count as words in runs."""
    edged = ["<", *forms, end]
    for form in forms:
        yield crc32(f"w{form}".encode())
    for one, two in pairwise(edged):
        yield crc32(f"w{one} {two}".encode())
    for one, two, three in zip(edged, edged[1:], edged[2:], strict=False):
        yield crc32(f"w{one} {two} {three}".encode())


def pairs(stems: Sequence[str]) -> Iterator[int]:
    """Stems, and two stems near each other in whatever order."""
    for place, stem in enumerate(stems):
        yield crc32(f"s{stem}".encode())
        for other in stems[place + 1 : place + REACH]:
            low, high = (stem, other) if stem < other else (other, stem)
            yield crc32(f"s{low}|{high}".encode())


def negated(forms: Sequence[str], stems: Sequence[str]) -> Iterator[int]:
    """Stems shortly after a word of negation: "do not delete" is no "delete"."""
    for place, form in enumerate(forms):
        if form in _NEGATORS:
            after = stems[place + 1 : place + 1 + _NEGATED]
            yield from (crc32(f"n{stem}".encode()) for stem in after)


def phrases(reading: Reading) -> Iterator[int]:
    """What the lexicon found in one sentence, and which of it stands together."""
    labels, cues = reading.names("labels"), reading.names("cues")
    for hit in reading.hits:
        phrase = hit.phrase
        yield crc32(f"p{phrase.kind}:{phrase.name}:{phrase.pattern.source}".encode())
    yield from (crc32(f"d{label}".encode()) for label in sorted(reading.denied))
    question = "?" if reading.sentence.question else ""
    subject = "S" if reading.sentence.in_subject else ""
    for label in sorted(labels):
        yield crc32(f"l{label}{question}".encode())
        yield crc32(f"l{subject}{label}".encode())
        yield from (crc32(f"l{label}&{cue}".encode()) for cue in sorted(cues))
        yield from (crc32(f"l{label}&{other}".encode()) for other in labels if label < other)


def places(reading: Reading, stems: Sequence[str], first: bool) -> Iterator[int]:
    """Stems of the subject, of the first sentence and of questions."""
    marks = "S" if reading.sentence.in_subject else "F" if first else ""
    marks += "Q" if reading.sentence.question else ""
    return (crc32(f"{mark}{stem}".encode()) for mark in marks for stem in stems)


def letter_features(
    readings: Sequence[Reading], cues: Collection[str]
) -> tuple[list[int], list[int], list[int], list[int], list[int]]:
    """Numbered features by group, in the order of GROUPS; repeated ones stand repeatedly."""
    found: tuple[list[int], list[int], list[int], list[int], list[int]] = ([], [], [], [], [])
    first = True
    for reading in readings:
        forms = [plain(word.form) for word in reading.sentence.words]
        stems = [form[:STEM] for form in forms]
        for form in forms:
            found[0].extend(pieces(form))
        found[1].extend(words(forms, "?" if reading.sentence.question else ">"))
        found[2].extend(pairs(stems))
        found[4].extend(negated(forms, stems))
        found[3].extend(phrases(reading))
        found[4].extend(places(reading, stems, first))
        first = first and reading.sentence.in_subject
    found[3].extend(crc32(f"c{cue}".encode()) for cue in sorted(cues))
    return found
