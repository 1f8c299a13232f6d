"""A signed container is accepted only when every part of it stands."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.signatures import check_attachments, signed_texts, verify_container
from models.shapes import Attachment, ContainerCheck
from tests.authorities import service, signer
from tests.containers import (
    INCLUSIVE,
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


def verdict(content: bytes, *, of: str = "Proov") -> ContainerCheck:
    return verify_container(content, service(of).anchors, RECEIVED_AT)


def attached(content: bytes, name: str = "avaldus.asice") -> Attachment:
    return Attachment(name, "application/octet-stream", len(content), "", content)


def test_a_whole_container_of_a_known_authority_is_accepted() -> None:
    check = verdict(WHOLE)
    (one,) = check.signatures
    assert check.accepted
    assert not check.problems
    assert (one.intact, one.trusted, one.covers_all_files) == (True, True, True)
    assert (one.signer, one.personal_code) == ("MARI KASK", "36805280109")
    assert one.signed_at == SIGNED_AT
    assert not one.problems


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "sha384"},
        {"digest": "sha512"},
        {"naming": "SigningCertificate"},
        {"c14n": INCLUSIVE},
        {"c14n": "http://www.w3.org/2006/12/xml-c14n11"},
        {"by": signer(curve="secp384r1")},
        {"by": signer(rsa_bits=2048), "scheme": "rsa"},
        {"by": signer(rsa_bits=2048), "scheme": "pss"},
        {"responder": service().issuing},
    ],
    ids=str,
)
def test_every_usual_form_of_a_signature_is_read(changes: dict[str, Any]) -> None:
    check = verdict(container(**changes))
    assert check.accepted, check


def test_several_files_with_names_that_need_escaping_are_all_covered() -> None:
    assert verdict(container({"Õnne ja rõõmu.txt": b"a", "b.txt": b"b"})).accepted


def test_without_configured_authorities_a_signature_is_intact_but_not_trusted() -> None:
    for check in (verify_container(WHOLE, [], RECEIVED_AT), verdict(WHOLE, of="Muu")):
        (one,) = check.signatures
        assert (one.intact, one.trusted, check.accepted) == (True, False, False)
        assert "The signer's certificate does not lead to a configured authority." in one.problems


def test_one_bad_signature_spoils_the_container() -> None:
    files = {"avaldus.txt": REQUEST.encode()}
    good, bad = (signature(files, Recipe(id=name)) for name in ("S0", "S1"))
    spoilt = bad.replace(b"2026-03-05T09", b"2026-03-05T08")
    check = verdict(packed({**members(files), SIGNATURE: good, "META-INF/signatures1.xml": spoilt}))
    assert [one.intact for one in check.signatures] == [True, False]
    assert not check.accepted
    both = packed({**members(files), SIGNATURE: good, "META-INF/signatures1.xml": bad})
    assert verdict(both).accepted


def test_too_many_signatures_are_not_all_checked() -> None:
    inside = unpacked(WHOLE)
    xml = inside[SIGNATURE]
    start, end = xml.index(b"<ds:Signature "), xml.index(b"</asic:XAdESSignatures>")
    crowded = xml[:end] + xml[start:end] * 9 + xml[end:]
    files = {f"META-INF/signatures{n}.xml": crowded for n in range(3)}
    check = verdict(packed({**inside, **files}))
    assert len(check.signatures) == 20
    assert check.problems == ("The container holds too many signatures to be checked.",)


def test_packing_the_same_signature_anew_keeps_its_own_digest() -> None:
    again = packed(dict(reversed(unpacked(WHOLE).items())))
    first, second = verdict(WHOLE), verdict(again)
    assert first.digest != second.digest
    assert first.signatures[0].digest == second.signatures[0].digest != ""


def test_problems_name_nobody() -> None:
    spoilt = changed(container(stamped=False, asked=False), "avaldus.txt", lambda _: b"x")
    for one in verdict(spoilt).signatures:
        text = " ".join(one.problems)
        assert one.problems
        assert not any(word in text for word in ("KASK", "36805280109", "avaldus"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 400, WHOLE[:-9]])
def test_broken_bytes_are_refused_in_a_sentence(content: bytes) -> None:
    check = verdict(content)
    assert not check.accepted
    assert check.problems[0].endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_whatever_is_changed_in_a_container_nothing_is_raised(at: int, data: bytes) -> None:
    mutated = WHOLE[:at] + data + WHOLE[at + len(data) :]
    assert isinstance(verdict(mutated), ContainerCheck)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_signed_xml_is_accepted_as_another_signature(data: st.DataObject) -> None:
    xml = unpacked(WHOLE)[SIGNATURE]
    at = data.draw(st.integers(0, len(xml) - 1))
    other = data.draw(st.binary(min_size=1, max_size=3))
    spoilt = xml[:at] + other + xml[at + len(other) :]
    check = verdict(changed(WHOLE, SIGNATURE, lambda _: spoilt))
    if check.accepted:
        assert check.signatures[0].digest == verdict(WHOLE).signatures[0].digest


def test_the_text_of_the_data_files_is_read() -> None:
    assert signed_texts(container({"a.txt": b"Esimene", "b.txt": b"Teine"})) == ("Esimene", "Teine")
    assert signed_texts(b"nothing") == ()


def test_of_several_containers_the_accepted_one_speaks() -> None:
    bad = attached(changed(WHOLE, "avaldus.txt", lambda _: b"Muu tekst"))
    check, texts = check_attachments([bad, attached(WHOLE)], service().anchors, RECEIVED_AT)
    assert check is not None
    assert check.accepted
    assert texts == (REQUEST,)


def test_a_container_is_known_by_its_bytes_whatever_its_name() -> None:
    check, _ = check_attachments([attached(WHOLE, "fail.bin")], service().anchors, RECEIVED_AT)
    assert check is not None
    assert check.accepted


def test_a_letter_without_a_container_has_no_verdict() -> None:
    plain = attached(b"tere", "tere.txt")
    assert check_attachments([plain], service().anchors, RECEIVED_AT) == (None, ())


def test_other_kinds_of_signed_files_are_not_taken_for_checked() -> None:
    check, _ = check_attachments([attached(b"<ddoc/>", "vana.ddoc")], [], RECEIVED_AT)
    assert check is not None
    assert not check.accepted
    assert check.problems
