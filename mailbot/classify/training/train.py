"""`train`: the corpus in, the artefact out; same corpus, same bytes."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.corpus_digest import FOLDER, corpus_digest
from mailbot.classify.linear import ARTEFACT, pack, steps_of, write
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training import judges, learn
from mailbot.classify.training.corpus import FOLDS, blind, fold_of, read
from mailbot.classify.training.gather import gather
from mailbot.classify.training.thresholds import choose_thresholds, summary

GENERATION = "blend-2026.3"


def train(corpus_dir: Path = FOLDER, out: Path = ARTEFACT) -> dict[str, Any]:
    """Learn from every letter of `corpus_dir`, write `out`, return the header with its scores.

    Scores are of letters by voices held out. Raises OSError, ValueError, KeyError.
    """
    gathered = gather(read(corpus_dir))
    y, reads = gathered.targets(), gathered.reads
    fold = np.array(fold_of(gathered.examples, FOLDS))
    heard = learn.out_of_fold(gathered, y, fold)
    likely = judges.likelihoods(judges.held_out(heard, reads, y, fold).mean(axis=0))
    stack = judges.fit_stack(heard, reads, y, judges.cue_names(reads))
    thresholds, comes = choose_thresholds(likely, y, gathered.examples), blind(gathered.examples)
    header: dict[str, Any] = {
        "outputs": list(OUTPUTS),
        "cues": list(stack.cues),
        "depth": stack.trees.depth,
        "corpus": corpus_digest(corpus_dir),
        "letters": len(y),
        "voices": len({example.voice for example in gathered.examples}),
        "thresholds": thresholds,
        "scores": summary(likely, y, thresholds),
        "scores_blind": summary(likely[comes], y[comes], thresholds),
    }
    arrays = [*pack(stack), *_arrays(learn.fit(gathered, y, np.ones(len(y), dtype=bool)))]
    digest = hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest()
    header["version"] = f"{GENERATION}-{digest[:8]}"
    write(out, header, arrays)
    return header


def _arrays(learnt: learn.Weights) -> list[NDArray[Any]]:
    """What `linear.assemble` takes after the stack."""
    weights = np.hstack([learnt.letters[0], learnt.sentences[0]])
    bias = np.hstack([learnt.letters[1], learnt.sentences[1]])
    scale = (np.abs(weights).max(axis=0) / 127.0).astype(np.float32)
    small = np.round(weights / scale).astype(np.int8)
    known, half = learnt.known, len(scale) // 2
    return [
        scale,
        np.round(bias, 4).astype(np.float32),
        np.array([len(numbers) for numbers in known.numbers]),
        steps_of(known.numbers),
        np.concatenate(known.rarity).astype(np.float16),
        np.ascontiguousarray(small[:, :half]),
        np.ascontiguousarray(small[:, half:]),
    ]
