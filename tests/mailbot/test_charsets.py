"""Letters in legacy charsets are read, with or without a label, and a lying label is found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.charsets import codec_of, decode, detect
from models.vocabulary import ReadingFlag

RUSSIAN = (
    "Прошу удалить мои персональные данные.",
    "СТОП реклама",
    "Удаление аккаунта",
    "Отзываю согласие на рассылку и опросы, спасибо",
    "Какие данные обо мне хранятся? Ольга Ёлкина",
)
ESTONIAN = (
    "Palun kustutage kõik minu andmed",
    "Nõusoleku tagasivõtmine",
    "Küsimus: millal vastate? Tänan, Ülle Põld",
    "ÕIGUS ÄRAKIRJALE",
)


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
@pytest.mark.parametrize("text", RUSSIAN)
def test_short_russian_is_recognised_without_a_label(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == (text, ReadingFlag.CHARSET_GUESSED)


@pytest.mark.parametrize("charset", ["windows-1257", "iso-8859-15", "windows-1252"])
@pytest.mark.parametrize("text", ESTONIAN)
def test_short_estonian_is_recognised_without_a_label(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == (text, ReadingFlag.CHARSET_GUESSED)


@pytest.mark.parametrize("label", ["us-ascii", "utf-8"])
@pytest.mark.parametrize("text", [*RUSSIAN, "Žürii šokolaad"])
def test_a_seven_bit_or_utf8_label_over_eight_bit_text_is_recovered(text: str, label: str) -> None:
    charset = "windows-1251" if text in RUSSIAN else "windows-1257"
    assert decode(text.encode(charset), label) == (text, ReadingFlag.CHARSET_WRONG)


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "koi8-r"])
def test_a_single_byte_label_over_other_bytes_is_recovered(label: str) -> None:
    text = "Здравствуйте. Прошу прислать копию моих данных."
    assert decode(text.encode("windows-1251"), label) == (text, ReadingFlag.CHARSET_WRONG)


@pytest.mark.parametrize("text", ["Palun kõik", "Прошу"])
def test_utf8_under_a_single_byte_label_is_recovered(text: str) -> None:
    assert decode(text.encode(), "iso-8859-1") == (text, ReadingFlag.CHARSET_WRONG)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Прошу", "koi8-r"),
        ("Прошу", "windows-1251"),
        ("Žürii", "windows-1257"),
        ("Ça va, Zoë?", "iso-8859-1"),
        ("Zażółć gęślą", "iso-8859-2"),
        ("Γειά σου", "iso-8859-7"),
        ("お願いします", "iso-2022-jp"),
        ("你好", "gb2312"),
        ("Прошу", "utf-16"),
        ("kõik", "utf-8"),
    ],
)
def test_a_true_label_is_believed(text: str, charset: str) -> None:
    assert decode(text.encode(charset), charset) == (text, None)


@pytest.mark.parametrize("label", ["x-netscape-9000", "utf\x008", "rot13", "base64", "idna", ""])
def test_a_label_that_names_no_text_charset_is_ignored(label: str) -> None:
    assert codec_of(label) is None
    assert decode("kõik".encode(), label)[0] == "kõik"


def test_plain_ascii_and_undeclared_utf8_need_no_flag() -> None:
    assert decode(b"Palun", "x-unknown") == ("Palun", None)
    assert decode("kõik".encode()) == ("kõik", None)


def test_mostly_utf8_with_a_broken_byte_stays_utf8_and_is_flagged_lossy() -> None:
    broken = "Kustutage kõik ülejäänud".encode() + b"\xc3"
    assert decode(broken, "utf-8") == (
        "Kustutage kõik ülejäänud\ufffd",
        ReadingFlag.CHARSET_LOSSY,
    )


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfPalun", "utf-8")[0] == "Palun"


def test_a_long_ascii_letter_is_judged_by_its_eight_bit_lines() -> None:
    data = b"plain line\n" * 2000 + "Прошу удалить данные".encode("koi8-r")
    assert detect(data) == "koi8-r"


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "koi8-r", "utf-16", "utf-7", "?"]))
def test_any_bytes_give_text_that_can_be_stored(data: bytes, label: str | None) -> None:
    text, _ = decode(data, label)
    assert "\x00" not in text
    text.encode()
