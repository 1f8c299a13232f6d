"""Folder names and what folders are for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.imap_grammar import Part
from mailbot.imap_names import Mailbox, decoded, encoded, listed, quoted, watched


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("Rämpspost", "R&AOQ-mpspost"),
        ("Спам", "&BCEEPwQwBDw-"),
        ("a & b", "a &- b"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501 section 5.1.3
    ],
)
def test_names_travel_in_modified_utf_7(name: str, wire: str) -> None:
    assert encoded(name) == wire
    assert decoded(wire) == name


@given(st.text())
def test_every_name_comes_back_the_same_and_is_printable_ascii(name: str) -> None:
    wire = encoded(name)
    assert decoded(wire) == name
    assert wire.isascii()
    assert all(" " <= letter <= "~" for letter in wire)


@given(st.text(alphabet="&-,/+AQz0 ä"))
def test_what_is_no_modified_utf_7_never_raises(wire: str) -> None:
    assert isinstance(decoded(wire), str)


def test_quotes_and_backslashes_are_escaped() -> None:
    assert quoted('a"b\\') == '"a\\"b\\\\"'


def test_names_come_quoted_as_atom_or_as_literal() -> None:
    lines: list[Part] = [
        b'LIST (\\HasNoChildren) "/" "with \\"quotes\\" and space"',
        b'LIST (\\Noselect) "/" Atom',
        b"LIST (\\Junk) NIL {4}",
        bytearray(b"Sp(m"),
        b"",
        b'LSUB () "/" other',
    ]
    assert [(box.name, box.delimiter, box.is_selectable) for box in listed(lines)] == [
        ('with "quotes" and space', "/", True),
        ("Atom", "/", False),
        ("Sp(m", "", True),
    ]


def box(name: str, *flags: str) -> Mailbox:
    """A folder under "/"."""
    return Mailbox(name, encoded(name), frozenset(flags), "/")


def test_without_attributes_common_names_in_three_languages_decide() -> None:
    names = ["INBOX", "INBOX/Saadetud", "Черновики", "Trash", "All Mail", "Rämpspost", "Kliendid"]
    assert [m.name for m in watched(map(box, names))] == ["INBOX", "Rämpspost", "Kliendid"]


def test_where_a_purpose_is_marked_names_do_not_count() -> None:
    boxes = [box("INBOX"), box("Sent", "\\sent"), box("Saadetud"), box("Trash")]
    assert [m.name for m in watched(boxes)] == ["INBOX", "Saadetud"]


@pytest.mark.parametrize("name", ["Junk", "Rämpspost", "INBOX/Спам"])
def test_junk_is_known_by_name(name: str) -> None:
    assert box(name).is_junk


def test_junk_is_known_by_attribute() -> None:
    assert box("Muu", "\\junk").is_junk
    assert not box("INBOX").is_junk
