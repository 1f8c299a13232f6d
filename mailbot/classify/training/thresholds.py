"""Where to register, look or ignore: the bars for mistakes first, then few looks."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.stack import OUTPUTS

MOST_MISSED, MOST_STRANGERS = 0.010, 0.010
_FINE = np.round(np.arange(0.002, 0.999, 0.002), 3)
_STEPS = np.round(np.arange(0.02, 0.99, 0.01), 2)
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def choose_thresholds(odds: Numbers, y: Bools) -> dict[str, Any]:
    """`ignore` below, `register` from (likelihood of any request); `labels` for the best F1.

    A missed request costs a month and perhaps a fine, an acknowledged stranger the trust in the
    desk, a look half a minute: the two bars are kept first, and people see what lies between.
    """
    ask, asked = odds[:, -1], y[:, -1]
    low = max((t for t in _FINE if (ask[asked] < t).mean() <= MOST_MISSED), default=_FINE[0])
    high = min((t for t in _FINE if (ask[~asked] >= t).mean() <= MOST_STRANGERS), default=0.99)
    labels = {name: _best_f1(odds[:, j], y[:, j]) for j, name in enumerate(OUTPUTS[:-1])}
    return {"ignore": float(low), "register": float(max(low, high)), "labels": labels}


def _best_f1(odds: Numbers, y: Bools) -> float:
    def f1(step: float) -> float:
        said = odds >= step
        return float(2 * (said & y).sum() / max(1, said.sum() + y.sum()))

    scores = [f1(step) for step in _STEPS]
    smooth = [min(a, b) for a, b in pairwise(scores)]
    return float(_STEPS[int(np.argmax(smooth))])


def summary(odds: Numbers, y: Bools, thresholds: dict[str, Any]) -> dict[str, float]:
    """Figures on letters by voices held out, as shares."""
    ask, asked = odds[:, -1], y[:, -1]
    limits = np.array([thresholds["labels"][name] for name in OUTPUTS[:-1]])
    said = (odds[:, :-1] >= limits) & (ask >= thresholds["ignore"])[:, None]
    truth = y[:, :-1]
    missed, registered = ask < thresholds["ignore"], ask >= thresholds["register"]
    exact = (said == truth).all(axis=1)[registered & asked]
    figures = {
        "micro_f1": 2 * (said & truth).sum() / (said.sum() + truth.sum()),
        "missed": (missed & asked).sum() / asked.sum(),
        "strangers": (registered & ~asked).sum() / (~asked).sum(),
        "triage_requests": (asked & ~missed & ~registered).sum() / asked.sum(),
        "triage_others": (~asked & ~missed & ~registered).sum() / (~asked).sum(),
        "exact_registered": exact.sum() / max(1, len(exact)),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}
