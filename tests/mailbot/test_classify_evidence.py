"""Every verdict names the words that decided, where they stand."""

import pytest

from mailbot.classify import classify
from models.shapes import Evidence, Verdict
from models.vocabulary import RequestType

R = RequestType


def judged(text: str, subject: str = "", **more: object) -> Verdict:
    return classify(subject, text, [(0, len(text))], **more)  # type: ignore[arg-type]


def of(verdict: Verdict, label: RequestType) -> list[Evidence]:
    return [evidence for evidence in verdict.evidence if evidence.label is label]


def test_a_label_no_phrase_speaks_for_is_told_by_its_sentence() -> None:
    text = (
        "Hei, haluaisin tietää mitä henkilötietoja teillä on minusta. "
        "Poistakaa myös vanha osoitteeni. Terveisin Matti"
    )
    verdict = judged(text, "Tietopyyntö")
    (asked,), (erased,) = of(verdict, R.INFORMATION), of(verdict, R.ERASURE)
    assert asked.text == "Hei, haluaisin tietää mitä henkilötietoja teillä on minusta"
    assert erased.text == "Poistakaa myös vanha osoitteeni"
    assert all(text[e.start : e.end] == e.text and 0 < e.weight <= 1 for e in verdict.evidence)


def test_a_sentence_of_the_subject_is_told_there() -> None:
    verdict = judged("Matti", "Poistakaa kaikki henkilötietoni GDPR artikla 17")
    assert verdict.labels
    assert {e.label for e in verdict.evidence} == set(verdict.labels)
    assert all(e.in_subject for e in verdict.evidence)


def test_words_of_an_attachment_are_no_evidence_in_the_letter() -> None:
    verdict = judged("See attached.", attachment_texts=("Please delete my personal data.",))
    assert (verdict.labels, verdict.evidence) == ((R.ERASURE,), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Palun parandage: meie uus e-post on info@example.ee.", "meie uus e-post"),
        ("Palun parandage: meie uus e-posti-aadress on info@example.ee.", "e-posti-aadress"),
        ("Please delete my data-base-entry.", "delete my data-base-entry"),
        ("Saatke online-koopia minu andmetest.", "online-koopia minu andmetest"),
    ],
)
def test_evidence_holds_hyphenated_words_whole(text: str, words: str) -> None:
    assert any(e.text.endswith(words) for e in judged(text).evidence)


def test_a_letter_of_hyphens_alone_is_cut_to_an_end() -> None:
    verdict = judged("kustutage-minu-andmed-" * 2_000)
    assert all(len(e.text) < 300 for e in verdict.evidence)
