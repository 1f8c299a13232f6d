"""Whose letter takes an earlier request back (guide rule 14)."""

import pytest

from mailbot.classify import classify
from models.vocabulary import Decision


def takes_back(text: str, subject: str = "") -> bool:
    return classify(subject, text, [(0, len(text))]).withdraws_request


@pytest.mark.parametrize(
    "text",
    [
        "I would like to withdraw my earlier request.",
        "Please cancel my request of 3 March.",
        "My request of 3 March is hereby withdrawn.",
        "Please consider my complaint withdrawn.",
        "Võtan oma kustutamistaotluse tagasi.",
        "Soovin oma taotluse tagasi võtta.",
        "Tuhistan oma 2. juuni taotluse, enam pole aktuaalne.",
        "Palun lugeda minu 22.11 avaldus tagasivõetuks.",
        "Отзываю жалобу.",
        "Хочу отозвать своё заявление.",
        "Прошу не рассматривать моё заявление.",
        "Прошу считать моё обращение отозванным.",
    ],
)
def test_a_request_taken_back_in_formal_words_is_heard(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "I will not withdraw my request.",
        "My complaint was cancelled without any answer.",
        "Please cancel my request for a quote.",
        "Minu taotlus jäi arvestamata.",
        "Teie kolleeg jättis mu kustutamissoovi arvestamata.",
        "Tühistan oma pakkumise päringu.",
        "Не отзываю жалобу, жду ответа.",
        "Прошу не считать моё обращение отозванным.",
        "Отменяю заявку на домен.",
    ],
)
def test_what_stands_was_left_lying_or_was_an_order_is_not_taken_back(text: str) -> None:
    assert not takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw my consent and request deletion of my personal data.",
        "Võtan tagasi oma nõusoleku ja esitan taotluse oma andmete kustutamiseks.",
        "Отзываю согласие на обработку и прошу удалить мои персональные данные.",
        "I do not withdraw my complaint: delete all my personal data.",
        "Please cancel my request for a quote. Also, delete all my personal data.",
        "Снимаю заявку на сервер. Прошу удалить все мои персональные данные.",
    ],
)
def test_a_consent_or_an_order_taken_back_leaves_the_request_beside_it(text: str) -> None:
    assert classify("", text, [(0, len(text))]).decision is Decision.REGISTER


@pytest.mark.parametrize(
    "text",
    [
        "Võtan tagasi oma palve andmed parandada. Palun kustutage kõik mu isikuandmed.",
        "I withdraw my request for a copy. Please delete all my personal data instead.",
        "Запрос копии отзываю. Вместо этого прошу удалить все мои персональные данные.",
        "Please ignore my earlier request for a copy. I still want you to delete my data.",
        "Передумал, оставьте аккаунт. Пришлите копию всех моих персональных данных.",
    ],
)
def test_who_takes_one_request_back_and_makes_another_is_seen_by_a_person(text: str) -> None:
    verdict = classify("", text, [(0, len(text))])
    assert verdict.decision is Decision.TRIAGE
    assert verdict.labels
    assert verdict.withdraws_request
