"""The writer's own new words are kept; quotes, signatures and footers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.quotes import Kind, new_spans, sections

OWN_WORDS = "Tere, palun kustutage minu andmed."
OLD = "Siin seisab vana jutt."


def new(text: str) -> str:
    return "\n".join(text[a:b] for a, b in new_spans(text))


@pytest.mark.parametrize(
    "head",
    [
        # attribution lines
        "On Mon, Mar 2, 2026 at 10:00 AM Netpro <info@netpro.ee> wrote:",
        "On Mon, Mar 2, 2026 at 10:00 AM Netpro OÜ klienditugi <\ninfo@netpro.ee> wrote:",
        "On 2 Mar 2026, at 10:00, Netpro <info@netpro.ee> wrote:",
        "Netpro <info@netpro.ee> kirjutas 02.03.2026 kell 08:00:",
        "Kuupäeval E, 2. märts 2026 kell 10:00 kirjutas Netpro (<info@netpro.ee>):",
        "пн, 2 мар. 2026 г. в 10:00, Netpro <info@netpro.ee>:",
        "Понедельник, 2 марта 2026, 10:00 +03:00 от Netpro <info@netpro.ee>:",
        "2 марта 2026 г., в 10:00, Netpro <info@netpro.ee> написал(а):",
        "02.03.2026, 10:00, Netpro <info@netpro.ee> пишет:",
        # separators
        "-----Original Message-----",
        "-----Algne kiri-----",
        "---------- Edastatud kiri ----------",
        "---------- Forwarded message ---------",
        "-------- Пересылаемое сообщение --------",
        "-----Исходное сообщение-----",
        "Begin forwarded message:",
        "Algteade:",
        # heads
        "From: Netpro\nSent: Monday, March 2, 2026 10:00 AM\nTo: Mari\nSubject: Leping",
        "*From:* Netpro\n*Sent:* Monday",
        "Saatja: Netpro\nSaadetud: esmaspäev, 2. märts 2026\nTeema: Leping",
        "От: Netpro\nОтправлено: 2 марта\nТема: Договор",
        "________________________________\nFrom: Netpro <info@netpro.ee>\nSubject: Leping",
        "________________________________\n\nSaatja: Netpro\n\nSaadetud: 2. märts",
    ],
)
def test_everything_below_a_quoted_head_is_quoted(head: str) -> None:
    text = f"{OWN_WORDS}\n\n{head}\n\n{OLD}\n"
    assert new(text) == OWN_WORDS


@pytest.mark.parametrize(
    "head",
    [
        "Netpro kirjutas:",
        "12. mail kirjutas Netpro jurist:",
        "Netpro klienditugi kirjutas K, 8. mai 2026 kell 16:20:",
        "Netpro Personal написал(а):",
        "On Monday Netpro Support wrote:",
        "Ken wrote:",
    ],
)
def test_a_loose_attribution_goes_with_the_quoted_lines_below_it_only(head: str) -> None:
    assert new(f"{OWN_WORDS}\n\n{head}\n> {OLD}\n\nJah.") == f"{OWN_WORDS}\nJah."
    assert new(f"{OWN_WORDS}\n\n{head}\n{OLD}").endswith(OLD)


def test_answers_between_quotes_are_kept() -> None:
    text = "> Kas jätkate?\n\nJah.\n\n> Kas säilitame andmed?\n>> vanem\n\nEi, kustutage."
    assert new(text) == "Jah.\nEi, kustutage."


@pytest.mark.parametrize(
    "text",
    [
        "1. Palun koopiat\n2. Palun kustutada\n- ja kinnitus",
        "From: Emil, customer 31180\n\nPlease send my data.",
        "To: Netpro OÜ\nFrom: Emil Sørby\n\nPlease send my data.",
        "Saaja: Netpro OÜ, vastutav töötleja\nSaatja: Mari\nTeema: avaldus\n\nPalun kustutage.",
        "Tere\n\nSaatja: Mari Mets\nSaaja: Netpro\nTeema: avaldus\n\nPalun kustutage.",
        "Subject: my data\n\nDelete it.",
        "As your policy wrote: delete on request. So do.",
        "Your agent wrote:\nwe keep nothing.\nIs that so? Send me my data.",
        "---\nPalun kustutage minu andmed.",
        "-- \nPalun kustutage minu andmed.",
        "This message contains confidential data about me, please erase my data.",
        "See kiri on konfidentsiaalne. Palun kustutage minu andmed.",
        "Sent from my old address last week: please delete my account and everything in it.",
        "Отправлено заявление на удаление данных, жду ответа.",
        ">From now on I object to marketing.",
        "Unsubscribe",
        "You received this because I insist: delete my data.",
    ],
)
def test_a_real_request_is_never_cut(text: str) -> None:
    assert new(text) == text


@pytest.mark.parametrize(
    "tail",
    [
        "-- \nMari Mets\nMetsa Puit OÜ\n+372 5555 5555",
        "--\nMari Mets, juhataja",
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Saadetud minu iPhone'ist",
        "Saadetud Outlook for iOS",
        "Отправлено с iPhone",
        "Отправлено из мобильной Яндекс Почты",
        "Get Outlook for iOS",
    ],
)
def test_signatures_are_cut(tail: str) -> None:
    assert new(f"{OWN_WORDS}\n\n{tail}\n") == OWN_WORDS


def test_a_postscript_below_the_signature_is_kept() -> None:
    text = f"Tere, vastan.\n-- \nMari\nPS! {OWN_WORDS}"
    assert new(text) == f"Tere, vastan.\nPS! {OWN_WORDS}"


def test_a_long_text_below_two_dashes_is_no_signature() -> None:
    letter = "\n".join(f"{n}. palve" for n in range(1, 30))
    assert new(f"Tere\n--\n{letter}").endswith("29. palve")


@pytest.mark.parametrize(
    "footer",
    [
        "Käesolev kiri on konfidentsiaalne. Kui Te ei ole selle adressaat, kustutage kiri.",
        "Käesolev kiri sisaldab konfidentsiaalset ja kutsesaladusega kaitstud teavet.",
        "See e-kiri võib sisaldada isikuandmeid. Kui Te ei ole õige saaja, kustutage see.",
        "This e-mail is confidential and intended only for the addressee.",
        "This message may contain personal data. If you received it in error, delete it.",
        "If you are not the intended recipient, delete all personal data in this message.",
        "CONFIDENTIALITY NOTICE: the contents are privileged.",
        "Настоящее сообщение конфиденциально и предназначено только адресату.",
        "Если вы получили это письмо по ошибке, удалите его и все персональные данные.",
        "Внимание! Письмо содержит персональные данные и предназначено только адресату.",
        "You are receiving this email because you subscribed. Delete my data here.",
        "Saite selle kirja, sest olete klient. Kustuta minu andmed siin.",
        "Вы получили это письмо, так как подписаны. Удалить мои данные.",
        "Unsubscribe | Preferences | Delete my data",
    ],
)
def test_footers_are_cut(footer: str) -> None:
    assert new(f"{OWN_WORDS}\n\n{footer}\n") == OWN_WORDS
    assert new(f"{OWN_WORDS}\n\n{footer}\n\n> {OLD}") == OWN_WORDS


def test_a_forward_with_an_end_mark_ends_there() -> None:
    text = (
        "-------- Пересылаемое сообщение --------\nОт: Иван\nстарое\n"
        "-------- Конец пересылаемого сообщения --------\nПрошу сделать и для меня."
    )
    assert new(text) == "Прошу сделать и для меня."


def test_a_letter_of_quotes_alone_has_no_new_words() -> None:
    assert new_spans(f"> {OLD}\n>\n> {OLD}") == ()
    assert [s.kind for s in sections(f"> {OLD}")] == [Kind.QUOTE]


def test_positions_count_code_points_of_the_text() -> None:
    text = "😀 õ\n> vana\nuus"
    assert [text[a:b] for a, b in new_spans(text)] == ["😀 õ", "uus"]


LINES = st.lists(
    st.sampled_from(
        [
            *("", "Tere", "> vana", "-- ", "--", "____________", "From: a", "Sent: b", "  \u00a0"),
            *("On Mon, 2 Mar 2026 a@b.example wrote:", "PS tere", "Sent from my iPhone"),
            *("This e-mail is confidential", "-----Algne kiri-----", "Netpro kirjutas:"),
            "Disclaimer: x",
        ]
    ),
    max_size=15,
)


@given(LINES)
def test_sections_are_ordered_apart_and_cover_all_that_is_written(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = sections(text)
    edges = [edge for section in found for edge in (section.start, section.end)]
    assert edges == sorted(edges)
    between = [text[a:b] for a, b in zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True)]
    assert not "".join(between).strip()
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in found)
