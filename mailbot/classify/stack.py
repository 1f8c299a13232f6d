"""From learnt log-odds and the lexicon's points to calibrated likelihoods.

A small logistic regression a label, learnt on letters by voices the model below had not seen.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.vocabulary import RequestType

LABELS = tuple(RequestType)
ANY = "any"
OUTPUTS = (*(label.value for label in LABELS), ANY)
Numbers = NDArray[np.float64]


def squashed(points: float) -> float:
    """Lexicon points kept within a range, so that no pile of phrases outshouts the rest."""
    return math.tanh(points / 4.0)


def inputs(logits: Sequence[float], points: Mapping[RequestType, float]) -> Numbers:
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


def likelihoods(header: Mapping[str, Any], rows: Numbers) -> list[float]:
    """Calibrated likelihoods, one an output."""
    weights = np.array(header["stack"])
    odds = (rows * weights[:, :-1]).sum(axis=1) + weights[:, -1]
    return [1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odd)))) for odd in odds.tolist()]
