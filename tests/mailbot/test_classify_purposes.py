"""What a withdrawal ends, and what it lets stay."""

import pytest

from mailbot.classify import classify
from models.vocabulary import AskedPurpose as P


def purposes(text: str, subject: str = "") -> set[P]:
    return set(classify(subject, text, [(0, len(text))]).purposes)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop the surveys and withdraw my consent. I have nothing against the newsletter.",
        "Please take me off the surveys. As for your newsletter, I have no quarrel with it.",
        "Stop sending me surveys, please. The newsletter can stay.",
        "Please keep sending the newsletter. I withdraw my consent to surveys.",
        "Do not stop the newsletter; I only withdraw my consent to surveys.",
        "Võtan tagasi küsitluste nõusoleku. Uudiskirja nõusolekut ma tagasi ei võta.",
        "Palun jätkake uudiskirja saatmist, kuid küsitluste nõusoleku võtan tagasi.",
        "Рассылку не прекращайте, но согласие на опросы отзываю.",
        "I withdraw my consent to surveys. Cookies and statistics don't bother me.",
        "I withdraw my consent for surveys, not for the newsletter.",
        "Newsletter yes, surveys no: please withdraw my consent to the surveys.",
        "Please stop sending me surveys, the newsletter may go on.",
        "Only the surveys, please: I withdraw my consent to those. Leave the newsletter alone.",
        "Everything may stay as it is except the surveys: that consent I withdraw.",
        "Võtan tagasi nõusoleku küsitlusteks. Uudiskirja vastu pole mul midagi.",
        "Loobun arvamusküsitlustest, võtan selle nõusoleku tagasi. Pakkumisi võib edasi saata.",
        "Palun mitte saata mulle enam rahulolu-uuringuid. Pakkumised mind ei häiri.",
        "Uudiskiri jah, küsitlused ei: võtan küsitluste nõusoleku tagasi.",
        "Võtan tagasi loa saata mulle küsitlusi, aga mitte uudiskirja loa.",
        "Palun eemaldage mind küsitluste saajate hulgast, kampaaniapakkumised on teretulnud.",
        "Отзываю согласие на опросы. Остальное можете не трогать: ни рассылку, ни статистику.",
        "Прошу прекратить опросы, согласие отзываю. На рассылку не жалуюсь.",
        "Отзываю согласие только на опросы, к рассылке претензий нет.",
        "Рассылка: да. Опросы: нет, согласие на них отзываю.",
        "Снимите мой адрес с рассылки опросов, согласие отзываю.",
    ],
)
def test_what_is_said_to_stay_is_not_withdrawn(text: str) -> None:
    assert purposes(text) == {P.SURVEYS}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            (
                "Consents in my account:\n- newsletter: withdraw\n- surveys: leave as it is\n"
                "- usage statistics: withdraw\n- cookies: leave on"
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            (
                "Consent to the newsletter: yes. Consent to surveys: withdrawn. "
                "Consent to cookies: withdrawn."
            ),
            {P.SURVEYS, P.COOKIES},
        ),
        (
            "Andsin nõusoleku uudiskirjale. Selle võtan tagasi. Samuti loobun küsitlustest.",
            {P.MARKETING, P.SURVEYS},
        ),
        ("Я дала согласие на опросы, рассылку и куки. Отзываю только рассылку.", {P.MARKETING}),
        ("Отпишите меня от рассылки, а вот опросы мне даже нравятся.", {P.MARKETING}),
        (
            (
                "I agreed that you may count what I click. I withdraw that consent. "
                "The offers may go on."
            ),
            {P.ANALYTICS},
        ),
        (
            "Vaidlustan profileerimise. Loobun uudiskirjast ja võtan nõusoleku tagasi.",
            {P.MARKETING},
        ),
        (
            "Loobun nii uudiskirjast kui ka küsitlustest, nõusolekud on tagasi võetud.",
            {P.MARKETING, P.SURVEYS},
        ),
        (
            "Vajutasin lehel „nõustun kõigi küpsistega“. Nüüd ei luba, palun maha võtta.",
            {P.COOKIES},
        ),
        ("Otzyvaju soglasie na rassylku. Oprosy pust ostajutsja.", {P.MARKETING}),
    ],
)
def test_each_consent_has_its_own_turn(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I hereby withdraw all consents I have ever given you.",
        "Võtan kõik oma nõusolekud tagasi, olgu uudiskiri või küsitlused.",
        "Отзываю все свои согласия без исключения, будь то рассылка или опросы.",
    ],
)
def test_every_consent_is_all_whatever_is_named_beside_it(text: str) -> None:
    assert purposes(text) == {P.ALL}


def test_the_subject_answered_does_not_name_what_the_letter_leaves_alone() -> None:
    text = "Отзываю согласие на опросы. Рассылку оставьте."
    assert purposes(text, "Re: Наша рассылка: скидки ноября") == {P.SURVEYS}


@pytest.mark.parametrize(
    "text",
    [
        "Отзываю согласие: а) на рассылки; б) на анализ использования услуг; в) на куки.",
        "I withdraw my consent: a) to the newsletter; b) to usage statistics; c) to cookies.",
        "Võtan tagasi nõusoleku: a) uudiskirjaks; b) kasutusstatistikaks; c) küpsisteks.",
    ],
)
def test_each_line_of_a_list_is_withdrawn(text: str) -> None:
    assert purposes(text) == {P.MARKETING, P.ANALYTICS, P.COOKIES}


def test_a_heading_says_what_goes_and_what_stays() -> None:
    text = "My consents. Going: marketing, surveys, cookies. Staying: analytics."
    assert purposes(text) == {P.MARKETING, P.SURVEYS, P.COOKIES}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "I withdraw my consent to:\n1) the newsletter\n2) cookies\n3) surveys\nPlease confirm",
            {P.MARKETING, P.COOKIES, P.SURVEYS},
        ),
        (
            (
                "Please withdraw the following consents:\n\n1. Newsletters and offers\n"
                "2. Usage statistics\n\nThank you"
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
        (
            (
                "You have three consents of mine:\n1) newsletter\n2) cookies\n3) surveys\n"
                "I withdraw 1) and 3). The second may stay."
            ),
            {P.MARKETING, P.SURVEYS},
        ),
        (
            "Consents:\n1) newsletter - withdraw\n2) cookies - keep\n3) surveys - withdraw",
            {P.MARKETING, P.SURVEYS},
        ),
        (
            (
                "1) I withdraw my consent to the newsletter.\n"
                "2) What statistics do you hold about me?\n3) Why do you set cookies?"
            ),
            {P.MARKETING},
        ),
        (
            "Võtan tagasi nõusolekud:\n1) uudiskiri\n2) küpsised\nKolmas, küsitlused, jääb.",
            {P.MARKETING, P.COOKIES},
        ),
        (
            (
                "Mul on teil kolm nõusolekut:\n1) uudiskiri;\n2) küpsised;\n3) küsitlused.\n"
                "Võtan tagasi 2) ja 3)."
            ),
            {P.COOKIES, P.SURVEYS},
        ),
        (
            "Отзываю согласия:\n1) рассылка\n2) cookies\nОпросы оставьте.",
            {P.MARKETING, P.COOKIES},
        ),
        (
            (
                "Мои согласия:\n1. Рассылка\n2. Опросы\n3. Статистика\n"
                "Отзываю пункты 1 и 3, второй оставьте."
            ),
            {P.MARKETING, P.ANALYTICS},
        ),
    ],
)
def test_each_numbered_line_speaks_for_itself(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I would like to revoke my consent to offers and to cookies.", {P.MARKETING, P.COOKIES}),
        ("We should like to withdraw the consent we gave for surveys.", {P.SURVEYS}),
        ("I'd still like to withdraw my consent to usage statistics.", {P.ANALYTICS}),
        ("I would like to withdraw my consent to surveys, I like the newsletter.", {P.SURVEYS}),
    ],
)
def test_who_would_like_to_withdraw_likes_nothing(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw my consent to cookies. Keep: surveys, the newsletter, usage statistics.",
        "Cookies are withdrawn. Not withdrawn: newsletter, surveys.",
        "Loobun küpsistest, alles jäävad uudiskiri, küsitlused, statistika.",
        "Отзываю согласие на куки, оставляю: опросы, рассылку, статистику.",
    ],
)
def test_a_row_of_names_after_keep_stays_to_its_end(text: str) -> None:
    assert purposes(text) == {P.COOKIES}
