"""Letters of courts, the police, prosecutors and the supervisory authority (guide, end)."""

import pytest

from mailbot.classify import classify
from mailbot.quotes import new_spans
from models.shapes import Verdict
from models.vocabulary import Decision


def judged(text: str, subject: str = "") -> Verdict:
    return classify(subject, text, new_spans(text))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Notice of proceedings",
            "Andmekaitse Inspektsioon\nCase 2.1-1/26/2207\n\nWe ask for your record by Monday.",
        ),
        (
            "Teenistuslik päring",
            "Põhja prefektuur, küberkuritegude talitus\n\nPalume kliendi logisid.\n\nR. Lõhmus",
        ),
        ("Hearing", "The hearing has been moved to 11 June at 10:00.\n\nHarju County Court"),
        ("Määrus", "Edastame määruse domeeni kohta.\n\nHarju Maakohus\nkohtujurist Mari Mets"),
        ("Päring", "Palume teatada, kellele domeen kuulub.\n\nVanemuurija Marek Välja"),
        ("Запрос", "Просим сообщить, кому принадлежит адрес.\n\nСт. следователь И. Ребане"),
        ("Полиция: сохранение данных", "Просим сохранить журналы сервера на 90 дней."),
        ("", "Вируский уездный суд. Просим представить копию договора до 20 июня."),
        ("Вопросы", "Инспекция по защите данных\n\nПросим ответить на вопросы до пятницы."),
    ],
)
def test_an_office_that_fills_a_line_is_seen_by_a_person(subject: str, text: str) -> None:
    verdict = judged(text, subject)
    assert (verdict.decision, verdict.urgent, verdict.labels) == (Decision.TRIAGE, True, ())


@pytest.mark.parametrize(
    "text",
    [
        "Kriminaalasjas nr 26230104411 palume esitada virtuaalserveri tellija andmed.",
        "Kriminaalmenetluse seadustiku alusel palume esitada postkasti kasutaja andmed.",
        "In criminal case no 26-240-1187 please preserve the access logs.",
        "The county court orders Netpro to file the log of changes by 21 December.",
        "В рамках дела № 26-900 просим до 1 декабря сообщить, с каких адресов был вход.",
    ],
)
def test_words_that_only_an_office_writes_are_seen_by_a_person(text: str) -> None:
    verdict = judged(text)
    assert (verdict.decision, verdict.urgent) == (Decision.TRIAGE, True)


def test_an_office_in_the_signature_is_seen_by_a_person() -> None:
    verdict = judged("Please submit the logs.\n-- \nPolice and Border Guard Board\n")
    assert (verdict.decision, verdict.urgent) == (Decision.TRIAGE, True)


@pytest.mark.parametrize(
    "text",
    [
        "Delete all my personal data or I complain to the Data Protection Inspectorate.",
        "Copy: Data Protection Inspectorate\n\nPlease delete all my personal data.",
        "Andmekaitse Inspektsioon\n\nPalun kustutage kõik minu isikuandmed.",
    ],
)
def test_who_surely_asks_is_registered_whatever_office_is_named(text: str) -> None:
    verdict = judged(text)
    assert (verdict.decision, verdict.urgent) == (Decision.REGISTER, False)


@pytest.mark.parametrize(
    "text",
    [
        "Vaidlused lahendab Harju Maakohus.",
        "Andmekaitse Inspektsioon soovitab küpsiste kohta lühemaid teateid.",
        "The detective novel is out.\n\nConstable of the chess club",
        "To: Netpro\nCc: Data Protection Inspectorate\n\nThe invoice is wrong.",
        "Harju Maakohtu määrusega kuulutati välja OÜ Tormilind pankrot.\nPankrotihaldur",
        "Сосед говорит, что полиция уже едет.",
        "Minu server ei vasta.\n\nJaan Uurija",
    ],
)
def test_an_office_named_in_passing_does_not_write(text: str) -> None:
    assert not judged(text).urgent


def test_a_newsletter_about_the_inspectorate_is_ignored() -> None:
    text = (
        "You are receiving this as a member.\n\nData Protection Inspectorate\nA new guide is out."
    )
    assert judged(text).decision is Decision.IGNORE
