"""What a clause says of the purposes named in it, and the table of its words."""

import pytest

from mailbot.classify.lexicon import read_tables
from mailbot.classify.normal import sentences_of
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import Clause, Turn, clauses_of, load
from models.vocabulary import AskedPurpose

HEARD = {
    "stays",
    "stay",
    "not_stay",
    "gave",
    "ends",
    "objects",
    "keeps",
    "carrier",
    "yes",
    "no",
    "part",
    "empty",
}
POINTING = {"also", "following", "rest", "two", "three", "four", "last"}
NUMBERED = {*"123456789", "first_two", "first_three"}


def clauses(text: str, language: str) -> list[Clause]:
    (sentence,) = sentences_of(text, [(0, len(text))])
    return clauses_of(Reading(sentence), language)


@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_every_language_has_words_for_every_turn(language: str) -> None:
    tables = read_tables("turns")[language]
    assert set(tables["cues"]) == HEARD | POINTING | NUMBERED
    assert set(tables["purposes"]) <= {purpose.value for purpose in AskedPurpose}


def test_russian_in_latin_letters_has_the_same_turns() -> None:
    assert "ru-latin" in load()
    (clause,) = clauses("oprosy pust ostajutsja", "ru-latin")
    assert clause.turn is Turn.STAYS


@pytest.mark.parametrize(
    ("text", "language", "turns"),
    [
        ("I withdraw surveys and the newsletter may stay", "en", [Turn.ENDS, Turn.STAYS]),
        ("loobun küsitlustest ja uudiskiri jäägu alles", "et", [Turn.ENDS, Turn.STAYS]),
        ("отзываю опросы и рассылка пусть остаётся", "ru", [Turn.ENDS, Turn.STAYS]),
        ("surveys, cookies: leave as they are", "en", [Turn.STAYS, Turn.STAYS, Turn.STAYS]),
        ("I withdraw my consent to surveys, cookies", "en", [Turn.ENDS, Turn.ENDS]),
        ("I withdraw all consents but the newsletter", "en", [Turn.ENDS, Turn.EXCEPTED]),
        ("you may send me offers, I once agreed", "en", [Turn.OPEN, Turn.OPEN]),
        ("vaidlustan profileerimise", "et", [Turn.OBJECTED]),
    ],
)
def test_a_clause_goes_stays_or_is_set_aside(text: str, language: str, turns: list[Turn]) -> None:
    assert [clause.turn for clause in clauses(text, language)] == turns


def test_a_list_that_carries_surveys_is_no_marketing() -> None:
    (clause,) = clauses("снимите меня с рассылки опросов", "ru")
    assert clause.names() == (AskedPurpose.SURVEYS,)
