"""Codes are checked by their form, hidden where they show, found where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.personal_code import find_codes, masked, valid_personal_code, valid_registry_code
from models.vocabulary import IdentifierScheme

WEIGHTS = ([1, 2, 3, 4, 5, 6, 7, 8, 9, 1], [3, 4, 5, 6, 7, 8, 9, 1, 2, 3])


def check_digit(digits: str) -> str:
    """The check digit by the rule in words: two rows of weights, mod 11, at last 0."""
    for weights in WEIGHTS:
        rest = sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11
        if rest < 10:
            return str(rest)
    return "0"


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("36805280109", True),
        ("36805280108", False),
        ("3680528010", False),
        ("36802300100", False),  # 30 February
        ("06805280109", False),
        ("96805280109", False),
        (" 36805280109", False),
        ("368052 80109", False),
        ("３６８０５２８０１０９", False),
        ("", False),
    ],
)
def test_a_personal_code_is_checked_whole(code: str, valid: bool) -> None:
    assert valid_personal_code(code) is valid


@pytest.mark.parametrize(
    ("code", "valid"),
    [("12345678", True), ("12345679", False), ("22345678", False), ("1234567", False)],
)
def test_a_registry_code_is_checked_whole(code: str, valid: bool) -> None:
    assert valid_registry_code(code) is valid


@given(st.integers(1, 8), st.dates(), st.integers(0, 999), st.integers(0, 9))
def test_the_check_digit_is_the_one_of_the_rule(
    first: int, born: object, serial: int, last: int
) -> None:
    head = f"{first}{born:%y%m%d}{serial:03}"
    try:
        valid = valid_personal_code(f"{head}{last}")
    except ValueError:
        pytest.fail("a code must never raise")
    if valid:
        assert check_digit(head) == str(last)


@given(st.sampled_from("1789"), st.integers(0, 999_999), st.integers(0, 9))
def test_a_registry_code_follows_the_same_rule(first: str, middle: int, last: int) -> None:
    head = f"{first}{middle:06}"
    assert valid_registry_code(f"{head}{last}") == (check_digit(head) == str(last))


def test_a_masked_code_shows_its_last_two_digits() -> None:
    assert masked("36805280109") == "*********09"
    assert masked("12345678") == "******78"
    assert masked("12345") == "***45"
    assert masked("1234") == "****"
    assert masked("123") == "***"
    assert masked("") == ""


def test_valid_codes_are_found_with_their_place() -> None:
    text = "Isikukood: 36805280109, firma reg. kood 12345678. Tel 53999999"
    found = find_codes(text)
    assert [(code.scheme, code.code) for code in found] == [
        (IdentifierScheme.EE_PERSONAL_CODE, "36805280109"),
        (IdentifierScheme.EE_REGISTRY_CODE, "12345678"),
    ]
    assert all(text[code.start : code.end] == code.code for code in found)


@pytest.mark.parametrize(
    "text",
    [
        "36805280108",
        "EE36805280109",
        "1236805280109",
        "+12345678",
        "12345678.90",
        "summa 1.12345678",
        "AB12345678",
    ],
)
def test_parts_of_other_numbers_are_no_codes(text: str) -> None:
    assert find_codes(text) == []


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    for code in find_codes(text):
        assert text[code.start : code.end] == code.code
