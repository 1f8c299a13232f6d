"""What is heard beside the model: leaks, and requests that stand in an attachment."""

import pytest

from mailbot.classify import classify
from models.shapes import Verdict
from models.vocabulary import Decision, ReadingFlag


def judged(text: str, *flags: ReadingFlag) -> Verdict:
    return classify("", text, [(0, len(text))], frozenset(flags))


@pytest.mark.parametrize(
    "text",
    [
        "There is a public link to an Excel of your customers.",
        "When I log in I can see other customers' invoices.",
        "You sent me an invoice that belongs to another customer, with their name and address.",
        "Teie kodulehel saab igaüks näha teiste klientide arveid ja aadresse.",
        "Mulle saadeti kogemata võõra kliendi arve.",
        "Kliendikeskkonnas näen teise inimese arveid.",
        "Вижу данные других клиентов.",
        "Прислали мне чужой счёт с адресом другого клиента.",
    ],
)
def test_who_tells_of_others_data_reports_a_possible_breach_and_is_not_ignored(text: str) -> None:
    verdict = judged(text)
    assert verdict.possible_breach
    assert verdict.decision is not Decision.IGNORE


@pytest.mark.parametrize(
    "text",
    [
        "Somebody sent us a fake invoice of another customer.",
        "We can see your data and offer a free audit of your customers' data, book a demo.",
        "In the news: anyone could see the invoices of the bank.",
        "Saatsime teile uue kliendi lepingu.",
        "I want to move my site; the data of another customer of mine is on it.",
        "Нам пришло письмо от другого клиента с вопросом о вашем хостинге.",
        "Мы видим данные наших клиентов в панели.",
    ],
)
def test_forgeries_offers_and_leaks_of_others_are_no_breach_of_ours(text: str) -> None:
    assert not judged(text).possible_breach


@pytest.mark.parametrize(
    "text",
    [
        "Tere, avaldus on lisatud.",
        "Avaldus lisas.",
        "See attached application.",
        "Добрый день, заявление во вложении.",
    ],
)
def test_a_request_in_an_attachment_nobody_could_read_goes_to_a_person(text: str) -> None:
    assert judged(text, ReadingFlag.ATTACHMENT_UNREAD).decision is Decision.TRIAGE
    assert judged(text).decision is Decision.IGNORE


@pytest.mark.parametrize("text", ["Arve lisas.", "My application and CV are attached."])
def test_an_attachment_that_is_no_request_is_ignored(text: str) -> None:
    assert judged(text, ReadingFlag.ATTACHMENT_UNREAD).decision is Decision.IGNORE
