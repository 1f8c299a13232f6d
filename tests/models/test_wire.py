"""The bytes that go out: threaded, marked, deterministic, and impossible to inject into."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letters import wire
from models.letters.render import RenderedLetter
from models.vocabulary import Language, LetterKind

KEY = b"k" * 32
DOMAIN = "netpro.example"
OWN_ID = wire.acknowledgement_id("0" * 64, KEY, DOMAIN)
NOW = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)
RUSSIAN = RenderedLetter("Мы получили Ваше письмо", "Здравствуйте!\n\n" + "Ваше письмо. " * 90)


def composed(rendered: RenderedLetter | None = None, **changes: Any) -> bytes:
    given: dict[str, Any] = {
        "kind": LetterKind.ACKNOWLEDGEMENT,
        "language": Language.ET,
        "to": "mari@example.com",
        "mail_from": "info@netpro.example",
        "message_id": OWN_ID,
        "in_reply_to": "<1@example.com>",
        "references": ["<0@example.com>"],
        "date": NOW,
        "automatic": True,
    }
    letter = rendered or RenderedLetter("Saime kirja kätte", "Tere!\n\nSaime kirja kätte.\n")
    return wire.compose(letter, **(given | changes))


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def test_the_letter_reads_back_as_it_was_written() -> None:
    letter = read(composed())
    assert letter["Subject"] == "Saime kirja kätte"
    assert letter["From"] == "info@netpro.example"
    assert letter["To"] == "mari@example.com"
    assert letter["Message-ID"] == OWN_ID
    assert letter["Content-Language"] == "et"
    assert letter["Date"].datetime == NOW
    assert text_of(letter) == "Tere!\n\nSaime kirja kätte.\n"


def test_a_russian_letter_reads_back_and_stays_short_on_the_wire() -> None:
    raw = composed(RUSSIAN, language=Language.RU)
    letter = read(raw)
    assert letter["Subject"] == RUSSIAN.subject
    assert text_of(letter).strip() == RUSSIAN.text.strip()
    assert letter["Content-Transfer-Encoding"] == "base64"


def test_a_letter_in_three_languages_names_all_three() -> None:
    stacked = RenderedLetter("a", "b", (Language.ET, Language.EN, Language.RU))
    assert read(composed(stacked))["Content-Language"] == "et, en, ru"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert composed() == composed()
    assert composed(RUSSIAN) == composed(RUSSIAN)


def test_an_automatic_letter_says_so() -> None:
    letter = read(composed())
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"


def test_a_letter_by_staff_does_not_say_it_is_automatic() -> None:
    letter = read(composed(automatic=False))
    assert letter["Auto-Submitted"] is None
    assert letter["X-Auto-Response-Suppress"] is None


def test_a_letter_to_staff_answers_nobody() -> None:
    letter = read(composed(kind=LetterKind.STAFF_DIGEST, in_reply_to=None, references=[]))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["In-Reply-To"] is None
    assert letter["References"] is None


def test_a_letter_continues_the_thread() -> None:
    letter = read(composed())
    assert letter["In-Reply-To"] == "<1@example.com>"
    assert letter["References"].split() == ["<0@example.com>", "<1@example.com>"]


def test_at_most_twenty_old_references_and_the_letter_itself() -> None:
    old = [f"<{n}@old.example>" for n in range(60)]
    references = read(composed(references=old))["References"].split()
    assert references == [*old[-20:], "<1@example.com>"]


def test_references_do_not_repeat() -> None:
    raw = composed(references=["<0@example.com>", "<1@example.com>", "<0@example.com>"])
    assert read(raw)["References"].split() == ["<0@example.com>", "<1@example.com>"]


@pytest.mark.parametrize(
    "malformed",
    [
        None,
        "",
        "no-at-sign",
        "<a@b@c>",
        "<a b@example.com>",
        "<a@example.com>\r\nBcc: x@example.com",
        "<[x@y]>",
        "<ä@example.com>",
        "<" + "a" * 300 + "@example.com>",
        "<a@example.com> <b@example.com>",
    ],
)
def test_a_malformed_message_id_is_left_out(malformed: str | None) -> None:
    raw = composed(in_reply_to=malformed, references=[malformed] if malformed else [])
    assert b"In-Reply-To" not in raw
    assert b"References" not in raw
    assert b"Bcc" not in raw


def test_a_message_id_without_brackets_gets_them() -> None:
    assert read(composed(in_reply_to=" 1@example.com "))["In-Reply-To"] == "<1@example.com>"


def test_a_long_message_id_is_not_encoded() -> None:
    long = "<" + "a" * 200 + "@example.com>"
    assert f"In-Reply-To: {long}\r\n".encode() in composed(in_reply_to=long)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no-at-sign",
        "a@b@example.com",
        "a@example.com\r\nBcc: x@example.com",
        "a@example.com, b@example.com",
        "a@example.com\n",
        "Mari <a@example.com>",
        "a" * 400 + "@example.com",
        "a@exam\x00ple.com",
        "a@example.com\u2028x",
    ],
)
def test_an_address_that_could_name_another_recipient_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address") as refused:
        composed(to=address)
    assert "example" not in str(refused.value)


@pytest.mark.parametrize("address", ['"mari m"@example.com', "õie@example.com", "a.@example.com"])
def test_unusual_addresses_are_written_as_they_are(address: str) -> None:
    assert f"\r\nTo: {address}\r\n".encode() in composed(to=address)


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        composed(date=NOW.replace(tzinfo=None))


def test_an_unusable_own_message_id_is_refused() -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        composed(message_id="<a@b>\r\nBcc: x@example.com")


@given(st.text(max_size=300), st.text(max_size=600))
def test_no_subject_or_text_can_start_a_header(subject: str, text: str) -> None:
    raw = composed(RenderedLetter(subject, text))
    plain = composed()
    assert [name for name, _ in email.message_from_bytes(raw).items()] == [
        name for name, _ in email.message_from_bytes(plain).items()
    ]
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 78 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert raw.endswith(b"\r\n")


def test_our_message_ids_are_the_same_for_the_same_letter_only() -> None:
    assert wire.acknowledgement_id("0" * 64, KEY, DOMAIN) == OWN_ID
    assert wire.acknowledgement_id("1" * 64, KEY, DOMAIN) != OWN_ID
    assert wire.acknowledgement_id("0" * 64, b"other", DOMAIN) != OWN_ID
    assert wire.letter_id("0" * 64, KEY, DOMAIN) != OWN_ID


def test_our_message_ids_are_known_by_key_alone() -> None:
    letter = wire.letter_id("case 1, letter 2", KEY, DOMAIN)
    for own in (OWN_ID, letter):
        assert wire.is_own_id(own, DOMAIN)
        assert wire.verify_id(own, [b"new key", KEY], DOMAIN)
        assert not wire.verify_id(own, [b"new key"], DOMAIN)


@pytest.mark.parametrize(
    "forged",
    [
        "<1@example.com>",
        OWN_ID.replace("ack", "let"),
        OWN_ID.replace(DOMAIN, "evil.example"),
        f"<ack.{'0' * 32}@{DOMAIN}>",
        OWN_ID + "\n",
        "",
    ],
)
def test_a_forged_message_id_is_not_ours(forged: str) -> None:
    assert not wire.verify_id(forged, [KEY], DOMAIN)
