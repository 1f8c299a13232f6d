"""Where to register, look or ignore: the bars for mistakes first, then few looks.

Chosen only on mail as it comes (corpus.BLIND). Letters written against a model, or about one hard
corner, are harder than mail, and thresholds learnt from them send to a person what needs no person.
Voices are drawn again and again, and the middle of what keeps the bars is taken, so that no single
letter sets a threshold.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.decide import weighed
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training.corpus import Example, blind

MOST_MISSED = 0.008  # the bar is 0.010
MOST_STRANGERS = 0.005  # 0.010 of mail that looks like a request, 0.002 of all other: half and half
DRAWS = 200
_FINE = np.round(np.arange(0.002, 0.999, 0.002), 3)
_STEPS = np.round(np.arange(0.02, 0.99, 0.01), 2)
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


def choose_thresholds(odds: Numbers, y: Bools, examples: Sequence[Example]) -> dict[str, Any]:
    """`ignore` below, `register` from (likelihood of any request); `labels` for the best F1 of all
    together (one each, learnt apart, did worse on voices held out); `spread` is how far the first
    two lie apart in nine of ten draws of voices.

    A missed request costs a month and perhaps a fine, an acknowledged stranger the trust in the
    desk, a look half a minute: the two bars are kept first, and people see what lies between.
    """
    said = weighed(odds[:, :-1], odds[:, -1:])
    label = _best_f1(said, y[:, :-1])
    taken = np.where((said >= label).any(axis=1), odds[:, -1], 0.0)  # no label, no register
    comes = np.array(blind(examples))
    ask, taken, asked = odds[comes, -1], taken[comes], y[comes, -1]
    draws = _draws([examples[place].voice for place in comes])
    low, high = np.array([_bars(ask[p], taken[p], asked[p]) for p in draws]).T
    ignore, register = np.median(low), np.median(high)
    return {
        "ignore": round(float(ignore), 3),
        "register": round(float(max(ignore, register)), 3),
        "labels": dict.fromkeys(OUTPUTS[:-1], label),
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


def _bars(ask: Numbers, taken: Numbers, asked: Bools) -> tuple[float, float]:
    """The highest `ignore` and the lowest `register` that keep both bars on these letters."""
    missed, strangers = _below(ask[asked]), 1.0 - _below(taken[~asked])
    low = max(_FINE[missed <= MOST_MISSED], default=_FINE[0])
    high = min(_FINE[strangers <= MOST_STRANGERS], default=_FINE[-1])
    return float(low), float(high)


def _below(likely: Numbers) -> Numbers:
    """The share of letters below each step."""
    shares: Numbers = np.searchsorted(np.sort(likely), _FINE) / max(1, len(likely))
    return shares


def _ninety(drawn: Numbers) -> list[float]:
    return [round(float(each), 3) for each in np.quantile(drawn, (0.05, 0.95))]


def _best_f1(odds: Numbers, y: Bools) -> float:
    """The step with the best micro-F1."""

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
    missed = ask < thresholds["ignore"]
    said = (weighed(odds[:, :-1], ask[:, None]) >= limits) & ~missed[:, None]
    registered = (ask >= thresholds["register"]) & said.any(axis=1)
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
