"""Fitting the two judges above the linear model: a regression and boosted trees."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from mailbot.classify.odds import Odds
from mailbot.classify.reading import LetterRead
from mailbot.classify.stack import LEAVES, Stack, Trees, all_inputs, few_inputs

TREES = 150
CORES = 2
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def fit_stack(
    heard: Sequence[Odds], reads: Sequence[LetterRead], y: Bools, cues: Sequence[str]
) -> Stack:
    """Both judges, learnt from log-odds of letters by voices the model had not seen."""
    return _fit(_inputs(heard, reads, cues), cues, y, np.ones(len(y), dtype=bool))


class Inputs(NamedTuple):
    """What the judges look at: letters by outputs by inputs of the regression; of the trees."""

    few: Numbers
    rows: NDArray[np.float32]


def _inputs(heard: Sequence[Odds], reads: Sequence[LetterRead], cues: Sequence[str]) -> Inputs:
    pairs = list(zip(heard, reads, strict=True))
    few = np.array([few_inputs(odds, read.points) for odds, read in pairs])
    rows = np.array([all_inputs(odds, read, cues) for odds, read in pairs], dtype=np.float32)
    return Inputs(few, rows)


def _fit(inputs: Inputs, cues: Sequence[str], y: Bools, seen: Bools) -> Stack:
    few, y = inputs.few[seen], y[seen]
    weights = np.array([_regression(few[:, j, :], y[:, j]) for j in range(y.shape[1])])
    return Stack(weights, _trees(inputs.rows[seen], y), tuple(cues))


def held_out(
    heard: Sequence[Odds],
    reads: Sequence[LetterRead],
    y: Bools,
    fold: NDArray[np.int64],
) -> Numbers:
    """Log-odds of every letter by judges that saw none of its voice: judges by letters by
    outputs.
    """
    cues = cue_names(reads)
    inputs = _inputs(heard, reads, cues)
    odds = np.zeros((2, *y.shape))
    helds = [fold == number for number in sorted(set(fold.tolist()))]
    with ProcessPoolExecutor(max_workers=CORES) as pool:
        for held, found in zip(
            helds, pool.map(partial(_held_out, inputs, cues, y), helds), strict=True
        ):
            odds[:, held] = found
    return odds


def _held_out(inputs: Inputs, cues: Sequence[str], y: Bools, held: Bools) -> Numbers:
    stack, places = _fit(inputs, cues, y, ~held), np.flatnonzero(held)
    return np.stack(
        [stack.judge(inputs.few[place], inputs.rows[place]) for place in places], axis=1
    )


def likelihoods(odds: Numbers) -> Numbers:
    """Log-odds to 0..1."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))


def cue_names(reads: Sequence[LetterRead]) -> tuple[str, ...]:
    """All cues that stand anywhere, in order of names."""
    return tuple(sorted({cue for read in reads for cue in read.cues}))


def _regression(x: Numbers, y: Bools) -> list[float]:
    model = LogisticRegression(C=1.0, max_iter=2000, tol=1e-8).fit(x, y)
    return [round(float(n), 4) for n in [*model.coef_[0], model.intercept_[0]]]


def _trees(rows: NDArray[np.float32], y: Bools) -> Trees:
    models = [_boosted(rows, y[:, j]) for j in range(y.shape[1])]
    grown = [[tree.nodes for (tree,) in model._predictors] for model in models]
    nodes = max(len(tree) for trees in grown for tree in trees)
    shape = (len(grown), TREES, nodes)
    itself = np.broadcast_to(np.arange(nodes, dtype=np.int16), shape)
    made = Trees(
        np.zeros(shape, np.int16),
        np.zeros(shape),
        itself.copy(),
        itself.copy(),
        np.zeros(shape, np.float32),
        np.array([round(float(model._baseline_prediction.item()), 6) for model in models]),
        max(int(tree["depth"].max()) for trees in grown for tree in trees),
    )
    for output, trees in enumerate(grown):
        for place, tree in enumerate(trees):
            _plant(made, (output, place), tree)
    return made


def _plant(made: Trees, place: tuple[int, int], tree: Any) -> None:
    """Copies one tree; a leaf leads to itself."""
    kept = np.flatnonzero(tree["is_leaf"] == 0)
    made.feature[place][kept] = tree["feature_idx"][kept]
    made.threshold[place][kept] = tree["num_threshold"][kept]
    made.left[place][kept] = tree["left"][kept]
    made.right[place][kept] = tree["right"][kept]
    made.value[place][: len(tree)] = np.round(tree["value"], 5)


def _boosted(rows: NDArray[np.float32], y: Bools) -> Any:
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.06,
        max_leaf_nodes=LEAVES,
        max_features=0.3,
        min_samples_leaf=30,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(limits=1):  # tables this small are learnt no faster by more
        return model.fit(rows, y)
