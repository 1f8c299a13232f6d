"""DER is read strictly, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot import der
from tests.authorities import number, oid, tlv


def test_values_and_their_parts_are_read() -> None:
    found = der.node(tlv(0x30, number(7), tlv(0x04, b"x" * 300)))
    first, second = found.expect(der.SEQUENCE).children
    assert first.body == b"\x07"
    assert len(second.body) == 300


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=5))
def test_object_identifiers_are_read(root: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(map(str, (root, second, *rest)))
    assert der.node(oid(dotted)).oid == dotted


def test_an_open_length_ends_with_two_zero_bytes() -> None:
    inner = number(7)
    found = der.node(b"\x30\x80" + inner + b"\0\0")
    assert found.body == inner
    assert [one.raw for one in found.children] == [inner]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x05\x00",
        b"\x1f\x01\x00",
        b"\x30\x80\x02\x01\x07",
        b"\x04\x80\0\0",
        b"\x30\x80" * 40,
        b"\x30\x84\x00\x00\x00\x00",
        b"\x02\x01\x07\x00",
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(der.DerProblem):
        der.node(data)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        found = der.node(data)
        assert found.raw == data
        assert list(found.children) is not None
    except der.DerProblem:
        pass


def test_a_value_of_another_kind_is_refused() -> None:
    for problem in (lambda: der.node(number(1)).children, lambda: der.node(number(1)).oid):
        with pytest.raises(der.DerProblem):
            problem()
    with pytest.raises(der.DerProblem):
        der.node(tlv(0x30, *[number(1)] * 300)).children  # noqa: B018
