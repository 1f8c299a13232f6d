"""Other people's data are taken out of a text; the person's own stay (Art. 15(4))."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.package.redaction import Own, redact

OWN = Own(
    codes=("36805280109",),
    emails=("Mari@example.com", "info@netpro.ee"),
    phones=("+372 5000 0001", "6001234"),
)
MARK = "[…]"


def redacted(text: str, *names: str) -> str:
    """Only the text."""
    return redact(text, OWN, names, MARK).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kood 36805280109", "kood 36805280109"),
        ("kood 49403136515.", "kood […]."),
        ("kood 49403136516", "kood 49403136516"),
        ("registrikood 12345678", "registrikood 12345678"),
        ("mari@example.com, MARI@EXAMPLE.COM", "mari@example.com, MARI@EXAMPLE.COM"),
        ("jyri.oun+x@mail.example.org on tema", "[…] on tema"),
        ("+372 5000 0001", "+372 5000 0001"),
        ("helista 0037250000001", "helista 0037250000001"),
        ("helista +372 5555 1234!", "helista […]!"),
        ("helista 00372 55551234", "helista […]"),
        ("tel 5555 1234", "tel […]"),
        ("Telefon: 55551234", "Telefon: […]"),
        ("phone 600 1234", "phone 600 1234"),
        ("тел. 5555-12-34", "тел. […]"),
        ("arve 2026-03-05 summa 12345678", "arve 2026-03-05 summa 12345678"),
        ("1+55551234", "1+55551234"),
        ("+372 5", "+372 5"),
        ("", ""),
    ],
)
def test_codes_addresses_and_numbers_of_others_go(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Jüri Õun kirjutas", "Jüri Õun", "[…] kirjutas"),
        ("jüri õunaga räägiti", "Jüri Õun", "[…] räägiti"),
        ("Jürile  Õunale saadeti", " Jüri Õun ", "[…] saadeti"),
        ("Анной Лебедевой", "Анн Лебедев", "[…]"),
        ("Õunapuu ja Jüri", "Õun", "[…] ja Jüri"),
        ("Õunapuuaed", "Õun", "Õunapuuaed"),
        ("sõun", "Õun", "sõun"),
        ("a.b", "a.b", "[…]"),
        ("axb", "a.b", "axb"),
        ("midagi", "  ", "midagi"),
    ],
)
def test_names_go_in_every_case_ending(text: str, name: str, expected: str) -> None:
    assert redacted(text, name) == expected


def test_places_are_counted_and_places_that_overlap_count_once() -> None:
    found = redact("jyri@example.org, 49403136515", OWN, ("jyri",), MARK)
    assert (found.text, found.count) == ("[…], […]", 2)
    longer = redact("Jüri Õun ja Õun", OWN, ("Jüri Õun", "Õun"), MARK)
    assert (longer.text, longer.count) == ("[…] ja […]", 2)


@given(st.text(alphabet="ab@.+ 0123456789-õ", max_size=80))
def test_nothing_outside_the_places_is_lost(text: str) -> None:
    """Between the marks stands the text, in its order; a second look finds nothing."""
    found = redact(text, Own(), (), "\0")
    position = 0
    for part in found.text.split("\0"):
        position = text.index(part, position) + len(part)
    assert found.text.count("\0") == found.count
    assert redact(found.text, Own(), (), "\0").count == 0
