"""Bytes become a Letter, whatever they are, and every committed letter behaves as expected."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot import letter as module
from mailbot.headers import OwnMail
from mailbot.letter import read
from mailbot.screening import screen
from models.shapes import Letter
from models.vocabulary import ReadingFlag
from tests.letters.expectations import EXPECTED, Expected

LETTERS = Path(__file__).parent.parent / "letters"
OWN = OwnMail("info@netpro.ee", "info@netpro.ee", "mx.netpro.ee")
RECEIVED = datetime(2026, 3, 5, 8, 0, 2, tzinfo=UTC)
HEAD = b"From: mari@klient.example\r\nSubject: Andmed\r\n"


def eml(name: str) -> bytes:
    return (LETTERS / f"{name}.eml").read_bytes()


def test_every_letter_has_an_expectation_and_the_other_way_round() -> None:
    assert {path.stem for path in LETTERS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_a_committed_letter_is_read_and_screened_as_expected(name: str, expected: Expected) -> None:
    letter = read(eml(name), own=OWN)
    screening = screen(letter, own=OWN, folder="INBOX", received_at=RECEIVED, now=RECEIVED)
    assert (screening.answer, screening.automatic) == (expected.answer, expected.automatic)
    assert expected.why in screening.reasons or not (expected.why or screening.reasons)
    assert expected.says in letter.new_text
    assert not expected.not_says or expected.not_says not in letter.new_text
    assert not expected.subject or letter.subject == expected.subject
    assert letter.flags == expected.flags
    assert {key: getattr(letter, key) for key in expected.more} == expected.more


def test_our_own_received_gives_the_time_of_receipt_in_utc() -> None:
    assert read(eml("erasure_et"), own=OWN).own_received_at == RECEIVED
    assert read(eml("date_2050"), own=OWN).own_received_at == RECEIVED


def test_the_digest_is_that_of_the_raw_bytes() -> None:
    raw = eml("erasure_et")
    assert read(raw, own=OWN).sha256 == hashlib.sha256(raw).hexdigest()


def test_quoted_words_stay_in_the_text_but_not_in_the_new_words() -> None:
    letter = read(eml("html_interleaved"), own=OWN)
    assert "Kas tohime saata uudiskirja?" in letter.text
    assert "Jah, jätkan." in letter.new_text


def test_a_forwarded_message_is_an_attachment_with_its_subject_and_text() -> None:
    (attached,) = read(eml("forward_rfc822"), own=OWN).attachments
    assert attached.media_type == "message/rfc822"
    assert attached.text == "Minu pöördumine\n\nKustutage palun minu andmed."


def test_an_attachment_name_is_a_label_without_a_path() -> None:
    text, scan = read(eml("attached_text"), own=OWN).attachments
    assert (text.name, text.text) == ("avaldus õigus.txt", "Palun kustutage kõik minu andmed.")
    assert (scan.name, scan.text) == ("skann.jpg", None)


def nested(levels: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(levels)
    )
    closed = b"".join(b"--b%d--\r\n" % n for n in reversed(range(levels)))
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\nPalun kustutage\r\n" + closed


def test_text_forty_multiparts_deep_is_read() -> None:
    assert read(nested(40), own=OWN).new_text == "Palun kustutage"


def test_three_hundred_nested_multiparts_are_flagged() -> None:
    letter = read(nested(300), own=OWN)
    assert ReadingFlag.TOO_MANY_PARTS in letter.flags
    assert letter.from_address == "mari@klient.example"


def test_of_ten_thousand_parts_the_first_thousand_are_read_and_the_letter_is_flagged() -> None:
    parts = b"".join(b"--b\r\n\r\nosa %d\r\n" % n for n in range(10_000))
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"
    letter = read(raw, own=OWN)
    assert ReadingFlag.TOO_MANY_PARTS in letter.flags
    assert letter.text.startswith("osa 0\nosa 1\n")
    assert "osa 1001" not in letter.text


def test_a_hundred_megabytes_of_base64_are_cut_at_the_cap_and_flagged() -> None:
    lines = (b"QUJD" * 19 + b"\r\n") * (100 * 1024 * 1024 // 78)
    raw = HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + lines
    letter = read(raw, own=OWN)
    assert ReadingFlag.TRUNCATED in letter.flags
    assert letter.text.startswith("ABCABC")
    assert len(letter.text) <= 1_000_000


def test_a_page_of_a_million_nodes_is_cut_and_flagged() -> None:
    raw = HEAD + b"Content-Type: text/html\r\n\r\n<p>Palun kustutage</p>" + b"<b>x</b>" * 1_000_000
    letter = read(raw, own=OWN)
    assert ReadingFlag.HTML_CUT in letter.flags
    assert letter.new_text.startswith("Palun kustutage")


def test_endless_headers_are_cut_and_flagged_and_the_body_is_still_read() -> None:
    raw = HEAD + b"X-Noise: x\r\n" * 100_000 + b"\r\nPalun kustutage\r\n"
    letter = read(raw, own=OWN)
    assert letter.flags == {ReadingFlag.HEADER_UNREADABLE}
    assert letter.new_text == "Palun kustutage"
    assert len(letter.headers) <= 2000


def test_a_letter_cut_by_the_server_is_flagged_and_its_documents_stay_shut() -> None:
    letter = read(eml("attached_text"), own=OWN, truncated=True)
    assert {ReadingFlag.TRUNCATED, ReadingFlag.ATTACHMENT_UNREAD} <= letter.flags
    assert [attached.text for attached in letter.attachments] == [None, None]


def test_text_without_any_header_is_all_body() -> None:
    letter = read(b"Palun kustutage minu andmed\n\nMart", own=OWN)
    assert letter.new_text == "Palun kustutage minu andmed\n\nMart"


def test_a_fault_of_the_reader_itself_leaves_a_letter_a_person_will_see(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "split", lambda raw: 1 / 0)
    letter = read("Palun kustutage kõik".encode(), own=OWN)
    assert "Palun kustutage kõik" in letter.new_text
    assert {ReadingFlag.HEADER_UNREADABLE, ReadingFlag.ATTACHMENT_UNREAD} <= letter.flags


def strings(letter: Letter) -> list[str]:
    named = [text for pair in letter.headers for text in pair]
    attached = [text for found in letter.attachments for text in (found.name, found.text or "")]
    addresses = [*letter.from_addresses, *letter.reply_to, *letter.to]
    return [letter.subject, letter.text, *named, *attached, *addresses, *letter.references]


def assert_sound(raw: bytes) -> None:
    """Storable text, ordered spans inside it, one-line headers; and no fallback was needed."""
    letter = module._letter(raw, "", OWN, cut=False)
    for text in strings(letter):
        assert "\x00" not in text
        text.encode()
    assert not set("\r\n") & set("".join(value for _, value in letter.headers))
    edges = [edge for span in letter.new_spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(letter.text) for edge in edges)
    screen(letter, own=OWN, folder="INBOX", received_at=RECEIVED, now=RECEIVED)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_make_a_sound_letter(raw: bytes) -> None:
    assert_sound(raw)


SPANNERS = st.sampled_from(
    [
        *(b'"', b"(", b"\n\n", b"\0", b"\xff", b"<", b";", b"name*0*=", b"=?utf-8?b?", b"?="),
        *(b"--b", b'From: "\n', b"To: (c):\n", b"<[x@y]>", b"+99999999999999", b"=ED=A0=80"),
        *(b"Content-Type: multipart/mixed; boundary*0=b\n", b"charset=utf-7\n", b"&#xE000;"),
        *(b"charset=x\0y", b"&#xD800;", b"=0D=0A"),
    ]
)


@given(
    st.sampled_from(sorted(EXPECTED)), st.lists(st.tuples(st.floats(0, 1), SPANNERS), max_size=8)
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_letter_makes_a_sound_letter(
    name: str, throws: list[tuple[float, bytes]]
) -> None:
    raw = eml(name)
    for place, spanner in throws:
        at = int(place * len(raw))
        raw = raw[:at] + spanner + raw[at + len(spanner) // 2 :]
    assert_sound(raw)
