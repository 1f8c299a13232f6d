"""Embedded timestamps prove when something was signed."""

import contextlib
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.chains import Authorities, Untrusted
from mailbot.signatures import verify_container
from mailbot.timestamps import stamped_at
from tests.authorities import certified, service, timestamp
from tests.containers import SIGNED_AT, container

OWN = service()
KNOWN = Authorities((OWN.root.certificate,))
COVERED = b"signature value"
TOKEN = timestamp(COVERED, OWN, SIGNED_AT)


def refusal(token: bytes, covered: bytes = COVERED, known: Authorities = KNOWN) -> str:
    with pytest.raises(Untrusted) as caught:
        stamped_at(token, covered, known)
    return str(caught.value)


def test_a_token_of_a_known_authority_proves_its_instant() -> None:
    assert stamped_at(TOKEN, COVERED, KNOWN) == SIGNED_AT


def test_outer_lengths_that_are_not_definite_are_read() -> None:
    """RFC 5652 lets the outer layers be BER; the timestamps of some authorities are."""
    assert TOKEN[:2] == b"\x30\x82"
    assert stamped_at(b"\x30\x80" + TOKEN[4:] + b"\0\0", COVERED, KNOWN) == SIGNED_AT


def test_a_token_over_something_else_is_refused() -> None:
    assert refusal(TOKEN, b"other") == "The timestamp was made for another signature."


def test_a_token_with_another_time_put_in_is_refused() -> None:
    moved = TOKEN.replace(b"20260305090000Z", b"20260306090000Z")
    assert refusal(moved) == "The signature of the timestamp does not hold."


def test_a_token_of_an_unknown_authority_is_refused() -> None:
    assert "configured authority" in refusal(timestamp(COVERED, service("Muu"), SIGNED_AT))
    assert "configured authority" in refusal(TOKEN, known=Authorities(()))


@pytest.mark.parametrize("critical", [True, False])
def test_a_certificate_not_meant_for_timestamps_alone_is_refused(critical: bool) -> None:
    purpose = ExtendedKeyUsageOID.CODE_SIGNING if critical else ExtendedKeyUsageOID.TIME_STAMPING
    subject = OWN.stamper.certificate.subject
    other = certified(subject, OWN.root, purpose=purpose, critical=critical)
    assert "not meant" in refusal(timestamp(COVERED, OWN, SIGNED_AT, stamper=other))


def test_a_certificate_that_had_ended_proves_nothing() -> None:
    ended = certified(
        OWN.stamper.certificate.subject,
        OWN.root,
        purpose=ExtendedKeyUsageOID.TIME_STAMPING,
        critical=True,
        until=SIGNED_AT - timedelta(days=1),
    )
    assert "not valid" in refusal(timestamp(COVERED, OWN, SIGNED_AT, stamper=ended))


@pytest.mark.parametrize("token", [b"", b"\x30\x80", TOKEN[:-1], TOKEN + b"\0", b"\x30\x00"])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    assert refusal(token) == "The timestamp cannot be read."


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
def test_a_changed_token_never_proves_another_instant(at: int, byte: int) -> None:
    changed = TOKEN[:at] + bytes([byte]) + TOKEN[at + 1 :]
    with contextlib.suppress(Untrusted):
        assert stamped_at(changed, COVERED, KNOWN) == SIGNED_AT


def test_a_signature_without_a_timestamp_is_not_trusted() -> None:
    content = container(stamped=False)
    check = verify_container(content, OWN.anchors, SIGNED_AT + timedelta(hours=1))
    (one,) = check.signatures
    assert (one.intact, one.trusted, one.signed_at) == (True, False, None)
    assert one.problems == ("No timestamp is embedded: the time of signing is not proven.",)
