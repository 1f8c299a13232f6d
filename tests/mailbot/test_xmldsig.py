"""Pieces of an XML signature stand in their place, and have one canonical form."""

import pytest
from lxml import etree

from mailbot.xmldsig import EXCLUSIVE, INCLUSIVE, Broken, canonical, decoded, only, text

OUTER = '<a xmlns="urn:a" xmlns:b="urn:b">{}<b:x z="2" y="1"><!-- c -->t<z/></b:x>tail</a>'


def inner(attributes: str = "") -> etree._Element:
    root = etree.fromstring(OUTER.format("").replace("<a ", f"<a {attributes} "))
    return root[0]


def method(name: str, inside: str = "") -> etree._Element:
    return etree.fromstring(f'<m Algorithm="{name}">{inside}</m>')


@pytest.mark.parametrize(
    ("name", "form"),
    [
        (INCLUSIVE, b'<b:x xmlns="urn:a" xmlns:b="urn:b" y="1" z="2">t<z></z></b:x>'),
        (EXCLUSIVE, b'<b:x xmlns:b="urn:b" y="1" z="2">t<z xmlns="urn:a"></z></b:x>'),
        (
            f"{EXCLUSIVE}WithComments",
            b'<b:x xmlns:b="urn:b" y="1" z="2"><!-- c -->t<z xmlns="urn:a"></z></b:x>',
        ),
    ],
)
def test_canonical_forms_are_those_of_the_standard(name: str, form: bytes) -> None:
    assert canonical(inner(), method(name)) == form


def test_without_a_method_the_form_is_canonical_xml_1_0() -> None:
    assert canonical(inner(), None) == canonical(inner(), method(INCLUSIVE))


def test_comments_are_left_out_where_they_are_no_part() -> None:
    form = canonical(inner(), method(f"{EXCLUSIVE}WithComments"), comments=False)
    assert b"<!--" not in form


def test_listed_prefixes_are_kept_up_to_a_limit() -> None:
    listed = f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="%s"/>'
    element = inner('xmlns:c="urn:c"')
    assert b'xmlns:c="urn:c"' in canonical(element, method(EXCLUSIVE, listed % "c"))
    assert b'xmlns:c="urn:c"' not in canonical(element, method(EXCLUSIVE))
    with pytest.raises(Broken):
        canonical(inner(), method(EXCLUSIVE, listed % " ".join(f"p{n}" for n in range(99))))


def test_inherited_xml_attributes_and_unknown_forms_are_refused() -> None:
    with pytest.raises(Broken):
        canonical(inner('xml:lang="et"'), method(INCLUSIVE))
    assert canonical(inner('xml:lang="et"'), method(EXCLUSIVE))
    with pytest.raises(Broken):
        canonical(inner(), method("urn:other"))


def test_a_comment_does_not_cut_a_value() -> None:
    element = etree.fromstring("<v>YWJj<!-- -->ZGVm</v>")
    assert text(element) == "YWJjZGVm"
    assert decoded(element) == b"abcdef"
    with pytest.raises(Broken):
        decoded(etree.fromstring("<v>ä!</v>"))


def test_a_piece_must_be_there_once() -> None:
    with pytest.raises(Broken):
        only(etree.fromstring("<a><b/><b/></a>"), "b")
    with pytest.raises(Broken):
        only(etree.fromstring("<a/>"), "b")
