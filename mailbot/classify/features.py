"""What the statistical model sees of a letter: pieces of words, words, pairs, phrases, places,
and what words mean whatever the language.

The same functions feed training and reading, so both see the same. Features are written
as short texts and numbered by CRC-32; an artefact keeps the ones it has weights for.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from zlib import crc32

from mailbot.classify.concepts import concepts_of
from mailbot.classify.scoring import Reading

GROUPS = ("pieces", "words", "pairs", "phrases", "places", "meanings")
WEIGHTS = (1.6, 1.3, 1.3, 0.35, 0.3, 1.0)  # length of each group's vector, tried on held-out voices
STEM = 5
REACH = 6
FAR, NEAR = 7, 2
_NEGATING = "not dont never no wont cannot without ei ara arge arme mitte pole ilma ega"
_NEGATING += " не нет ни без нельзя ne net bez"
_NEGATORS = frozenset(_NEGATING.split())
_NEGATED = 3
_SHORTEST, _LONGEST = 2, 5
_LONGEST_WORD = 40
Features = tuple[list[int], list[int], list[int], list[int], list[int], list[int]]


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


def meanings(forms: Sequence[str], reading: Reading, lexicon: str) -> Iterator[int]:
    """Concepts, alike in all languages: alone, in order near each other, together."""
    said = [(at, c) for at, form in enumerate(forms) for c in concepts_of(form, lexicon)]
    marks = ("u", "?" * reading.sentence.question, "S" * reading.sentence.in_subject)
    for _, concept in said:
        yield from (crc32(f"m{mark}{concept}".encode()) for mark in marks if mark)
    for place, (at, one) in enumerate(said):
        for there, two in said[place + 1 :]:
            if there - at > FAR:
                break
            if there > at:
                yield crc32(f"m{one}>{two}".encode())
            if 0 < there - at <= NEAR:
                yield crc32(f"m{one}>>{two}".encode())
    together = sorted({concept for _, concept in said})
    yield from (crc32(f"m{one}|{two}".encode()) for one, two in combinations(together, 2))


def sentence_features(reading: Reading, lexicon: str, first: bool) -> Features:
    """Numbered features of one sentence by group, in the order of GROUPS; repeats stand twice.

    `first`: it is the first of the text (or of the subject).
    """
    forms = [plain(word.form) for word in reading.sentence.words]
    stems = [form[:STEM] for form in forms]
    end = "?" if reading.sentence.question else ">"
    return (
        [number for form in forms for number in pieces(form)],
        list(words(forms, end)),
        list(pairs(stems)),
        list(phrases(reading)),
        [*negated(forms, stems), *places(reading, stems, first)],
        list(meanings(forms, reading, lexicon)),
    )


def letter_features(readings: Sequence[Reading], lexicon: str) -> list[Features]:
    """Features of every sentence, in order; `lexicon` as language.Tongue names it."""
    found, first = [], True
    for reading in readings:
        found.append(sentence_features(reading, lexicon, first))
        first = first and reading.sentence.in_subject
    return found


def cue_features(cues: Collection[str]) -> Features:
    """What stands anywhere in a letter, as the features of one more sentence."""
    return [], [], [], [crc32(f"c{cue}".encode()) for cue in sorted(cues)], [], []
