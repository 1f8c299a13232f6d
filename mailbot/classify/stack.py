"""From learnt log-odds and the lexicon's points to calibrated likelihoods.

Two judges learnt on letters by voices the model below had not seen, their log-odds averaged:
a small logistic regression a label, and boosted trees that see everything at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.odds import Odds
from mailbot.classify.reading import LetterRead
from models.vocabulary import RequestType

LABELS = tuple(RequestType)
OUTPUTS = (*(label.value for label in LABELS), "any")
LEXICONS = ("et", "en", "ru", "ru-latin", "other")
_FURTHEST = 30.0
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
    rows = [
        [letter[i], letter[-1], _rival(letter, i), best[i], best[-1], _rival(best, i), own]
        for i, own in enumerate(lexicon)
    ]
    first, second = sorted(letter[:-1], reverse=True)[:2]
    rows.append([letter[-1], first, second, best[-1], max(best[:-1]), best[-1], sum(lexicon)])
    return np.array([[*row, max(lexicon)] for row in rows])


def _rival(odds: Sequence[float], label: int) -> float:
    """The best of the other labels."""
    return max(odds[i] for i in range(len(LABELS)) if i != label)


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

    def score(self, row: Sequence[float]) -> Numbers:
        """Log-odds, one an output."""
        values = np.array(row, dtype=np.float32)
        outputs, trees, nodes = self.feature.shape
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        left, right = self.left.ravel(), self.right.ravel()
        first = np.arange(outputs * trees) * nodes
        at = first
        for _ in range(self.depth):
            low = values[feature[at]] <= threshold[at]
            at = first + np.where(low, left[at], right[at])
        total: Numbers = self.value.ravel()[at].reshape(outputs, trees).sum(axis=1)
        return self.start + total


@dataclass(frozen=True, slots=True)
class Stack:
    """Both judges; `weights` of the regression end with the bias, `cues` name trees' inputs."""

    weights: Numbers
    trees: Trees
    cues: tuple[str, ...]

    def odds(self, heard: Odds, read: LetterRead) -> Numbers:
        """Log-odds, one an output: of the regression, and of the trees."""
        few = few_inputs(heard, read.points)
        linear = (few * self.weights[:, :-1]).sum(axis=1) + self.weights[:, -1]
        return np.stack([linear, self.trees.score(all_inputs(heard, read, self.cues))])

    def likelihoods(self, heard: Odds, read: LetterRead) -> list[float]:
        """Calibrated likelihoods, one an output: both judges in the middle."""
        return [sigmoid(each) for each in self.odds(heard, read).mean(axis=0).tolist()]
