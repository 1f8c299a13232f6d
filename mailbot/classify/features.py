"""What the statistical model sees of a letter: pieces of words, words, pairs, phrases, places,
and what words mean whatever the language.

The same functions feed training and reading, so both see the same. Features are numbered by
the CRC-32 of a short text, which is told from its beginning on, so that what two features
begin with is reckoned once; an artefact keeps the ones it has weights for.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple
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
_LONGEST = 5
_LONGEST_WORD = 40
_BEGUN = {mark: crc32(mark.encode()) for mark in "SFQndcl"}


class Features(NamedTuple):
    """Of one sentence: its plain words, which stand for `alone` of each; and what words make
    together, numbered by group. Repeats stand twice.
    """

    forms: Sequence[str] = ()
    words: Sequence[int] = ()
    pairs: Sequence[int] = ()
    phrases: Sequence[int] = ()
    places: Sequence[int] = ()
    meanings: Sequence[int] = ()

    @property
    def together(self) -> tuple[Sequence[int], ...]:
        """Numbers by group from the second group on."""
        return self.words, self.pairs, self.phrases, self.places, self.meanings


class Form(NamedTuple):
    """A plain word, its stem, and what the numbers of their features begin with."""

    spaced: bytes
    word: int
    stem: bytes
    stem_alone: int
    stem_first: int


class Concept(NamedTuple):
    """A meaning, and the numbers of what begins with it."""

    name: bytes
    before: int
    near: int
    beside: int


def plain(form: str) -> str:
    """Numbers and addresses say what they are, not which one."""
    if form.isdigit():
        return "#"
    return "@" if "@" in form else form[:_LONGEST_WORD]


@lru_cache(maxsize=8_000)
def form_of(word: str) -> Form:
    """What a plain word brings into features."""
    stem = word[:STEM].encode()
    alone = crc32(b"s" + stem)
    said = word.encode()
    return Form(b" " + said, crc32(b"w" + said), stem, alone, crc32(b"|", alone))


@lru_cache(maxsize=1_000)
def concept_of(name: str) -> Concept:
    """What a meaning brings into features."""
    said = name.encode()
    alone = crc32(b"m" + said)
    return Concept(said, crc32(b">", alone), crc32(b">>", alone), crc32(b"|", alone))


def alone(word: str) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Features of a plain word by itself, in the first three groups."""
    form = form_of(word)
    return pieces(word), (form.word,), (form.stem_alone,)


def unfolded(features: Features) -> list[list[int]]:
    """All features by group, those of words by themselves too, in the order of GROUPS."""
    groups = [list(numbers) for numbers in ((), *features.together)]
    for word in features.forms:
        for group, numbers in enumerate(alone(word)):
            groups[group].extend(numbers)
    return groups


@lru_cache(maxsize=1_000)  # of many numbers each; the model keeps their rows for longer
def pieces(word: str) -> tuple[int, ...]:
    """Character n-grams of 2 to 5 letters of a word with its edges, numbered."""
    letters = [letter.encode() for letter in f" {word} "]
    found, longer = [], list(map(crc32, letters))
    for begin in range(1, _LONGEST):
        longer = list(map(crc32, letters[begin:], longer))
        found += longer
    return tuple(found)


def words(forms: Sequence[Form], end: bytes) -> list[int]:
    """Runs of two and three words; the sentence's edges count as words in runs."""
    spaced = [*(form.spaced for form in forms), b" " + end]
    begun = [crc32(b"w<"), *(form.word for form in forms)]
    twos = list(map(crc32, spaced, begun))
    return twos + list(map(crc32, spaced[1:], twos))


def pairs(forms: Sequence[Form]) -> list[int]:
    """Two stems near each other in whatever order."""
    return [
        crc32(high.stem, low.stem_first)
        for place, one in enumerate(forms)
        for other in forms[place + 1 : place + REACH]
        for low, high in ((one, other) if one.stem < other.stem else (other, one),)
    ]


def negated(words: Sequence[str], forms: Sequence[Form]) -> Iterator[int]:
    """Stems shortly after a word of negation: "do not delete" is no "delete"."""
    for place, word in enumerate(words):
        if word in _NEGATORS:
            after = forms[place + 1 : place + 1 + _NEGATED]
            yield from (crc32(form.stem, _BEGUN["n"]) for form in after)


def phrases(reading: Reading) -> Iterator[int]:
    """What the lexicon found in one sentence, and which of it stands together."""
    labels, cues = reading.names("labels"), reading.names("cues")
    for hit in reading.hits:
        yield hit.phrase.number
    yield from (crc32(label.encode(), _BEGUN["d"]) for label in sorted(reading.denied))
    question = "?" if reading.sentence.question else ""
    subject = "S" if reading.sentence.in_subject else ""
    for label in sorted(labels):
        yield crc32(f"l{label}{question}".encode())
        yield crc32(f"l{subject}{label}".encode())
        yield from (crc32(f"l{label}&{cue}".encode()) for cue in sorted(cues))
        yield from (crc32(f"l{label}&{other}".encode()) for other in labels if label < other)


def places(reading: Reading, forms: Sequence[Form], first: bool) -> Iterator[int]:
    """Stems of the subject, of the first sentence and of questions."""
    marks = "S" if reading.sentence.in_subject else "F" if first else ""
    marks += "Q" if reading.sentence.question else ""
    return (crc32(form.stem, _BEGUN[mark]) for mark in marks for form in forms)


def meanings(words: Sequence[str], reading: Reading, lexicon: str) -> list[int]:
    """Concepts, alike in all languages: alone, in order near each other, together."""
    said = [
        (at, concept_of(c)) for at, word in enumerate(words) for c in concepts_of(word, lexicon)
    ]
    marks = [b"mu"]
    marks += [b"m?"] * reading.sentence.question + [b"mS"] * reading.sentence.in_subject
    begun = [crc32(mark) for mark in marks]
    found = [crc32(concept.name, mark) for _, concept in said for mark in begun]
    for place, (at, one) in enumerate(said):
        for there, two in said[place + 1 :]:
            if there - at > FAR:
                break
            if there > at:
                found.append(crc32(two.name, one.before))
            if 0 < there - at <= NEAR:
                found.append(crc32(two.name, one.near))
    together = sorted({concept for _, concept in said})
    found += [crc32(two.name, one.beside) for one, two in combinations(together, 2)]
    return found


def sentence_features(reading: Reading, lexicon: str, first: bool) -> Features:
    """Features of one sentence; `first`: it is the first of the text (or of the subject)."""
    said = [plain(word.form) for word in reading.sentence.words]
    forms = [form_of(word) for word in said]
    return Features(
        said,
        words(forms, b"?" if reading.sentence.question else b">"),
        pairs(forms),
        list(phrases(reading)),
        [*negated(said, forms), *places(reading, forms, first)],
        meanings(said, reading, lexicon),
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
    return Features(phrases=[crc32(cue.encode(), _BEGUN["c"]) for cue in sorted(cues)])
