"""OCSP responses inside a signature (RFC 6960): was the certificate good at signing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, SignatureAlgorithmOID

from mailbot.algorithms import Method, digest, fits, strong
from mailbot.chains import Authorities, Untrusted, chain, extension, superiors

SKEW = timedelta(minutes=5)
FRESH = timedelta(hours=24)  # asked for when the signature was made, not long afterwards
MAX_ANSWERS = 20

METHODS = {
    SignatureAlgorithmOID.RSA_WITH_SHA256: Method("pkcs1", hashes.SHA256()),
    SignatureAlgorithmOID.RSA_WITH_SHA384: Method("pkcs1", hashes.SHA384()),
    SignatureAlgorithmOID.RSA_WITH_SHA512: Method("pkcs1", hashes.SHA512()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: Method("ecdsa", hashes.SHA256()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: Method("ecdsa", hashes.SHA384()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: Method("ecdsa", hashes.SHA512()),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Was the first certificate of `path` good at `signed_at` (aware)?"""

    path: tuple[x509.Certificate, ...]
    signed_at: datetime
    authorities: Authorities


def shown_good(responses: Sequence[bytes], question: Question) -> None:
    """Returns when one of the responses proves it; Untrusted says why none does."""
    reason = Untrusted("No OCSP response is embedded: whether it was revoked is not known.")
    for response in responses:
        try:
            _check(_loaded(response), question)
        except Untrusted as problem:
            reason = problem
        else:
            return
    raise reason


def _loaded(response: bytes) -> ocsp.OCSPResponse:
    try:
        found = ocsp.load_der_ocsp_response(response)
    except ValueError:
        raise Untrusted("The OCSP response cannot be read.") from None
    if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise Untrusted("The OCSP responder refused to answer.")
    return found


def _check(response: ocsp.OCSPResponse, question: Question) -> None:
    answer = _answer(response, question)
    _check_signer(response, question)
    _check_time(response, answer, question.signed_at)
    if answer.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        raise Untrusted("The certificate was revoked or suspended.")
    if answer.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise Untrusted("The OCSP responder does not know the certificate.")


def _answer(response: ocsp.OCSPResponse, question: Question) -> ocsp.OCSPSingleResponse:
    """The answer about this certificate of this issuer (RFC 6960 section 4.1.1)."""
    certificate, issuer = question.path[0], question.path[1]
    for number, answer in enumerate(response.responses):
        if number >= MAX_ANSWERS:
            break
        same = (
            answer.serial_number == certificate.serial_number
            and answer.issuer_name_hash
            == digest(issuer.subject.public_bytes(), answer.hash_algorithm)
            and answer.issuer_key_hash == digest(_key_bits(issuer), answer.hash_algorithm)
        )
        if same:
            return answer
    raise Untrusted("The OCSP response is about another certificate.")


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The content of subjectPublicKey, without the algorithm before it."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _check_signer(response: ocsp.OCSPResponse, question: Question) -> None:
    method = METHODS.get(response.signature_algorithm_oid)
    if method is None:
        raise Untrusted("The OCSP response is signed in a way that is not accepted.")
    known = question.authorities.with_more((*question.path[1:], *response.certificates))
    candidates = (*known.others, *known.anchors)
    for responder in candidates:
        if _is_named(response, responder) and fits(
            responder.public_key(), response.signature, response.tbs_response_bytes, method
        ):
            return _check_authority(responder, response, question, known)
    raise Untrusted("The signature of the OCSP response does not hold.")


def _is_named(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return responder.subject == response.responder_name
    # RFC 6960 section 4.2.1: the key is named by its SHA-1 digest, which proves nothing by itself
    return digest(_key_bits(responder), hashes.SHA1()) == response.responder_key_hash  # noqa: S303


def _check_authority(
    responder: x509.Certificate,
    response: ocsp.OCSPResponse,
    question: Question,
    known: Authorities,
) -> None:
    """The issuer itself, or delegated by it or by an authority above it (section 4.2.2.2)."""
    if responder == question.path[1]:
        return
    usage = extension(responder, x509.ExtendedKeyUsage)
    if usage is None or ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
        raise Untrusted("The OCSP responder's certificate is not meant for that.")
    try:
        path = chain(responder, known, response.produced_at_utc)
    except Untrusted as problem:
        raise Untrusted(f"The OCSP responder's certificate {problem}.") from None
    if path[1] not in superiors(question.path, known) or not strong(responder.public_key()):
        raise Untrusted("The OCSP responder does not speak for the certificate's issuer.")


def _check_time(
    response: ocsp.OCSPResponse, answer: ocsp.OCSPSingleResponse, signed_at: datetime
) -> None:
    produced = response.produced_at_utc
    if not signed_at - SKEW <= produced <= signed_at + FRESH:
        raise Untrusted("The OCSP response was not made at the time of signing.")
    if not signed_at - SKEW <= answer.this_update_utc <= produced + SKEW:
        raise Untrusted("The OCSP response tells how things stood at another time.")
