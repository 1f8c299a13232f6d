"""Consents enumerated and then pointed at."""

import pytest

from mailbot.classify import classify
from models.vocabulary import AskedPurpose as P


def purposes(text: str) -> set[P]:
    return set(classify("", text, [(0, len(text))]).purposes)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            (
                "I once agreed to three things: your newsletter, satisfaction surveys and usage "
                "statistics. I withdraw my consent to the first and the third."
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            "I gave you consent for cookies, questionnaires and offers. I take back the first two.",
            {P.COOKIES, P.SURVEYS},
        ),
        (
            (
                "My profile has four ticks: 1) newsletter, 2) surveys, 3) usage statistics, "
                "4) cookies. Please withdraw consents 2 and 4."
            ),
            {P.SURVEYS, P.COOKIES},
        ),
        (
            (
                "Under our contract I gave consents a) to marketing, b) to surveys, c) to cookies. "
                "I withdraw a) and c)."
            ),
            {P.MARKETING, P.COOKIES},
        ),
        (
            (
                "I said yes to offers and yes to questionnaires. The latter yes I withdraw; "
                "the former stands."
            ),
            {P.SURVEYS},
        ),
        (
            "Of my three consents (newsletter, surveys, usage statistics) I withdraw the second.",
            {P.SURVEYS},
        ),
        (
            (
                "Olen teile andnud kolm nõusolekut: uudiskiri, rahuloluküsitlused ja "
                "kasutusstatistika. Võtan tagasi esimese ja kolmanda nõusoleku."
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            (
                "Lepingus on kolm nõusolekut: 1) uudiskiri, 2) küsitlused, 3) küpsised. "
                "Nõusolekud nr 2 ja 3 võtan tagasi."
            ),
            {P.SURVEYS, P.COOKIES},
        ),
        (
            "Kolmest nõusolekust (uudiskiri, küsitlused, küpsised) võtan tagasi viimase.",
            {P.COOKIES},
        ),
        (
            (
                "Я давал три согласия: на рассылку, на опросы и на статистику. "
                "Отзываю первое и третье."
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            (
                "В кабинете три галочки: новости, опросы, cookies. Первые две снимите, "
                "эти согласия отзываю."
            ),
            {P.MARKETING, P.SURVEYS},
        ),
        (
            "Отзываю согласия по пунктам 1 и 3 договора: 1) реклама, 2) опросы, 3) статистика.",
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            (
                "Please withdraw consent A (newsletter) and consent C (cookies). "
                "Consent B (surveys) remains."
            ),
            {P.MARKETING, P.COOKIES},
        ),
        (
            "Отзываю второе и третье из согласий: 1) новости; 2) опросы; 3) аналитика.",
            {P.SURVEYS, P.ANALYTICS},
        ),
        (
            "Kahest nõusolekust (uudiskiri, küsitlused) kehtigu edasi esimene, teise võtan tagasi.",
            {P.SURVEYS},
        ),
    ],
)
def test_a_number_or_a_letter_points_at_its_place_in_what_was_enumerated(
    text: str, wanted: set[P]
) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            (
                "I agreed to the newsletter, surveys and cookies. Keep the newsletter; "
                "I withdraw the other two consents."
            ),
            {P.SURVEYS, P.COOKIES},
        ),
        (
            (
                "My profile has four ticks: offers, surveys, statistics, cookies. "
                "The second may stay, the rest I withdraw."
            ),
            {P.MARKETING, P.ANALYTICS, P.COOKIES},
        ),
        (
            (
                "Nõustusin uudiskirja, küsitluste ja statistikaga. Jätke alles ainult uudiskiri, "
                "ülejäänud kaks nõusolekut võtan tagasi."
            ),
            {P.SURVEYS, P.ANALYTICS},
        ),
        (
            (
                "Profiilis on kolm linnukest: pakkumised, küsitlused, küpsised. "
                "Teine jäägu, ülejäänud kahe nõusoleku võtan tagasi."
            ),
            {P.MARKETING, P.COOKIES},
        ),
        (
            "Мои согласия: рассылка, опросы, статистика. Опросы оставьте, два остальных отзываю.",
            {P.MARKETING, P.ANALYTICS},
        ),
    ],
)
def test_the_others_are_those_enumerated_that_do_not_stay(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "On sign-up I said yes to the newsletter and to customer surveys. I withdraw both.",
            {P.MARKETING, P.SURVEYS},
        ),
        (
            (
                "I ticked three boxes: newsletter, surveys, cookies. Untick all three, please, "
                "I withdraw these consents."
            ),
            {P.MARKETING, P.SURVEYS, P.COOKIES},
        ),
        (
            (
                "I was asked for two consents at the till. They were for usage statistics and for "
                "surveys. Both end today: I withdraw them."
            ),
            {P.ANALYTICS, P.SURVEYS},
        ),
        (
            (
                "Olen nõustunud uudiskirja, küsitluste ja statistikaga. Võtan kõik kolm "
                "nõusolekut tagasi."
            ),
            {P.MARKETING, P.SURVEYS, P.ANALYTICS},
        ),
        (
            "Снимите обе галочки, и на рассылку, и на куки, согласия отзываю.",
            {P.MARKETING, P.COOKIES},
        ),
    ],
)
def test_both_and_all_three_are_so_many_named_near_by(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "I withdraw all my consents except the newsletter.",
            {P.SURVEYS, P.ANALYTICS, P.COOKIES},
        ),
        (
            "I withdraw all consents but the one for cookies.",
            {P.MARKETING, P.SURVEYS, P.ANALYTICS},
        ),
        (
            "Võtan tagasi kõik nõusolekud peale küpsiste oma.",
            {P.MARKETING, P.SURVEYS, P.ANALYTICS},
        ),
        (
            "Võtan tagasi kõik nõusolekud, välja arvatud uudiskirja oma.",
            {P.SURVEYS, P.ANALYTICS, P.COOKIES},
        ),
        (
            "Отзываю все согласия, кроме согласия на рассылку.",
            {P.SURVEYS, P.ANALYTICS, P.COOKIES},
        ),
        (
            (
                "I ticked the newsletter, surveys and cookies. I withdraw all of these consents "
                "except the one for surveys."
            ),
            {P.MARKETING, P.COOKIES},
        ),
    ],
)
def test_all_but_one_are_the_others(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            (
                "I withdraw the following consents:\n1. marketing e-mails\n2. cookies\n\n"
                "My consent to surveys stays in force."
            ),
            {P.MARKETING, P.COOKIES},
        ),
        (
            (
                "Võtan tagasi järgmised nõusolekud:\n- uudiskiri\n- küpsised\n\n"
                "Rahulolu-uuringud jäävad."
            ),
            {P.MARKETING, P.COOKIES},
        ),
        (
            (
                "Отзываю следующие согласия:\n- на рассылку;\n- на аналитику.\n"
                "Согласие на cookies остаётся в силе."
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
    ],
)
def test_the_following_are_those_listed_below(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "First, I revoke the consents I gave for promotional mail and for satisfaction surveys.",
        "Firstly my address is wrong. Second, I withdraw my consent to offers and to surveys.",
        "I withdraw consent to newsletters and surveys for the second time.",
        "Võtan teist korda tagasi oma nõusoleku uudiskirjale ja küsitlustele.",
        "Второй раз отзываю согласие на рассылку и опросы.",
        "Tühistan art 6 lg 1 punkt a alusel antud nõusoleku uudiskirjale ja küsitlustele.",
        "Отзываю данное по статье 6 пункт 1 согласие на рассылку и опросы.",
    ],
)
def test_a_number_that_only_orders_the_letter_points_at_nothing(text: str) -> None:
    assert purposes(text) == {P.MARKETING, P.SURVEYS}


