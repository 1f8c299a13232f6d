"""Fitting the linear model and the stack above it; deterministic, one thread."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from mailbot.classify.features import GROUPS, WEIGHTS, letter_features
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.reading import LetterRead, own_sentences, read_sentences
from mailbot.classify.scoring import LexiconScorer
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training.corpus import Example
from mailbot.quotes import new_spans

STRENGTH = 60.0
MIN_VOICES = 2
Matrix = Any
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example with what both scorers see of it."""

    example: Example
    read: LetterRead
    features: tuple[list[int], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features worth weighing: number to column, by group, and how rare each is."""

    columns: tuple[dict[int, int], ...]
    rarity: tuple[NDArray[np.float32], ...]


def prepare(examples: Sequence[Example]) -> list[Prepared]:
    """Read every letter as the classifier does."""
    scorer = LexiconScorer(load_lexicons())
    return [_prepare(scorer, example) for example in examples]


def _prepare(scorer: LexiconScorer, example: Example) -> Prepared:
    spans = new_spans(example.body)
    read = read_sentences(scorer, own_sentences(example.subject, example.body, spans))
    return Prepared(example, read, letter_features(read.readings, read.cues))


def targets(prepared: Sequence[Prepared]) -> Bools:
    """Letters by OUTPUTS."""
    rows = [[o in p.example.labels for o in OUTPUTS[:-1]] for p in prepared]
    labelled = np.array(rows, dtype=bool)
    return np.column_stack([labelled, labelled.any(axis=1)])


def vocabulary(prepared: Sequence[Prepared]) -> Vocabulary:
    """Features used by at least MIN_VOICES voices, and their inverse document frequency."""
    columns, rarity = [], []
    for group in range(len(GROUPS)):
        voices: dict[int, set[str]] = defaultdict(set)
        letters: Counter[int] = Counter()
        for one in prepared:
            for number in set(one.features[group]):
                voices[number].add(one.example.voice)
                letters[number] += 1
        kept = sorted(number for number, who in voices.items() if len(who) >= MIN_VOICES)
        columns.append({number: column for column, number in enumerate(kept)})
        counts = np.array([letters[number] for number in kept], dtype=np.float64)
        rarity.append((np.log((1 + len(prepared)) / (1 + counts)) + 1).astype(np.float32))
    return Vocabulary(tuple(columns), tuple(rarity))


def matrix(prepared: Sequence[Prepared], known: Vocabulary) -> Matrix:
    """Letters by features: damped counts times rarity, each group of length one."""
    return sparse.hstack(
        [_block(prepared, known, group) for group in range(len(GROUPS))], format="csr"
    )


def _block(prepared: Sequence[Prepared], known: Vocabulary, group: int) -> Matrix:
    columns, rarity = known.columns[group], known.rarity[group]
    values, places, ends = [], [], [0]
    for one in prepared:
        counts = Counter(c for n in one.features[group] if (c := columns.get(n)) is not None)
        found = np.array(sorted(counts), dtype=np.int64)
        row = (1.0 + np.log([counts[int(c)] for c in found])) * rarity[found]
        values.append(WEIGHTS[group] * row / (np.sqrt((row * row).sum()) or 1.0))
        places.append(found)
        ends.append(ends[-1] + len(found))
    data = (np.concatenate(values), np.concatenate(places), np.array(ends))
    return sparse.csr_matrix(data, shape=(len(prepared), len(columns)))


def fit(x: Matrix, y: Bools) -> tuple[Numbers, Numbers]:
    """Weights (features by outputs) and biases of one logistic regression an output."""
    fitted = [_one(x, y[:, column]) for column in range(y.shape[1])]
    weights = np.column_stack([model.coef_[0] for model in fitted])
    return weights, np.array([model.intercept_[0] for model in fitted])


def _one(x: Matrix, y: Bools) -> Any:
    model = LogisticRegression(
        C=STRENGTH, solver="liblinear", class_weight="balanced", random_state=0
    )
    return model.fit(x, y)


def out_of_fold(prepared: Sequence[Prepared], y: Bools, fold: NDArray[np.int64]) -> Numbers:
    """Log-odds of every letter by models that saw none of its voice."""
    logits = np.zeros(y.shape)
    for number in sorted(set(fold.tolist())):
        seen = [p for p, f in zip(prepared, fold, strict=True) if f != number]
        held = [p for p, f in zip(prepared, fold, strict=True) if f == number]
        known = vocabulary(seen)
        weights, bias = fit(matrix(seen, known), y[fold != number])
        logits[fold == number] = matrix(held, known) @ weights + bias
    return logits
