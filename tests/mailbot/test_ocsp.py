"""Embedded OCSP responses show whether the certificate was good at signing."""

from datetime import timedelta

import pytest
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailbot.chains import Authorities, Untrusted
from mailbot.ocsp import Question, shown_good
from mailbot.signatures import verify_container
from tests.authorities import Holder, certified, ocsp_response, service, signer
from tests.containers import SIGNED_AT, container

OWN = service()
PERSON = signer()
PATH = (PERSON.certificate, OWN.issuing.certificate, OWN.root.certificate)
QUESTION = Question(PATH, SIGNED_AT, Authorities((OWN.root.certificate,)))
SECOND = timedelta(seconds=1)
NAME = OWN.responder.certificate.subject


def refusal(*responses: bytes) -> str:
    with pytest.raises(Untrusted) as caught:
        shown_good(responses, QUESTION)
    return str(caught.value)


def answer(
    after: timedelta = SECOND,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    responder: Holder | None = None,
) -> bytes:
    at = SIGNED_AT + after
    return ocsp_response(PERSON.certificate, OWN, at, status=status, responder=responder)


def test_good_from_a_delegated_responder_or_the_issuer_counts() -> None:
    shown_good([answer()], QUESTION)
    shown_good([answer(responder=OWN.issuing)], QUESTION)


def test_a_responder_of_the_authority_above_the_issuer_counts() -> None:
    above = certified(NAME, OWN.root, purpose=ExtendedKeyUsageOID.OCSP_SIGNING)
    shown_good([answer(responder=above)], QUESTION)


def test_one_good_answer_among_others_is_enough() -> None:
    shown_good([b"nothing", answer(timedelta(days=9)), answer()], QUESTION)


def test_no_answer_at_all_is_said() -> None:
    assert refusal() == "No OCSP response is embedded: whether it was revoked is not known."


@pytest.mark.parametrize("status", [ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN])
def test_anything_but_good_is_refused(status: ocsp.OCSPCertStatus) -> None:
    assert "certificate" in refusal(answer(status=status))


@pytest.mark.parametrize("after", [timedelta(hours=-1), timedelta(hours=25), timedelta(days=-30)])
def test_an_answer_of_another_time_is_refused(after: timedelta) -> None:
    assert refusal(answer(after)) == "The OCSP response was not made at the time of signing."


def test_an_answer_about_another_certificate_is_refused() -> None:
    other = ocsp_response(signer("47101010033").certificate, OWN, SIGNED_AT + SECOND)
    assert refusal(other) == "The OCSP response is about another certificate."


def test_an_answer_that_was_changed_is_refused() -> None:
    good = answer()
    at = good.index(b"20260305090001Z")
    assert "signature" in refusal(good[:at] + b"20260305090002Z" + good[at + 15 :])


def test_a_responder_without_the_right_purpose_is_refused() -> None:
    assert "not meant" in refusal(answer(responder=certified(NAME, OWN.issuing)))


def test_a_person_cannot_vouch_for_their_own_certificate() -> None:
    assert "not meant" in refusal(answer(responder=PERSON))


def test_a_responder_of_another_authority_is_refused() -> None:
    foreign = service("Muu").responder
    assert "configured authority" in refusal(answer(responder=foreign))


def test_a_known_responder_that_does_not_speak_for_the_issuer_is_refused() -> None:
    other = service("Muu")
    both = Authorities((OWN.root.certificate, other.root.certificate, other.issuing.certificate))
    with pytest.raises(Untrusted, match="does not speak for"):
        shown_good([answer(responder=other.responder)], Question(PATH, SIGNED_AT, both))


def test_a_signature_without_its_answer_or_with_a_revoked_certificate_is_not_accepted() -> None:
    for content in (container(asked=False), container(status=ocsp.OCSPCertStatus.REVOKED)):
        check = verify_container(content, OWN.anchors, SIGNED_AT + timedelta(hours=1))
        assert not check.accepted
        assert check.signatures[0].intact
