"""From learnt log-odds and the lexicon's points to calibrated likelihoods.

Two judges learnt on letters by voices the model below had not seen, their log-odds averaged:
a small logistic regression a label, and boosted trees that see everything at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def few_inputs(logits: Sequence[float], points: Mapping[RequestType, float]) -> Numbers:
    """One row an output (OUTPUTS): own log-odds, any's, the best other's, lexicon's, its best."""
    lexicon = [squashed(points.get(label, 0.0)) for label in LABELS]
    best_lexicon = max(lexicon)
    rows = []
    for place in range(len(LABELS)):
        others = max(logits[i] for i in range(len(LABELS)) if i != place)
        rows.append([logits[place], logits[-1], others, lexicon[place], best_lexicon])
    ordered = sorted(logits[:-1], reverse=True)
    rows.append([logits[-1], ordered[0], ordered[1], best_lexicon, sum(lexicon)])
    return np.array(rows)


def all_inputs(logits: Sequence[float], read: LetterRead, cues: Sequence[str]) -> list[float]:
    """One row for the trees: log-odds, the best three, none of them; points; cues; length."""
    lexicon = [squashed(read.points.get(label, 0.0)) for label in LABELS]
    none = math.prod(1.0 - sigmoid(odds) for odds in logits[:-1])
    words = sum(len(reading.sentence.words) for reading in read.readings)
    return [
        *logits,
        *sorted(logits[:-1], reverse=True)[:3],
        none,
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

    def likelihoods(self, logits: Sequence[float], read: LetterRead) -> list[float]:
        """Calibrated likelihoods, one an output."""
        few = few_inputs(logits, read.points)
        linear = (few * self.weights[:, :-1]).sum(axis=1) + self.weights[:, -1]
        grown = self.trees.score(all_inputs(logits, read, self.cues))
        return [sigmoid(odds) for odds in ((linear + grown) / 2).tolist()]
