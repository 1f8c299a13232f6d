"""Consents in lists, tables and forms, and what the words round them say of each line."""

import pytest

from mailbot.classify import classify
from mailbot.classify.lists import MAX_LINES, lines_apart
from models.vocabulary import AskedPurpose as P


def purposes(text: str) -> set[P]:
    return set(classify("", text, [(0, len(text))]).purposes)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Please withdraw my consent to\ncookies\nsurveys\nleave newsletter",
            {P.COOKIES, P.SURVEYS},
        ),
        (
            "Tere\nvõtan nõusoleku tagasi\nuudiskiri\nküsitlused\nküpsised las jäävad",
            {P.MARKETING, P.SURVEYS},
        ),
        ("Отзываю согласие\nрассылка\nкуки\nопросы оставьте", {P.MARKETING, P.COOKIES}),
        (
            "I agreed to:\n• surveys\n• cookies\n• the newsletter\nI withdraw the first two.",
            {P.SURVEYS, P.COOKIES},
        ),
        (
            "I withdraw my consent as regards:\niii) cookies\niv) surveys\nThank you",
            {P.COOKIES, P.SURVEYS},
        ),
        ("1 - surveys - stay\n2 - cookies - I withdraw my consent", {P.COOKIES}),
    ],
)
def test_each_line_of_a_list_speaks_for_itself_whatever_its_mark(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Consent withdrawn: cookies\nConsents that stay: newsletter, surveys",
            {P.COOKIES},
        ),
        ("Tagasi võetav nõusolek: küpsised\nKehtima jäävad: uudiskiri, küsitlused", {P.COOKIES}),
        ("| Согласие | Решение |\n| Рассылка | оставить |\n| Куки | отозвать |", {P.COOKIES}),
    ],
)
def test_each_line_of_a_form_or_a_table_speaks_for_itself(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


def test_a_name_on_a_line_of_its_own_is_no_list() -> None:
    text = "Newsletter\n\nI withdraw my consent\n\nSurveys"
    assert lines_apart(text, [(0, len(text))], "en") == ([(0, len(text))], [])


def test_only_so_many_lines_are_looked_at() -> None:
    text = "- surveys\n" * (2 * MAX_LINES)
    around, items = lines_apart(text, [(0, len(text))], "en")
    assert len(items) == MAX_LINES
    assert around[-1] == (items[-1][1], len(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            (
                "Please keep:\n1. surveys\n2. cookies\n\nPlease withdraw my consent for:\n"
                "1. newsletter"
            ),
            {P.MARKETING},
        ),
        (
            "I withdraw all my consents except:\n- cookies\n- surveys",
            {P.MARKETING, P.ANALYTICS},
        ),
        ("Jätan kehtima:\n1. küpsised\n\nVõtan tagasi:\n1. küsitlused", {P.SURVEYS}),
        (
            "Võtan tagasi kõik nõusolekud, välja arvatud\n1) küpsised\n2) küsitlused",
            {P.MARKETING, P.ANALYTICS},
        ),
        ("Оставляю в силе:\n1. куки\n\nОтзываю:\n1. опросы\n2. рассылка", {P.SURVEYS, P.MARKETING}),
        ("Отзываю все согласия, кроме\n1) статистика\n2) опросы", {P.MARKETING, P.COOKIES}),
    ],
)
def test_a_heading_that_keeps_or_excepts_is_said_of_each_line(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I withdraw some consents. From now on:\n- cookies: no\n- surveys: yes", {P.COOKIES}),
        ("Newsletter - I'm happy with it.\nCookies - please withdraw.", {P.COOKIES}),
        (
            (
                "Minu nõusolekud:\nküpsised = väljas\nuudiskiri = sees\n"
                "Võtan tagasi need, mis on väljas."
            ),
            {P.COOKIES},
        ),
        ("Palun muuta minu nõusolekuid:\nKüpsised - ei luba enam\nKüsitlused - luban", {P.COOKIES}),
        (
            "Прошу обновить согласия:\nкуки НЕТ\nрассылка ДА\nСоответствующее согласие отзываю.",
            {P.COOKIES},
        ),
        ("Отзываю часть согласий:\n1) опросы: да\n2) куки: нет", {P.COOKIES}),
    ],
)
def test_a_line_may_answer_for_the_consent_it_names(text: str, wanted: set[P]) -> None:
    assert purposes(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Withdraw consent?\n- newsletter: no\n- surveys: yes\n- cookies: no",
        "Palun võtke nõusolek tagasi.\n\nEesmärk\tTagasi\nUudiskiri\tei\nKüsitlused\tjah",
        "Отозвать согласие?\n1. куки - нет\n2. опросы - да",
    ],
)
def test_yes_to_a_question_that_withdraws_is_a_withdrawal(text: str) -> None:
    assert purposes(text) == {P.SURVEYS}