def in_lines(*names: str) -> str:
    return "".join(f"{number}) {name}\n" for number, name in enumerate(names, 1))


ENGLISH = in_lines("newsletter", "SMS offers", "surveys", "usage statistics", "cookies")
ESTONIAN = in_lines("uudiskiri", "SMS-pakkumised", "küsitlused", "kasutusstatistika", "küpsised")
RUSSIAN = in_lines("рассылка", "реклама по SMS", "опросы", "статистика", "куки")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"In my account:\n{ENGLISH}I withdraw number 3.", {P.SURVEYS}),
        (f"In my account:\n{ENGLISH}I withdraw no. 5 please.", {P.COOKIES}),
        (f"In my account:\n{ENGLISH}1 and 2 stay, 4 and 5 I withdraw.", {P.ANALYTICS, P.COOKIES}),
        (
            f"In my account:\n{ENGLISH}I withdraw points 3 to 5.",
            {P.SURVEYS, P.ANALYTICS, P.COOKIES},
        ),
        (
            f"In my account:\n{ENGLISH}I withdraw all of these but the third.",
            {P.MARKETING, P.ANALYTICS, P.COOKIES},
        ),
        (f"Minu nõusolekud:\n{ESTONIAN}Võtan tagasi punkti 3.", {P.SURVEYS}),
        (
            f"Minu nõusolekud:\n{ESTONIAN}1 ja 2 jäävad, 3 ja 5 võtan tagasi.",
            {P.SURVEYS, P.COOKIES},
        ),
        (
            f"Minu nõusolekud:\n{ESTONIAN}Võtan tagasi kõik peale kolmanda.",
            {P.MARKETING, P.ANALYTICS, P.COOKIES},
        ),
        (f"Мои согласия:\n{RUSSIAN}Отзываю пункт 3.", {P.SURVEYS}),
        (f"Мои согласия:\n{RUSSIAN}1 и 2 остаются, 3 и 5 отзываю.", {P.SURVEYS, P.COOKIES}),
        (
            f"Мои согласия:\n{RUSSIAN}Отзываю все, кроме третьего.",
            {P.MARKETING, P.ANALYTICS, P.COOKIES},
        ),
    ],
)
def test_a_number_counts_the_lines_of_a_list(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted
