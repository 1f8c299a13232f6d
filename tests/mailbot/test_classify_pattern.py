"""The little language of the lexicon, and the lexicon itself."""

import pytest

from mailbot.classify.language import detect
from mailbot.classify.lexicon import build, load
from mailbot.classify.normal import fold, sentences_of, words_of
from mailbot.classify.pattern import PhraseError
from mailbot.classify.scoring import LexiconScorer, add_up
from mailbot.classify.translit import skeleton
from models.vocabulary import Language, RequestType


def found(phrase: str, text: str, **tables: object) -> bool:
    lexicon = build([{"labels": {"erasure": {phrase: 1.0}}, **tables}], "en")
    forms = tuple(word.form for word in words_of(text))
    return any(not hit.denied for hit in lexicon.find(forms))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("delete my data", "please delete my data now"),
        ("delet* my data", "deleting my data"),
        ("*andmed", "isikuandmed"),
        ("delete|wipe me", "wipe me"),
        ("delete ..2 data", "delete all the data"),
        ("delete & data", "my data you must delete"),
        ("^stop$", "STOP"),
        ("number #long", "number 55551234"),
        ("mail #email", "mail jo@lark.example"),
        ("clause 9.4", "see clause 9.4."),
        ("don't", "I don’t"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("delete my data", "delete your data"),
        ("delete ..1 data", "delete all the data"),
        ("delete & data !server", "delete the data on the server"),
        ("^stop$", "stop it"),
        ("number #long", "number 15"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


def test_a_word_of_negation_before_a_phrase_silences_it_unless_it_is_steady() -> None:
    negation = {"negation": {"words": "not"}}
    assert not found("delete data", "do not delete data", **negation)
    assert found("~delete data", "do not delete data", **negation)


def test_named_lists_stand_for_their_words() -> None:
    assert found("{erase} me", "wipe me", lists={"erase": "delete wipe*"})


@pytest.mark.parametrize("phrase", ["{unknown} me", "delete &", ""])
def test_a_phrase_that_says_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        found(phrase, "x")


def test_every_table_of_the_lexicon_names_a_label_or_a_known_cue() -> None:
    lexicons = load()
    for lexicon in lexicons.languages.values():
        for phrases in lexicon.by_choice.values():
            for phrase in phrases:
                if phrase.kind == "labels":
                    assert RequestType(phrase.name)
                if phrase.kind == "cues":
                    assert phrase.name in lexicons.effects


def test_each_label_can_be_said_in_each_language() -> None:
    for name in ("et", "en", "ru"):
        filed = load().languages[name].by_choice.values()
        said = {p.name for phrases in filed for p in phrases if p.kind == "labels"}
        assert said == {label.value for label in RequestType}


def test_the_lexicon_scorer_answers_one_score_table_a_sentence() -> None:
    text = "Delete my account. Thank you."
    sentences = sentences_of(text, [(0, len(text))])
    scores = LexiconScorer(load()).score(sentences, "en")
    assert len(scores) == 2
    assert scores[0][RequestType.ERASURE] > 0
    assert scores[1] == {}


def test_the_strongest_phrase_counts_whole_and_the_others_ever_less() -> None:
    assert add_up([1.0, 4.0, 2.0]) == pytest.approx(4.0 + 1.0 + 0.25)


def test_folding_levels_case_accents_and_invisible_characters() -> None:
    assert fold("Õ\u00adÄ\u200bÖÜ Ёй") == "oaou ей"


def test_words_know_their_place_in_the_original() -> None:
    text = "Kus\u00adtutage ﬁle"
    assert [text[w.start : w.end] for w in words_of(text)] == ["Kus\u00adtutage", "ﬁle"]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "See art. 15 and no. 7. Thanks."
    assert len(sentences_of(text, [(0, len(text))])) == 2


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [("больше", "bolshe"), ("хочу", "xo4u"), ("вышлите", "vyshlite"), ("личное", "litshnoe")],
)
def test_all_latin_spellings_of_a_russian_word_share_a_skeleton(cyrillic: str, latin: str) -> None:
    assert skeleton(cyrillic) == skeleton(latin)


@pytest.mark.parametrize(
    ("text", "language", "sure"),
    [
        ("Palun kustutage minu andmed, aitäh", Language.ET, True),
        ("palun kustutage mu konto ara ja saatke kinnitus", Language.ET, True),
        ("Please delete my account and confirm", Language.EN, True),
        ("Удалите мой аккаунт", Language.RU, True),
        ("udalite pozhalujsta moi dannye, spasibo", Language.RU, True),
        ("Bitte löschen Sie meine Daten und mein Konto", Language.EN, False),
        ("Poistakaa minun tietoni, kiitos", Language.EN, False),
        ("Prosím, vymažte všechny osobní údaje o mé osobě, děkuji", Language.EN, False),
        ("Molim vas da izbrišete sve moje osobne podatke, hvala", Language.EN, False),
        ("Solicito que apaguem todos os meus dados pessoais, obrigada", Language.EN, False),
        ("Vă rog să ștergeți toate datele mele personale, mulțumesc", Language.EN, False),
        ("Будь ласка, видаліть мої дані з вашої системи", Language.EN, False),
        ("", Language.EN, False),
    ],
)
def test_the_language_is_that_of_the_words(text: str, language: Language, sure: bool) -> None:
    tongue = detect([word.form for word in words_of(text)])
    assert (tongue.language, tongue.sure) == (language, sure)