def test_yes_after_i_withdraw_says_nothing_new() -> None:
    text = "I withdraw my consents to these:\n- newsletter: yes\n- cookies: yes"
    assert purposes(text) == {P.MARKETING, P.COOKIES}


@pytest.mark.parametrize(
    "text",
    [
        "1. Surveys – I withdraw my consent.\n2. Cookies – same.\n3. Newsletter – no change.",
        "1. Küsitlused – võtan nõusoleku tagasi.\n2. Küpsised – sama.\n3. Uudiskiri – ei muutu.",
        "1. Опросы – согласие отзываю.\n2. Куки – то же самое.\n3. Рассылка – без изменений.",
    ],
)
def test_the_same_is_withdrawn_like_the_line_above(text: str) -> None:
    assert purposes(text) == {P.SURVEYS, P.COOKIES}


@pytest.mark.parametrize(
    "text",
    [
        "- rahuloluküsitlused\n- küpsised\n\nNeed nõusolekud võtan tagasi. Uudiskiri jäägu.",
        "- опросы\n- cookies\n\nЭти согласия отзываю. Рассылку оставьте.",
    ],
)
def test_these_are_the_lines_of_the_list_above(text: str) -> None:
    assert purposes(text) == {P.SURVEYS, P.COOKIES}


@pytest.mark.parametrize(
    "text",
    [
        "I only agree to the newsletter. I withdraw my other consents:\n- surveys\n- cookies",
        "Soovin ainult uudiskirja. Muud nõusolekud võtan tagasi:\n- küsitlused\n- küpsised",
        "Хочу получать только рассылку. Прочие согласия отзываю:\n- опросы\n- куки",
    ],
)
def test_the_others_are_the_lines_of_the_list_below(text: str) -> None:
    assert purposes(text) == {P.SURVEYS, P.COOKIES}


@pytest.mark.parametrize(
    "text",
    [
        (
            "I revoke the consents I gave to\n1. Surveys. They are endless.\n"
            "2. Cookies. So is the banner.\nThe rest is fine."
        ),
        (
            "Võtan tagasi nõusoleku:\n1. Küsitlused. Neid on palju.\n"
            "2. Küpsised. Bänner segab.\nMuu sobib."
        ),
        (
            "I hereby revoke my consents to\n(a) surveys after each contact with\n"
            "    your desk; and\n(b) the use of\n    cookies.\n"
            "This does not concern the newsletter."
        ),
        (
            "Прошу считать отозванными согласия:\n1) на опросы после разговора с\n"
            "поддержкой;\n2) на использование\nкуки."
        ),
    ],
)
def test_a_line_of_a_list_may_hold_several_sentences_or_be_wrapped(text: str) -> None:
    assert purposes(text) == {P.SURVEYS, P.COOKIES}


def test_a_wrapped_line_ends_where_the_next_line_begins_anew() -> None:
    text = "1) the use\nof cookies\n\nand so on\n2) surveys\nnewsletter\nstatistics"
    _, items = lines_apart(text, [(0, len(text))], "en")
    lines = [text[start:end] for start, end in items]
    assert lines == ["the use\nof cookies", "surveys", "newsletter", "statistics"]


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw my consent to:\n[x] surveys\n[ ] newsletter\n[x] cookies\n[ ] statistics",
        "Võtan tagasi märgitud nõusolekud:\n☑ küsitlused\n☐ uudiskiri\n☑ küpsised",
        "Отзываю согласие (отметить нужное):\n( ) рассылка\n(x) опросы\n(x) куки",
        "Withdrawal of consent\nSurveys: ☒\nNewsletter: ☐\nCookies: ☒",
    ],
)
def test_a_box_left_empty_withdraws_nothing(text: str) -> None:
    assert purposes(text) == {P.SURVEYS, P.COOKIES}


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw the consents that are not ticked:\n[x] surveys\n[ ] cookies",
        "Please withdraw as follows (x = stays):\n[x] surveys\n[ ] cookies",
        "Please keep these and withdraw the rest:\n[x] surveys\n[ ] cookies",
        "I withdraw consents:\n[x] keep [ ] withdraw surveys\n[ ] keep [x] withdraw cookies",
        "Withdrawal of consent\n[x] I agree to surveys\n[ ] I agree to cookies",
        "I withdraw my consent to:\n[ ] surveys\n[ ] cookies",
    ],
)
def test_boxes_whose_meaning_is_not_plain_leave_no_line_out(text: str) -> None:
    _, items = lines_apart(text, [(0, len(text))], "en")
    assert len(items) == 2
