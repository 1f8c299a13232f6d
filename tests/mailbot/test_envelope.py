"""Envelope senders with a tag, and which of our letters an address names."""

import pytest

from mailbot.envelope import sender_of, tagged_ids
from mailbot.headers import OwnMail
from mailbot.parts import split
from mailbot.reports import bounced_message_ids

DIGITS = "0123456789abcdef0123456789abcdef"
OURS = f"<ack.{DIGITS}@netpro.ee>"
OWN = OwnMail("info@netpro.ee", "tagasi+@post.example")
TAGGED = f"tagasi+ack.{DIGITS}@post.example"


@pytest.mark.parametrize(
    ("bounce_address", "message_id", "sender"),
    [
        ("info@netpro.ee", OURS, "info@netpro.ee"),
        ("tagasi+@post.example", OURS, TAGGED),
        ("tagasi+@post.example", "<strange@netpro.ee>", "tagasi@post.example"),
        ("a+b@post.example", OURS, "a+b@post.example"),
    ],
)
def test_only_an_address_that_ends_in_a_plus_gets_a_tag(
    bounce_address: str, message_id: str, sender: str
) -> None:
    assert sender_of(bounce_address, message_id) == sender


@pytest.mark.parametrize(
    ("own", "name", "address", "expected"),
    [
        (OWN, "to", TAGGED, [OURS]),
        (OWN, "delivered-to", TAGGED.upper(), [OURS]),
        (OWN, "x-original-to", f'"Keegi" <{TAGGED}>', [OURS]),
        (OWN, "subject", TAGGED, []),
        (OWN, "to", f"tagasi+ack.{DIGITS}@kuri.example", []),
        (OWN, "to", "tagasi+mari@post.example", []),
        (OWN, "to", "tagasi@post.example", []),
        (OwnMail("info@netpro.ee", "info@netpro.ee"), "to", f"info+ack.{DIGITS}@netpro.ee", []),
    ],
)
def test_the_address_a_letter_comes_to_names_the_letter_it_answers(
    own: OwnMail, name: str, address: str, expected: list[str]
) -> None:
    assert tagged_ids(((name, address),), own) == expected


def test_what_is_no_bounce_stays_none_though_it_comes_to_a_tag() -> None:
    """An out-of-office answer to the envelope sender loses nothing."""
    away = split(f"Return-Path: <>\r\nTo: {TAGGED}\r\n\r\nI am away.".encode())
    assert bounced_message_ids(away, "I am away.", OWN, bounce=False) == ()
    assert bounced_message_ids(away, "User unknown.", OWN, bounce=True) == (OURS,)


@pytest.mark.parametrize("address", ["info@netpro.ee", TAGGED, "tagasi@post.example"])
def test_an_address_is_ours_with_or_without_its_tag(address: str) -> None:
    assert OWN.is_own(address)


@pytest.mark.parametrize("address", ["tagasiside@post.example", f"x{TAGGED}", "info@post.example"])
def test_an_address_like_ours_is_not_ours(address: str) -> None:
    assert not OWN.is_own(address)
