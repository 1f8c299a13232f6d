"""Words that mean the same in three languages."""

import pytest

from mailbot.classify.concepts import concepts_of
from mailbot.classify.lexicon import read_tables
from mailbot.classify.normal import fold


@pytest.mark.parametrize(
    ("form", "lexicon"),
    [("kustutage", "et"), ("delete", "en"), ("удалите", "ru"), ("udalite", "ru-latin")],
)
def test_a_word_means_the_same_in_every_language(form: str, lexicon: str) -> None:
    assert "erase" in concepts_of(form, lexicon)


def test_a_whole_word_is_no_beginning_of_another() -> None:
    assert "i" in concepts_of("me", "en")
    assert "i" not in concepts_of("meet", "en")


def test_a_language_that_is_none_of_ours_is_read_as_english() -> None:
    assert concepts_of("invoice", "other") == concepts_of("invoice", "en") == ("invoice",)


def test_every_concept_has_words_in_all_languages_as_letters_are_folded() -> None:
    for concept, table in read_tables("concepts").items():
        assert set(table) == {"et", "en", "ru"}, concept
        for words in table.values():
            assert words.split()
            assert fold(words) == words, concept
