"""What one signature covers, and what breaks it."""

from datetime import timedelta

import pytest

from mailbot.signatures import verify_container
from mailbot.xades import personal_code, signer_name
from models.shapes import SignatureCheck
from tests.authorities import END, START, service, signer
from tests.containers import (
    REQUEST,
    SIGNATURE,
    SIGNED_AT,
    Recipe,
    changed,
    container,
    members,
    packed,
    signature,
    unpacked,
)

RECEIVED_AT = SIGNED_AT + timedelta(hours=1)
WHOLE = container()


def one(content: bytes) -> SignatureCheck:
    """The verdict on the first signature; the container must not be accepted."""
    check = verify_container(content, service().anchors, RECEIVED_AT)
    assert not check.accepted
    return check.signatures[0]


def replaced(old: bytes, new: bytes) -> bytes:
    """The whole container with words of its signature file changed after signing."""
    assert old in unpacked(WHOLE)[SIGNATURE]
    return changed(WHOLE, SIGNATURE, lambda data: data.replace(old, new, 1))


def test_a_changed_data_file_breaks_the_signature() -> None:
    found = one(changed(WHOLE, "avaldus.txt", lambda _: b"Palun saatke koopia."))
    assert not found.intact
    assert not found.trusted
    assert "A data file was changed after signing." in found.problems


def test_changed_signed_properties_break_the_signature() -> None:
    found = one(replaced(b"<xades:SigningTime>2026", b"<xades:SigningTime>2025"))
    assert not found.intact
    assert "The signed properties were changed after signing." in found.problems


def test_a_changed_signature_value_does_not_hold() -> None:
    xml = unpacked(WHOLE)[SIGNATURE]
    at = xml.index(b"SIG") + 8
    other = b"A" if xml[at : at + 1] != b"A" else b"B"
    found = one(changed(WHOLE, SIGNATURE, lambda data: data[:at] + other + data[at + 1 :]))
    assert not found.intact
    assert "The signature value does not hold." in found.problems


def test_a_file_the_signature_does_not_cover_is_noticed() -> None:
    files = {"avaldus.txt": REQUEST.encode(), "lisa.txt": b"Kustutage ka naabri andmed."}
    found = one(container(files, leaves_out=("lisa.txt",)))
    assert found.intact
    assert found.trusted
    assert not found.covers_all_files


def test_a_file_added_after_signing_is_noticed() -> None:
    inside = unpacked(WHOLE)
    added = {**members({"avaldus.txt": inside["avaldus.txt"], "lisa.txt": b"x"})}
    assert not one(packed({**added, SIGNATURE: inside[SIGNATURE]})).covers_all_files


def test_a_file_covered_twice_is_refused() -> None:
    """Or one big file could be digested without end."""
    xml = unpacked(WHOLE)[SIGNATURE]
    reference = xml[xml.index(b"<ds:Reference Id") : xml.index(b"</ds:Reference>") + 15]
    found = one(replaced(reference, reference * 2))
    assert "The signature covers a data file more than once." in found.problems


def test_a_missing_file_breaks_the_signature() -> None:
    signed = signature({"avaldus.txt": b"a", "lisa.txt": b"b"}, Recipe())
    found = one(packed({**members({"avaldus.txt": b"a"}), SIGNATURE: signed}))
    assert not found.intact


def test_another_certificate_of_the_same_person_is_noticed() -> None:
    import_of = signer("36805280109", curve="secp384r1")
    theirs, mine = (signature({}, Recipe(by=by)) for by in (import_of, signer()))
    cut = [data.split(b"X509Certificate>")[1] for data in (theirs, mine)]
    found = one(replaced(cut[1], cut[0]))
    assert not found.intact
    assert "The certificate is not the one that was signed with." in found.problems


def test_sha1_proves_nothing() -> None:
    found = one(container(digest="sha1"))
    assert not found.intact
    assert "A digest of the signature is of a kind that is not accepted." in found.problems


def test_a_data_file_covered_through_a_transform_does_not_count() -> None:
    transform = (
        b'><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>'
        b"</ds:Transforms><ds:DigestMethod"
    )
    found = one(replaced(b"><ds:DigestMethod", transform))
    assert "The signature covers a data file in a changed form." in found.problems


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'Target="#S0"', b'Target="#S9"'),
        (b'URI="#S0-SP"', b'URI="#S0"'),
        (b'Id="S0-r0"', b'Id="S0-SP"'),
        (b'Type="http://uri.etsi.org/01903#SignedProperties"', b""),
    ],
)
def test_signed_properties_must_be_the_signatures_own(old: bytes, new: bytes) -> None:
    assert not one(replaced(old, new)).intact


def test_a_second_element_with_the_id_of_the_properties_is_refused() -> None:
    """Signature wrapping: the covered element hides elsewhere, another one is read."""
    extra = b'<ds:Object><x Id="S0-SP"/></ds:Object></ds:Signature>'
    found = one(replaced(b"</ds:Signature>", extra))
    assert "The signature covers other properties than its own." in found.problems


def test_an_unknown_canonical_form_is_refused() -> None:
    found = one(replaced(b"xml-exc-c14n#", b"xml-exc-c14n#Other"))
    assert "The signature uses a form of XML that is not accepted." in found.problems


def test_a_certificate_not_meant_for_signing_is_not_trusted() -> None:
    found = one(container(by=signer(usages=("digital_signature",))))
    assert found.intact
    assert not found.trusted


def test_a_short_key_is_refused() -> None:
    found = one(container(by=signer(rsa_bits=1024), scheme="rsa"))
    assert "The key of the signature is too short to prove anything." in found.problems


def test_a_certificate_that_had_ended_at_signing_is_not_trusted() -> None:
    found = one(container(by=signer(until=SIGNED_AT - timedelta(days=1))))
    assert found.intact
    assert "The signer's certificate was not valid at that time." in found.problems


def test_a_certificate_that_ended_after_signing_still_counts() -> None:
    content = container(by=signer(until=SIGNED_AT + timedelta(days=1)))
    later = SIGNED_AT + timedelta(days=400)
    assert verify_container(content, service().anchors, later).accepted


def test_a_signature_from_the_future_is_not_trusted() -> None:
    found = one(container(at=RECEIVED_AT + timedelta(hours=1)))
    assert "The time of signing lies after the letter's receipt." in found.problems


def test_the_time_is_the_timestamps_and_not_the_signers() -> None:
    content = container(claimed=SIGNED_AT - timedelta(days=300))
    (found,) = verify_container(content, service().anchors, RECEIVED_AT).signatures
    assert found.trusted
    assert found.signed_at == SIGNED_AT


def test_the_personal_code_stands_in_the_serial_number() -> None:
    codes = [
        personal_code(signer(serial=serial).certificate)
        for serial in ("PNOEE-36805280109", "36805280109", "PNOLV-36805280109", "NTREE-12345678")
    ]
    assert codes == ["36805280109", "36805280109", None, None]
    assert signer_name(signer().certificate) == "MARI KASK"
    assert signer_name(service().root.certificate) == "Proov Root"
    assert START < SIGNED_AT < END
