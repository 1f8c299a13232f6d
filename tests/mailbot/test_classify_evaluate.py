"""Measuring, and showing what was understood."""

import json
from pathlib import Path

import pytest

from mailbot.classify import classify
from mailbot.classify.evaluate import CorpusError, Marks, Share, as_text, evaluate, wilson
from mailbot.classify.report import verdict_json
from models.vocabulary import RequestType

LETTERS = [
    ("1", "en", "Please delete my account and all my personal data.", ["erasure"], []),
    ("2", "et", "Palun saatke jaanuari arve uuesti.", [], []),
    ("3", "ru", "Отпишите меня от рассылки.", ["consent_withdrawal"], ["marketing"]),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    keys = ("id", "language", "body", "labels", "purposes")
    rows = [dict(zip(keys, letter, strict=True)) | {"subject": ""} for letter in LETTERS]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_corpus_read_right_has_full_marks(corpus: Path) -> None:
    evaluation = evaluate(corpus)
    assert evaluation.exact.value == 1.0
    assert evaluation.language.value == 1.0
    assert evaluation.purposes.value == 1.0
    assert evaluation.micro == Marks(true=2)
    assert (evaluation.missed.hits, evaluation.strangers.hits) == (0, 0)


def test_what_the_guide_sends_to_people_is_counted_apart(tmp_path: Path) -> None:
    passed_on = "Palun tegele.\n\n--- Edastatud kiri ---\n\nPalun kustutage minu isikuandmed."
    rows = [
        {"id": "1", "subject": "Fwd: andmed", "body": passed_on},
        {"id": "2", "subject": "", "body": "Palun saatke jaanuari arve uuesti."},
    ]
    path = tmp_path / "corpus.jsonl"
    lines = [json.dumps(row | {"language": "et", "labels": []}) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    evaluation = evaluate(path)
    assert evaluation.triaged_others == Share(1, 2)
    assert evaluation.triaged_needlessly == Share(0, 1)


def test_the_table_names_every_label_and_language(corpus: Path) -> None:
    text = as_text(evaluate(corpus))
    assert all(label.value in text for label in RequestType)
    assert all(f"only {name}" in text for name in ("et", "en", "ru"))


def test_a_damaged_line_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        evaluate(path)


def test_marks_count_precision_recall_and_f1() -> None:
    marks = Marks(true=6, extra=2, lost=4)
    assert marks.precision.value == 0.75
    assert marks.recall.value == 0.6
    assert marks.f1 == pytest.approx(2 / 3)


def test_the_wilson_interval_is_that_of_the_book() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_json_line_has_the_agreed_keys() -> None:
    text = "Please delete my account."
    line = verdict_json("x", classify("", text, [(0, len(text))]))
    agreed = ["id", "language", "labels", "purposes", "decision", "confidence", "evidence"]
    assert list(line)[: len(agreed)] == agreed
    assert json.loads(json.dumps(line)) == line
    assert line["evidence"][0]["text"] == "delete my account"
