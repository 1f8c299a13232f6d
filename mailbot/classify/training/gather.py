"""Letters and sentences as sparse matrices of the features worth weighing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mailbot.classify.features import GROUPS, WEIGHTS, cue_features, letter_features, unfolded
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.reading import LetterRead, own_sentences, read_sentences
from mailbot.classify.scoring import LexiconScorer
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training.corpus import Example
from mailbot.quotes import new_spans

MIN_VOICES = 2
_BITS = 31  # two numbers in one: a feature's above, a letter's or voice's below
_BELOW = (1 << _BITS) - 1
Matrix = Any
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """Features of one group in the order of reading: number, letter, sentence (-1: a cue's)."""

    numbers: Places
    letters: Places
    sentences: Places
    pairs: Places  # each feature with each letter it stands in, once, in order


@dataclass(frozen=True, slots=True)
class Gathered:
    """All letters as read, their features, and which letter each sentence stands in."""

    examples: Sequence[Example]
    reads: Sequence[LetterRead]
    found: Sequence[Found]
    owners: Places

    def targets(self) -> Bools:
        """Letters by OUTPUTS."""
        rows = [[o in e.labels for o in OUTPUTS[:-1]] for e in self.examples]
        labelled = np.array(rows, dtype=bool)
        return np.column_stack([labelled, labelled.any(axis=1)])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features worth weighing by group, in order of numbers, and how rare each is."""

    numbers: tuple[NDArray[np.uint32], ...]
    rarity: tuple[NDArray[np.float32], ...]


def gather(examples: Sequence[Example]) -> Gathered:
    """Read every letter as the classifier does."""
    scorer = LexiconScorer(load_lexicons())
    reads = [_read(scorer, example) for example in examples]
    owners = [letter for letter, read in enumerate(reads) for _ in read.readings]
    features = [
        unfolded(one) for r in reads for one in letter_features(r.readings, r.tongue.lexicon)
    ]
    cues = [unfolded(cue_features(read.cues)) for read in reads]
    found = [
        _found([f[group] for f in features], owners, [c[group] for c in cues])
        for group in range(len(GROUPS))
    ]
    return Gathered(examples, reads, found, np.array(owners, dtype=np.int64))


def _read(scorer: LexiconScorer, example: Example) -> LetterRead:
    spans = new_spans(example.body)
    return read_sentences(scorer, own_sentences(example.subject, example.body, spans))


def _found(said: list[list[int]], owners: list[int], cues: list[list[int]]) -> Found:
    lists, letters = [*said, *cues], [*owners, *range(len(cues))]
    sentences = [*range(len(said)), *(-1 for _ in cues)]
    sizes = [len(one) for one in lists]
    numbers = np.array([number for one in lists for number in one], dtype=np.int64)
    letter_of, places = np.repeat(letters, sizes), np.repeat(sentences, sizes)
    return Found(numbers, letter_of, places, np.unique((numbers << _BITS) | letter_of))


def vocabulary(gathered: Gathered, kept: Bools) -> Vocabulary:
    """Features used by at least MIN_VOICES voices of the letters `kept`, and their rarity
    (inverse document frequency).
    """
    names: dict[str, int] = {}
    voices = np.array([names.setdefault(e.voice, len(names)) for e in gathered.examples])
    numbers, rarity = [], []
    for found in gathered.found:
        pairs = found.pairs[kept[found.pairs & _BELOW]]
        features, letters = pairs >> _BITS, pairs & _BELOW
        by_voice = np.unique((features << _BITS) | voices[letters]) >> _BITS
        known, spread = np.unique(by_voice, return_counts=True)
        counts = np.unique(features, return_counts=True)[1][spread >= MIN_VOICES]
        numbers.append(known[spread >= MIN_VOICES].astype(np.uint32))
        rarity.append((np.log((1 + kept.sum()) / (1 + counts)) + 1).astype(np.float32))
    return Vocabulary(tuple(numbers), tuple(rarity))


def letter_matrix(gathered: Gathered, known: Vocabulary) -> Matrix:
    """Letters by features: damped counts times rarity, each group of length one."""
    blocks = [
        _block(found.numbers, found.letters, len(gathered.examples), known, group)
        for group, found in enumerate(gathered.found)
    ]
    return sparse.hstack(blocks, format="csr")


def sentence_matrix(gathered: Gathered, known: Vocabulary) -> Matrix:
    """Sentences by features, alike; cues of the whole letter left out."""
    said = [found.sentences >= 0 for found in gathered.found]
    blocks = [
        _block(found.numbers[own], found.sentences[own], len(gathered.owners), known, group)
        for group, (found, own) in enumerate(zip(gathered.found, said, strict=True))
    ]
    return sparse.hstack(blocks, format="csr")


def _block(numbers: Places, rows: Places, count: int, known: Vocabulary, group: int) -> Matrix:
    kept = known.numbers[group]
    columns = np.minimum(np.searchsorted(kept, numbers), len(kept) - 1)
    here = kept[columns] == numbers
    ones = np.ones(int(here.sum()))
    counted = sparse.csr_matrix((ones, (rows[here], columns[here])), shape=(count, len(kept)))
    counted.data = (1.0 + np.log(counted.data)) * known.rarity[group][counted.indices]
    norms = np.sqrt(np.asarray(counted.multiply(counted).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return sparse.diags(WEIGHTS[group] / norms) @ counted
