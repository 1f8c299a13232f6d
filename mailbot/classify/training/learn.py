"""Fitting the linear model, of letters and of sentences alone; deterministic, a fold a core."""

import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from mailbot.classify.odds import FURTHEST, Odds
from mailbot.classify.training.gather import (
    Gathered,
    Vocabulary,
    letter_matrix,
    sentence_matrix,
    vocabulary,
)

OF_LETTERS, OF_SENTENCES = 60.0, 30.0  # the less, the smoother; tried on held-out voices
CORES = 2
_LEAST = 1e-9
Matrix = Any
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Features by outputs and a bias an output: of letters, and of sentences alone."""

    known: Vocabulary
    letters: tuple[Numbers, Numbers]
    sentences: tuple[Numbers, Numbers]


def fit(gathered: Gathered, y: Bools, kept: Bools) -> Weights:
    """Learn from the letters `kept`; `y` is letters by outputs."""
    return _fit(gathered, y, kept)[0]


def _fit(gathered: Gathered, y: Bools, kept: Bools) -> tuple[Weights, Matrix, Matrix]:
    known = vocabulary(gathered, kept)
    whole, alone = letter_matrix(gathered, known), sentence_matrix(gathered, known)
    letters = _letters(whole, y, kept)
    sentences = _alone(alone, gathered.owners, y, kept, letters)
    return Weights(known, letters, sentences), whole, alone


def _letters(whole: Matrix, y: Bools, kept: Bools) -> tuple[Numbers, Numbers]:
    x, y = whole[kept], y[kept]
    labels = [_one(x, y[:, j], OF_LETTERS) for j in range(y.shape[1] - 1)]
    return _several([*labels, _telling(x, y[:, -1], OF_LETTERS)])


def _telling(x: Matrix, y: Bools, strength: float) -> tuple[Numbers, float]:
    """Features made the longer the more they tell (Wang & Manning, Baselines and Bigrams, 2012):
    pays for "any", whose examples are many, and not for labels, whose are few.
    """
    lengths = _lengths(x, y)
    weights, bias = _one(x @ sparse.diags(lengths), y, strength)
    return weights * lengths, bias


def _lengths(x: Matrix, y: Bools) -> Numbers:
    """Root of how far apart the shares of both sides are in which a feature stands, in logs;
    scaled so that letters stay as long as they were on average.
    """
    here = sparse.csr_matrix((np.ones(x.nnz), x.indices, x.indptr), shape=x.shape)
    shares = [(1.0 + here[side].sum(axis=0)) / (2.0 + side.sum()) for side in (y, ~y)]
    lengths = np.sqrt(np.abs(np.log(shares[0] / shares[1])))
    lengths = np.asarray(lengths).ravel()
    squares = np.asarray(x.multiply(x).sum(axis=0)).ravel()
    scaled: Numbers = lengths * np.sqrt(squares.sum() / max(squares @ lengths**2, _LEAST))
    return scaled


def _alone(
    x: Matrix, owners: Places, y: Bools, kept: Bools, start: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """Sentences of letters with a label do not all ask for it: only the one that scores best
    counts, by the model of letters.
    """
    here = kept[owners]
    x, owners = x[here], owners[here]
    scores = x @ start[0] + start[1]
    return _several([_best_alone(x, owners, y[:, j], scores[:, j]) for j in range(y.shape[1])])


def _best_alone(x: Matrix, owners: Places, said: Bools, scores: Numbers) -> tuple[Numbers, float]:
    order = np.lexsort((-scores, owners))
    best = order[np.flatnonzero(np.diff(owners[order], prepend=-1))]
    chosen = ~said[owners]
    chosen[best] = True
    rows = np.flatnonzero(chosen)
    return _one(x[rows], said[owners[rows]], OF_SENTENCES)


def _several(fitted: Sequence[tuple[Numbers, float]]) -> tuple[Numbers, Numbers]:
    return np.column_stack([weights for weights, _ in fitted]), np.array([b for _, b in fitted])


def _one(x: Matrix, y: Bools, strength: float) -> tuple[Numbers, float]:
    if not y.any() or y.all():  # nothing to tell apart, in a corpus this small
        return np.zeros(x.shape[1]), FURTHEST if y.any() else -FURTHEST
    model = LogisticRegression(
        C=strength,
        solver="liblinear",
        dual=True,
        class_weight="balanced",
        tol=0.01,
        max_iter=40,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough is enough
        model.fit(x, y)
    return model.coef_[0], float(model.intercept_[0])


def _hear(gathered: Gathered, y: Bools, held: Bools, seen: Bools) -> tuple[Numbers, Numbers]:
    """Log-odds of the letters `held` and of their sentences, learnt from the letters `seen`."""
    weights, whole, alone = _fit(gathered, y, seen)
    theirs = alone[held[gathered.owners]]
    return (
        whole[held] @ weights.letters[0] + weights.letters[1],
        theirs @ weights.sentences[0] + weights.sentences[1],
    )


def hear_letters(gathered: Gathered, y: Bools, held: Bools, seen: Bools) -> Numbers:
    """Log-odds of the letters `held` as wholes, learnt from the letters `seen`."""
    whole = letter_matrix(gathered, vocabulary(gathered, seen))
    weights, bias = _letters(whole, y, seen)
    odds: Numbers = whole[held] @ weights + bias
    return odds


def out_of_fold(
    gathered: Gathered, y: Bools, fold: Places, kept: Bools | None = None
) -> list[Odds]:
    """Log-odds of every letter by models that saw none of its voice; they learn from the
    letters `kept`, all unless given.
    """
    letters = np.zeros(y.shape, dtype=np.float32)
    sentences = np.zeros((len(gathered.owners), y.shape[1]), dtype=np.float32)
    helds = [fold == number for number in sorted(set(fold.tolist()))]
    seens = [~held if kept is None else ~held & kept for held in helds]
    with ProcessPoolExecutor(max_workers=CORES) as pool:
        found = pool.map(partial(_hear, gathered, y), helds, seens)
        for held, (of_letters, of_sentences) in zip(helds, found, strict=True):
            letters[held], sentences[held[gathered.owners]] = of_letters, of_sentences
    ends = np.searchsorted(gathered.owners, np.arange(len(y) + 1))
    clipped = np.clip(sentences, -FURTHEST, FURTHEST)
    return [
        Odds(letter, clipped[start:end])
        for letter, start, end in zip(letters, ends[:-1], ends[1:], strict=True)
    ]
