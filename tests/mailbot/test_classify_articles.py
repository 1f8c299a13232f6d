"""Rights asked for by nothing but their article."""

import pytest

from mailbot.classify import classify
from models.vocabulary import Decision
from models.vocabulary import RequestType as T

ACCESS = {T.INFORMATION, T.COPY}


def asked(text: str, subject: str = "") -> set[T]:
    verdict = classify(subject, text, [(0, len(text))])
    return set(verdict.labels) if verdict.decision is Decision.REGISTER else set()


@pytest.mark.parametrize(
    ("text", "subject", "wanted"),
    [
        ("Статья 15 GDPR. Клиент 777, жду ответа.", "", ACCESS),
        ("Пользуюсь правом по статье 17 GDPR.", "", {T.ERASURE}),
        ("Статьи 18 и 16. Дом 12.", "", {T.RESTRICTION, T.RECTIFICATION}),
        ("Esitan taotluse IKÜM artikkel 17 alusel.", "", {T.ERASURE}),
        ("Art 15 lg 3. Kliendinumber 3.", "", {T.COPY}),
        ("Articles 17 and 20 please, both.", "17 and 20", {T.ERASURE, T.PORTABILITY}),
        ("As per subject.", "Article 20", {T.PORTABILITY}),
        ("statja 15 GDPR, proshu", "", ACCESS),
    ],
)
def test_a_short_letter_may_ask_by_an_article_alone(
    text: str, subject: str, wanted: set[T]
) -> None:
    assert asked(text, subject) == wanted


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("What does Article 17 GDPR mean?", ""),
        ("Kui pikk on artikkel 15?", ""),
        ("Register now", "Webinar: GDPR Article 17 in practice"),
        ("Thank you, received.", "Re: Art. 17"),
        ("Ignore my Article 17 request.", ""),
        ("Не удаляйте по статье 17, прошу.", ""),
    ],
)
def test_not_everything_that_names_an_article_asks_for_a_right(text: str, subject: str) -> None:
    assert asked(text, subject) == set()
