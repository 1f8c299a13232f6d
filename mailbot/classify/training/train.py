"""`train`: the corpus in, the artefact out; same corpus, same bytes."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.corpus_digest import FOLDER, corpus_digest
from mailbot.classify.linear import ARTEFACT, pack, write
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training import judges, learn
from mailbot.classify.training.corpus import fold_of, read
from mailbot.classify.training.thresholds import choose_thresholds, summary

FOLDS = 5
GENERATION = "blend-2026.1"


def train(corpus_dir: Path = FOLDER, out: Path = ARTEFACT) -> dict[str, Any]:
    """Learn from every letter of `corpus_dir`, write `out`, return the header with its scores.

    Scores are of letters by voices held out. Raises OSError, ValueError, KeyError.
    """
    prepared = learn.prepare(read(corpus_dir))
    y = learn.targets(prepared)
    fold = np.array(fold_of([p.example for p in prepared], FOLDS))
    reads = [p.read for p in prepared]
    logits = learn.out_of_fold(prepared, y, fold)
    odds = judges.held_out(logits, reads, y, fold)
    stack = judges.fit_stack(logits, reads, y, judges.cue_names(reads))
    thresholds = choose_thresholds(odds, y)
    header: dict[str, Any] = {
        "outputs": list(OUTPUTS),
        "cues": list(stack.cues),
        "depth": stack.trees.depth,
        "corpus": corpus_digest(corpus_dir),
        "letters": len(prepared),
        "voices": len({p.example.voice for p in prepared}),
        "thresholds": thresholds,
        "scores": summary(odds, y, thresholds),
    }
    arrays = [*pack(stack), *_arrays(prepared, y)]
    digest = hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest()
    header["version"] = f"{GENERATION}-{digest[:8]}"
    write(out, header, arrays)
    return header


def _arrays(prepared: list[learn.Prepared], y: NDArray[np.bool_]) -> list[NDArray[Any]]:
    known = learn.vocabulary(prepared)
    weights, bias = learn.fit(learn.matrix(prepared, known), y)
    scale = (np.abs(weights).max(axis=0) / 127.0).astype(np.float32)
    arrays: list[NDArray[Any]] = [scale, np.round(bias, 4).astype(np.float32)]
    at = 0
    for columns, rarity in zip(known.columns, known.rarity, strict=True):
        block = weights[at : at + len(columns)]
        small = np.round(block / scale).astype(np.int8)
        at += len(columns)
        numbers = np.array(list(columns), dtype=np.uint32)
        arrays += [numbers, rarity.astype(np.float16), small]
    return arrays
