"""From learnt log-odds and the lexicon's points to calibrated likelihoods.

Two judges learnt on letters by voices the model below had not seen, their log-odds averaged:
a small logistic regression a label, and boosted trees that see everything at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.odds import Odds
from mailbot.classify.reading import LetterRead
from models.vocabulary import RequestType

LABELS = tuple(RequestType)
OUTPUTS = (*(label.value for label in LABELS), "any")
LEXICONS = ("et", "en", "ru", "ru-latin", "other")
LEAVES = 8  # of a tree at most
_FURTHEST = 30.0
_FIRST_LEFT = np.array([(~out & out + 1).bit_length() - 1 for out in range(1 << LEAVES)])
Numbers = NDArray[np.float64]


def squashed(points: float) -> float:
    """Lexicon points kept within a range, so that no pile of phrases outshouts the rest."""
    return math.tanh(points / 4.0)


def sigmoid(odds: float) -> float:
    """Log-odds to 0..1, never quite either."""
    return 1.0 / (1.0 + math.exp(-max(-_FURTHEST, min(_FURTHEST, odds))))


def few_inputs(odds: Odds, points: Mapping[RequestType, float]) -> Numbers:
    """One row an output (OUTPUTS): own log-odds, any's, the best other's; own best sentence,
    the most asking one, the best of another output; the lexicon's points, its best.
    """
    lexicon = [squashed(points.get(label, 0.0)) for label in LABELS]
    best, letter = odds.best_two()[0].tolist(), odds.letter.tolist()
    first, second = sorted(letter[:-1], reverse=True)[:2]
    leader, next_best = sorted(best[:-1], reverse=True)[:2]
    rows = [
        [
            letter[i],
            letter[-1],
            second if letter[i] == first else first,
            best[i],
            best[-1],
            next_best if best[i] == leader else leader,
            own,
        ]
        for i, own in enumerate(lexicon)
    ]
    rows.append([letter[-1], first, second, best[-1], leader, best[-1], sum(lexicon)])
    return np.array([[*row, max(lexicon)] for row in rows])


def all_inputs(odds: Odds, read: LetterRead, cues: Sequence[str]) -> list[float]:
    """One row for the trees: log-odds of the letter, the best three, none of them; of the best
    sentences, of the most asking one; points; cues; length.
    """
    lexicon = [squashed(read.points.get(label, 0.0)) for label in LABELS]
    logits = odds.letter.tolist()
    best, second = odds.best_two()
    none = math.prod(1.0 - sigmoid(each) for each in logits[:-1])
    words = sum(len(reading.sentence.words) for reading in read.readings)
    return [
        *logits,
        *sorted(logits[:-1], reverse=True)[:3],
        none,
        *best.tolist(),
        *second.tolist(),
        *odds.asking().tolist(),
        *lexicon,
        *sorted(lexicon, reverse=True)[:2],
        sum(lexicon),
        *(float(cue in read.cues) for cue in cues),
        math.log1p(words),
        float(len(read.readings)),
        *(float(read.tongue.lexicon == name) for name in LEXICONS),
    ]


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees of every output: outputs by trees by nodes; a leaf leads to itself."""

    feature: NDArray[np.int16]
    threshold: Numbers
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    start: Numbers
    depth: int


class Forest(NamedTuple):
    """Trees asked all at once (Lucchese et al., QuickScorer, 2015): a node whose input is too
    high takes out the leaves on its left, and the first leaf that stays is where a walk ends.

    Inner nodes by trees, what each takes out as bits; leaves from left to right, a tree's
    beginning at `first`.
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    takes_out: NDArray[np.uint8]
    leaves: NDArray[np.float32]
    first: NDArray[np.intp]
    start: Numbers

    def score(self, row: Sequence[float]) -> Numbers:
        """Log-odds, one an output."""
        high = np.array(row, dtype=np.float32).take(self.feature) > self.threshold
        out = np.bitwise_or.reduce(self.takes_out * high, axis=0)
        said = self.leaves.take(_FIRST_LEFT.take(out) + self.first)
        total: Numbers = said.reshape(len(self.start), -1).sum(axis=1)
        return self.start + total


def forest(trees: Trees) -> Forest:
    """The same trees, to be asked at once; each has at most LEAVES leaves."""
    count, nodes = trees.left.shape[0] * trees.left.shape[1], trees.left.shape[2]
    left, right = (side.reshape(count, nodes).tolist() for side in (trees.left, trees.right))
    walks = [_walk(*sides) for sides in zip(left, right, strict=True)]
    inner = [_filled([node for node, _ in asked], LEAVES - 1) for _, asked in walks]
    leaves = np.array([_filled(found, LEAVES) for found, _ in walks])
    taken = [_filled([out for _, out in asked], LEAVES - 1) for _, asked in walks]
    begin = np.arange(count)[:, None] * nodes
    places = (np.array(inner) + begin).T
    return Forest(
        trees.feature.ravel().take(places).astype(np.intp),
        _rounded_down(trees.threshold.ravel().take(places)),
        np.array(taken, dtype=np.uint8).T.copy(),
        trees.value.ravel().take(leaves + begin).ravel(),
        np.arange(count) * LEAVES,
        trees.start,
    )


def _walk(left: Sequence[int], right: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Leaves from left to right; inner nodes, each with the leaves on its left as bits."""
    leaves: list[int] = []
    inner: list[tuple[int, int]] = []

    def visit(node: int) -> None:
        if left[node] == node:
            leaves.append(node)
            return
        before = len(leaves)
        visit(left[node])
        inner.append((node, (1 << len(leaves)) - (1 << before)))
        visit(right[node])

    visit(0)
    return leaves, inner


def _filled(numbers: Sequence[int], size: int) -> list[int]:
    return [*numbers, *[0] * (size - len(numbers))]


def _rounded_down(numbers: Numbers) -> NDArray[np.float32]:
    """The nearest float32 not above, so that comparing with a float32 gives the same answer."""
    near = numbers.astype(np.float32)
    return np.where(near > numbers, np.nextafter(near, np.float32(-np.inf)), near)


@dataclass(frozen=True, slots=True)
class Stack:
    """Both judges; `weights` of the regression end with the bias, `cues` name trees' inputs."""

    weights: Numbers
    trees: Trees
    cues: tuple[str, ...]
    forest: Forest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "forest", forest(self.trees))

    def odds(self, heard: Odds, read: LetterRead) -> Numbers:
        """Log-odds, one an output: of the regression, and of the trees."""
        return self.judge(few_inputs(heard, read.points), all_inputs(heard, read, self.cues))

    def judge(self, few: Numbers, row: Sequence[float]) -> Numbers:
        """The same, of inputs at hand."""
        linear = (few * self.weights[:, :-1]).sum(axis=1) + self.weights[:, -1]
        return np.stack([linear, self.forest.score(row)])

    def likelihoods(self, heard: Odds, read: LetterRead) -> list[float]:
        """Calibrated likelihoods, one an output: both judges in the middle."""
        return [sigmoid(each) for each in self.odds(heard, read).mean(axis=0).tolist()]
