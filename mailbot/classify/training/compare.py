"""`train --compare`: ways to read on the same folds, the learning curve, the wrongest letters.

Made to end within some 20 minutes on two cores: ways are compared on some of the voices
in few folds, which makes all of them look a little worse than the whole corpus would; only the
curve hears every voice.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.corpus_digest import FOLDER
from mailbot.classify.odds import Odds
from mailbot.classify.stack import LABELS, OUTPUTS
from mailbot.classify.training import judges, learn
from mailbot.classify.training.corpus import Example, fold_of, read
from mailbot.classify.training.gather import Gathered, gather
from mailbot.classify.training.thresholds import choose_thresholds, summary

COMPARED, FOLDS = 33, 3  # percent of the voices, and folds, in which ways are compared
CURVE_FOLDS = 5
SHARES = (12, 25, 50, 100)
WORST = 10
_SHOWN = 160
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]
FIGURES: Mapping[str, str] = {
    "micro_f1": "micro-F1",
    "exact_registered": "exact",
    "missed": "missed",
    "strangers": "strangers",
    "triage_requests": "requests looked at",
    "triage_others": "others looked at",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """Letters and what was heard of each by models that saw no such voice."""

    gathered: Gathered
    y: Bools
    fold: NDArray[np.int64]
    heard: Sequence[Odds]
    judged: Numbers


def compare(corpus_dir: Path = FOLDER) -> str:
    """Everything as Markdown. Raises OSError, ValueError, KeyError."""
    examples = read(corpus_dir)
    trial = _trial(examples)
    voices = len({example.voice for example in trial.gathered.examples})
    head = f"Ways on {len(trial.y)} letters by {voices} voices, {FOLDS} folds:"
    lines = [head, "", *_table("| scored by |", ways(trial)), *wrongest(trial), ""]
    del trial
    gathered = gather(examples)
    return "\n".join([*lines, *_table("| learnt from |", curve(gathered))])


def _trial(examples: Sequence[Example]) -> Trial:
    gathered = gather([one for one in examples if _chance("compare", one.voice) < COMPARED])
    y, fold = gathered.targets(), np.array(fold_of(gathered.examples, FOLDS))
    heard = learn.out_of_fold(gathered, y, fold)
    return Trial(gathered, y, fold, heard, judges.held_out(heard, gathered.reads, y, fold))


def ways(trial: Trial) -> Iterator[tuple[str, dict[str, float]]]:
    """Each way to read, with its figures (thresholds.summary)."""
    regression, trees = trial.judged
    scored = {
        "lexicon alone": _lexicon(trial),
        "linear, whole letter": np.array([odds.letter for odds in trial.heard]),
        "linear, best sentence": np.array([odds.best_two()[0] for odds in trial.heard]),
        "regression above both": regression,
        "trees above both": trees,
        "both judges": trial.judged.mean(axis=0),
    }
    for name, odds in scored.items():
        yield name, _figures(odds, trial.y, trial.gathered.examples)


def _lexicon(trial: Trial) -> Numbers:
    rows = [[r.points.get(label, 0.0) for label in LABELS] for r in trial.gathered.reads]
    points = np.array(rows)
    return np.column_stack([points, points.max(axis=1)])


def _figures(odds: Numbers, y: Bools, examples: Sequence[Example]) -> dict[str, float]:
    """On these letters, by thresholds of their own."""
    likely = judges.likelihoods(odds)
    return summary(likely, y, choose_thresholds(likely, y, examples))


def curve(gathered: Gathered) -> Iterator[tuple[str, dict[str, float]]]:
    """The linear model of whole letters alone, learnt from a share of the voices of all folds
    but one, measured on that one.
    """
    y, examples = gathered.targets(), gathered.examples
    chance = np.array([_chance("curve", example.voice) for example in examples])
    held = np.array(fold_of(examples, CURVE_FOLDS)) == 0
    seens = [~held & (chance < share) for share in SHARES]
    with ProcessPoolExecutor(max_workers=learn.CORES) as pool:
        heard = pool.map(partial(learn.hear_letters, gathered, y, held), seens)
        for seen, odds in zip(seens, heard, strict=True):
            voices = len({e.voice for e, one in zip(examples, seen, strict=True) if one})
            theirs = [e for e, one in zip(examples, held, strict=True) if one]
            yield f"{voices} voices, {seen.sum()} letters", _figures(odds, y[held], theirs)


def _chance(what: str, voice: str) -> int:
    """0..99, the same for all letters of a voice."""
    return int.from_bytes(hashlib.sha256(f"{what} {voice}".encode()).digest()[:4], "big") % 100


def _table(head: str, rows: Iterator[tuple[str, Mapping[str, float]]]) -> Iterator[str]:
    yield f"{head} {' | '.join(FIGURES.values())} |"
    yield "|---" * (1 + len(FIGURES)) + "|"
    for name, figures in rows:
        yield f"| {name} | {' | '.join(f'{100 * figures[key]:.1f}' for key in FIGURES)} |"
    yield ""


def wrongest(trial: Trial) -> Iterator[str]:
    """The WORST letters of each language, and in each the sentence that asked most."""
    likely = judges.likelihoods(trial.judged.mean(axis=0))
    loss = np.abs(likely - trial.y).sum(axis=1)
    for language in sorted({example.language for example in trial.gathered.examples}):
        yield f"wrongest, {language}:"
        theirs = [e.language == language for e in trial.gathered.examples]
        for place in np.argsort(-np.where(theirs, loss, -1.0), kind="stable")[:WORST].tolist():
            yield _wrong(trial, place, likely[place])


def _wrong(trial: Trial, place: int, likely: Numbers) -> str:
    """Letter, its labels, what was said instead, and the sentence that spoke for it."""
    example = trial.gathered.examples[place]
    said = [f"{OUTPUTS[j]} {likely[j]:.2f}" for j in np.argsort(-likely[:-1])[:2]]
    wanted = ", ".join(sorted(example.labels)) or "none"
    sentence = _asking(trial, place)
    return f"- {example.id} ({wanted}): any {likely[-1]:.2f}, {', '.join(said)}; «{sentence}»"


def _asking(trial: Trial, place: int) -> str:
    example, scores = trial.gathered.examples[place], trial.heard[place].sentences
    if not len(scores):
        return ""
    reading = trial.gathered.reads[place].readings[int(np.argmax(scores[:, -1]))]
    source = example.subject if reading.sentence.in_subject else example.body
    words = reading.sentence.words
    return " ".join(source[words[0].start : words[-1].end].split())[:_SHOWN]
