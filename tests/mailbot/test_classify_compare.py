"""Comparing ways to read: perfect judges get full marks, the wrongest letter is named."""

from pathlib import Path

import numpy as np
import pytest

from mailbot.classify.odds import Odds
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training import judges
from mailbot.classify.training.compare import (
    CURVE_FOLDS,
    FIGURES,
    Trial,
    compare,
    curve,
    ways,
    wrongest,
)
from mailbot.classify.training.corpus import FOLDER, Example, fold_of, read
from mailbot.classify.training.gather import gather

TEXTS = [
    ("Hello. Please delete my account.", {"erasure"}),
    ("Stop your newsletter.", {"consent_withdrawal"}),
    ("Where is our invoice?", set()),
    ("The server is down.", set()),
]


@pytest.fixture
def trial() -> Trial:
    """Four letters and judges who are right, except about the last."""
    gathered = gather(
        [
            Example(f"x-{n}", f"voice {n}", "en", "", text, frozenset(labels), frozenset())
            for n, (text, labels) in enumerate(TEXTS)
        ]
    )
    y = gathered.targets()
    right = np.where(y, 6.0, -6.0).astype(np.float32)
    judged = np.stack([right, right]).astype(np.float64)
    judged[:, -1, [OUTPUTS.index("erasure"), -1]] = 6.0
    heard = [Odds(row, row[None]) for row in right]
    heard[0] = Odds(right[0], np.stack([right[2], right[0]]))
    return Trial(gathered, y, np.array([0, 1, 0, 1]), heard, judged)


def test_a_way_that_is_always_right_has_full_marks(trial: Trial) -> None:
    figures = dict(ways(trial))
    assert figures["linear, whole letter"]["micro_f1"] == 1.0
    assert figures["linear, best sentence"]["micro_f1"] == 1.0
    assert figures["both judges"]["micro_f1"] < 1.0


def test_the_wrongest_letter_stands_first_with_the_sentence_that_asked(trial: Trial) -> None:
    head, first, *others = wrongest(trial)
    assert head == "wrongest, en:"
    assert first.startswith("- x-3 (none): any 1.00, erasure 1.00")
    assert any("«Please delete my account»" in line for line in others)


def test_the_learning_curve_begins_with_few_voices_and_ends_with_all() -> None:
    gathered = gather([one for one in read(FOLDER) if one.voice.startswith("en-a:")][:60])
    rows = dict(curve(gathered))
    letters = [int(name.split()[2]) for name in rows]
    assert letters == sorted(letters)
    assert letters[-1] == sum(fold != 0 for fold in fold_of(gathered.examples, CURVE_FOLDS))
    assert all(set(FIGURES) <= set(figures) for figures in rows.values())


def test_the_whole_comparison_of_a_small_corpus_has_both_tables_and_the_wrongest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judges, "TREES", 3)
    lines = (FOLDER / "plain.jsonl").read_text(encoding="utf-8").splitlines()
    for copy in ("one", "two", "three"):
        (tmp_path / f"{copy}.jsonl").write_text("\n".join(lines[::2]), encoding="utf-8")
    told = compare(tmp_path)
    assert "| both judges |" in told
    assert "wrongest, en:" in told
    assert told.splitlines()[-1].startswith("| ")
    assert "| learnt from |" in told
