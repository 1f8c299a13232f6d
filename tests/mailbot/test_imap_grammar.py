"""Answers of a server as values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.imap_errors import ImapProtocolError
from mailbot.imap_grammar import (
    Part,
    ResponseReader,
    fetched,
    internal_date,
    number,
    searched,
    uid_set,
    values,
)


def test_lists_quoted_strings_literals_and_atoms_are_told_apart() -> None:
    parts: list[Part] = [
        b'1 FETCH (UID 5 X ("a \\"b" NIL) BODY[HEADER.FIELDS (A B)]<0> {3}',
        bytearray(b"(x"),
        b")",
    ]
    assert values(parts) == [
        "1",
        "FETCH",
        ["UID", "5", "X", [b'a "b', "NIL"], "BODY[HEADER.FIELDS (A B)]<0>", b"(x"],
    ]


@pytest.mark.parametrize("line", [b"(", b")", b'"open', b"(" * 50 + b")" * 50, b"\x01"])
def test_broken_grammar_is_a_protocol_error(line: bytes) -> None:
    with pytest.raises(ImapProtocolError):
        values([line])


@given(st.binary(max_size=200), st.integers(1, 20))
def test_a_stream_is_cut_into_the_same_responses_whatever_the_pieces(
    letter: bytes, size: int
) -> None:
    stream = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n* 2 EXISTS\r\n" % (len(letter), letter)
    reader = ResponseReader(1000)
    found = [
        parts
        for start in range(0, len(stream), size)
        for parts in reader.feed(stream[start : start + size])
    ]
    assert found == [
        [b"* 1 FETCH (UID 1 BODY[] {%d}" % len(letter), bytearray(letter), b")"],
        [b"* 2 EXISTS"],
    ]


@pytest.mark.parametrize("line", [b"* OK see {5}", b"A1 OK {5}", b"+ {5}", b"* NO [X] {5}"])
def test_braces_in_free_text_open_no_literal(line: bytes) -> None:
    assert list(ResponseReader(1000).feed(line + b"\r\n")) == [[line]]


def test_fetch_answers_without_a_uid_are_left_out_and_pieces_are_joined() -> None:
    lines = [
        b"1 FETCH (FLAGS ())",
        b"2 FETCH (UID 9)",
        b"3 EXISTS",
        b"2 FETCH (UID 9 RFC822.SIZE 4)",
    ]
    assert fetched(lines) == {9: {"UID": "9", "RFC822.SIZE": "4"}}


def test_search_answers_are_joined_and_sorted() -> None:
    assert searched([b"SEARCH 3 1", b"2 EXISTS", b"SEARCH", b"SEARCH 2 x 99999999999"]) == [1, 2, 3]


def test_internal_date_is_given_in_utc() -> None:
    assert internal_date(b" 5-Mar-2026 00:30:00 +0200") == datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"31-Feb-2026 00:00:00 +0000",
        b"01-Foo-2026 00:00:00 +0000",
        b"01-Jan-0001 00:00:00 +2300",
        b"01-Jan-2026 00:00:00 +9900",
        "ATOM",
        None,
    ],
)
def test_what_is_no_date_is_none(value: bytes | str | None) -> None:
    assert internal_date(value) is None


def test_a_number_has_thirty_two_bits() -> None:
    assert number("4294967295") == 4294967295
    assert [number(text) for text in ("4294967296", "-1", "²", "1.0", "", None, b"1")] == [None] * 7


def test_neighbours_are_joined_in_a_uid_set() -> None:
    assert uid_set([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"
