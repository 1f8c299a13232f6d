"""Where to register, look or ignore: the bars for mistakes first, then few looks.

Chosen only on letters that were written before there was a model (corpus.BLIND): mail as it
comes. Letters written against a model are harder than mail, and thresholds learnt from them send
to a person what needs no person. Drawn again and again by voice, the bars shift; the more careful
half of what is drawn is kept.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.decide import weighed
from mailbot.classify.stack import OUTPUTS

MOST_MISSED, MOST_STRANGERS = 0.007, 0.007  # the bars are 0.010 each
DRAWS, CAREFUL = 200, 0.3  # quantile of the drawn thresholds, counted from the careful end
_FINE = np.round(np.arange(0.002, 0.999, 0.002), 3)
_STEPS = np.round(np.arange(0.02, 0.99, 0.01), 2)
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


def choose_thresholds(odds: Numbers, y: Bools, voices: Sequence[str]) -> dict[str, Any]:
    """`ignore` below, `register` from (likelihood of any request); `labels` for the best F1;
    `spread` is how far the first two lie apart in nine of ten draws of voices.

    A missed request costs a month and perhaps a fine, an acknowledged stranger the trust in the
    desk, a look half a minute: the two bars are kept first, and people see what lies between.
    """
    ask, asked = odds[:, -1], y[:, -1]
    drawn = [_bars(ask[places], asked[places]) for places in _draws(voices)]
    low, high = np.array(drawn).T
    ignore, register = np.quantile(low, CAREFUL), np.quantile(high, 1.0 - CAREFUL)
    said = weighed(odds[:, :-1], ask[:, None])
    labels = {name: _best_f1(said[:, j], y[:, j]) for j, name in enumerate(OUTPUTS[:-1])}
    return {
        "ignore": round(float(ignore), 3),
        "register": round(float(max(ignore, register)), 3),
        "labels": labels,
        "spread": {"ignore": _ninety(low), "register": _ninety(high)},
    }


def _draws(voices: Sequence[str]) -> list[Places]:
    """Places of letters: as many voices as there are, drawn with replacement, DRAWS times."""
    numbers: dict[str, int] = {}
    owner = np.array([numbers.setdefault(voice, len(numbers)) for voice in voices])
    order = np.argsort(owner, kind="stable")
    letters = np.split(order, np.flatnonzero(np.diff(owner[order])) + 1)
    chance = np.random.default_rng(0)
    rounds = chance.integers(len(letters), size=(DRAWS, len(letters)))
    return [np.concatenate([letters[voice] for voice in drawn]) for drawn in rounds]


def _bars(ask: Numbers, asked: Bools) -> tuple[float, float]:
    """The highest `ignore` and the lowest `register` that keep both bars on these letters."""
    low = _share(ask[asked], MOST_MISSED, missed=True)
    high = _share(ask[~asked], MOST_STRANGERS, missed=False)
    return low, high


def _share(ask: Numbers, most: float, *, missed: bool) -> float:
    ordered = np.sort(ask)
    below = np.searchsorted(ordered, _FINE, side="left") / max(1, len(ordered))
    if missed:
        return float(max(_FINE[below <= most], default=_FINE[0]))
    return float(min(_FINE[1.0 - below <= most], default=_FINE[-1]))


def _ninety(drawn: Numbers) -> list[float]:
    return [round(float(each), 3) for each in np.quantile(drawn, (0.05, 0.95))]


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
    missed, registered = ask < thresholds["ignore"], ask >= thresholds["register"]
    said = (weighed(odds[:, :-1], ask[:, None]) >= limits) & ~missed[:, None]
    truth = y[:, :-1]
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
