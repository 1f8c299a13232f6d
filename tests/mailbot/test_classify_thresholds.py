"""Thresholds keep the bars on mail as it comes, whatever is written against the model."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.decide import weighed
from mailbot.classify.stack import OUTPUTS
from mailbot.classify.training.corpus import BLIND, FOLDER, Example, blind, read
from mailbot.classify.training.thresholds import (
    MOST_MISSED,
    MOST_STRANGERS,
    choose_thresholds,
    summary,
)

LETTERS, A_VOICE = 2_000, 4
ERASURE = OUTPUTS.index("erasure")


def example(file: str, voice: str = "anna") -> Example:
    return Example("x-1", f"{file}:{voice}", "et", "", "Tere", frozenset(), frozenset())


def letters(noise: float) -> tuple[NDArray[np.float64], NDArray[np.bool_], list[Example]]:
    """Half ask for erasure; the likelihood of it errs by `noise`."""
    chance = np.random.default_rng(1)
    y = np.zeros((LETTERS, len(OUTPUTS)), dtype=bool)
    y[::2, [ERASURE, -1]] = True
    odds = np.where(y, 4.0, -4.0) + chance.normal(0.0, noise, (LETTERS, 1))
    likely = 1.0 / (1.0 + np.exp(-odds))
    return likely, y, [example("et-a", f"{place // A_VOICE}") for place in range(LETTERS)]


def test_both_bars_are_kept_with_some_room() -> None:
    likely, y, examples = letters(3.0)
    figures = summary(likely, y, choose_thresholds(likely, y, examples))
    assert 0 < figures["missed"] <= MOST_MISSED
    assert 0 < figures["strangers"] <= MOST_STRANGERS


def test_the_same_letters_give_the_same_thresholds() -> None:
    likely, y, examples = letters(3.0)
    assert choose_thresholds(likely, y, examples) == choose_thresholds(likely, y, examples)


def test_the_thresholds_lie_where_the_draws_say() -> None:
    chosen = choose_thresholds(*letters(3.0))
    for name in ("ignore", "register"):
        low, high = chosen["spread"][name]
        assert low <= chosen[name] <= high


def test_surer_judges_send_fewer_letters_to_people() -> None:
    shares = []
    for noise in (1.5, 3.0):
        likely, y, examples = letters(noise)
        shares.append(summary(likely, y, choose_thresholds(likely, y, examples))["triage_others"])
    assert shares[0] < shares[1]


def test_letters_written_against_the_model_do_not_move_the_bars() -> None:
    likely, y, examples = letters(3.0)
    hard = [example("mix-v-01", f"{place}") for place in range(LETTERS)]
    more = np.vstack([likely, 1.0 - likely]), np.vstack([y, y]), [*examples, *hard]
    alone, beside = choose_thresholds(likely, y, examples), choose_thresholds(*more)
    assert beside["ignore"] == alone["ignore"]


def test_a_label_is_no_likelier_than_its_letter_lets_it_be() -> None:
    assert weighed(0.8, 1.0) == 0.8
    assert weighed(0.8, 0.25) == 0.4


def test_only_letters_written_without_sight_of_a_model_are_blind() -> None:
    old, new, guided = example("et-a"), example("mix-v-01"), example("asis-p-01")
    assert blind([new, old, replace(new, id="x-2"), guided]) == [1, 3]


def test_a_corpus_without_blind_letters_is_taken_whole() -> None:
    assert blind([example("mix-v-01"), example("mix-w-01")]) == [0, 1]


def test_every_file_called_blind_lies_in_the_corpus() -> None:
    files = {one.voice.partition(":")[0] for one in read(FOLDER)}
    assert files >= BLIND
