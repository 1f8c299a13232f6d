"""Timestamp tokens inside a signature (RFC 3161 in CMS, RFC 5652): when was it made?"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailbot import chains, der
from mailbot.algorithms import DIGEST_OIDS, Method, digest, fits, strong
from mailbot.chains import Authorities, Untrusted, chain
from mailbot.der import Node

SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"  # names it by its SHA-1 digest
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
RSA, ECDSA_KEY = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
METHODS = {
    "1.2.840.113549.1.1.11": Method("pkcs1", hashes.SHA256()),
    "1.2.840.113549.1.1.12": Method("pkcs1", hashes.SHA384()),
    "1.2.840.113549.1.1.13": Method("pkcs1", hashes.SHA512()),
    "1.2.840.10045.4.3.2": Method("ecdsa", hashes.SHA256()),
    "1.2.840.10045.4.3.3": Method("ecdsa", hashes.SHA384()),
    "1.2.840.10045.4.3.4": Method("ecdsa", hashes.SHA512()),
}
MAX_TOKEN = 100_000  # bytes
INSTANT = re.compile(rb"(\d{14})(?:\.(\d{1,6})\d*)?Z")


@dataclass(frozen=True, slots=True)
class Token:
    """The parts of a token that decide; attributes by object identifier."""

    content: bytes
    instant: datetime
    imprint_algorithm: str
    imprint: bytes
    certificates: tuple[x509.Certificate, ...]
    attributes: dict[str, Node]
    attributes_signed: bytes
    method: Method
    digest_algorithm: hashes.HashAlgorithm
    signature: bytes


def stamped_at(token: bytes, covered: bytes, authorities: Authorities) -> datetime:
    """The instant (UTC) at which `covered` existed; Untrusted when the token does not prove it."""
    try:
        return _proven(_parsed(token), covered, authorities)
    except (der.DerProblem, ValueError, LookupError):
        raise Untrusted("The timestamp cannot be read.") from None


def _proven(token: Token, covered: bytes, authorities: Authorities) -> datetime:
    algorithm = DIGEST_OIDS.get(token.imprint_algorithm)
    if algorithm is None or digest(covered, algorithm) != token.imprint:
        raise Untrusted("The timestamp was made for another signature.")
    known = authorities.with_more(token.certificates)
    signer = _signer(token, known)
    _check_signature(token, signer)
    _check_authority(signer, known, token.instant)
    return token.instant


def _parsed(token: bytes) -> Token:
    if len(token) > MAX_TOKEN:
        raise der.DerProblem("too big")
    outer = der.node(token).expect(der.SEQUENCE).children
    if outer[0].oid != SIGNED_DATA:
        raise der.DerProblem("no signed data")
    _, _, content, *rest = outer[1].children[0].expect(der.SEQUENCE).children
    kind, wrapped = content.children
    if kind.oid != TST_INFO:
        raise der.DerProblem("no timestamp")
    info = wrapped.children[0].expect(der.OCTETS).body
    (signer,) = rest[-1].expect(der.SET).children
    certificates = [one for one in rest[:-1] if one.tag == 0xA0]
    return _with_signer(info, signer, certificates)


def _with_signer(info: bytes, signer: Node, certificates: list[Node]) -> Token:
    # version, sid, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature
    _, _, hashed, attributes, algorithm, value, *_ = signer.children
    if attributes.tag != 0xA0:
        raise der.DerProblem("no signed attributes")
    digested = DIGEST_OIDS[hashed.children[0].oid]
    imprint, instant = _info(info)
    return Token(
        content=info,
        instant=instant,
        imprint_algorithm=imprint[0].children[0].oid,
        imprint=imprint[1].expect(der.OCTETS).body,
        certificates=_certificates(certificates),
        attributes=_attributes(attributes),
        # RFC 5652 section 5.4: signed under the tag of a SET
        attributes_signed=bytes([der.SET]) + attributes.raw[1:],
        method=_method(algorithm.children[0].oid, digested),
        digest_algorithm=digested,
        signature=value.expect(der.OCTETS).body,
    )


def _info(info: bytes) -> tuple[list[Node], datetime]:
    """messageImprint and genTime of TSTInfo (RFC 3161 section 2.4.2)."""
    _, _, imprint, _, instant, *_ = der.node(info).expect(der.SEQUENCE).children
    match = INSTANT.fullmatch(instant.expect(der.TIME).body)
    if match is None:
        raise der.DerProblem("a broken time")
    second = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return imprint.children, second.replace(microsecond=int((match[2] or b"0").ljust(6, b"0")))


def _certificates(found: list[Node]) -> tuple[x509.Certificate, ...]:
    nodes = [one for group in found for one in group.children if one.tag == der.SEQUENCE]
    return tuple(chains.certificate(one.raw) for one in nodes[:10])


def _attributes(signed: Node) -> dict[str, Node]:
    """The one value of each signed attribute (RFC 5652 section 11: never more)."""
    found: dict[str, Node] = {}
    for attribute in signed.children:
        kind, values = attribute.children
        (value,) = values.expect(der.SET).children
        if kind.oid in found:
            raise der.DerProblem("an attribute twice")
        found[kind.oid] = value
    return found


def _method(name: str, digested: hashes.HashAlgorithm) -> Method:
    if name == RSA:
        return Method("pkcs1", digested)
    if name == ECDSA_KEY:
        return Method("ecdsa", digested)
    return METHODS[name]


def _signer(token: Token, known: Authorities) -> x509.Certificate:
    """The certificate the token names by digest (RFC 5816)."""
    for certificate in (*token.certificates, *known.others, *known.anchors):
        if _is_named(token, certificate):
            return certificate
    raise Untrusted("The timestamp's certificate is not there.")


def _is_named(token: Token, certificate: x509.Certificate) -> bool:
    newer = token.attributes.get(SIGNING_CERTIFICATE_V2)
    if newer is not None:
        name = newer.children[0].children[0].children
        algorithm: hashes.HashAlgorithm | None = hashes.SHA256()
        if name[0].tag == der.SEQUENCE:
            algorithm = DIGEST_OIDS.get(name[0].children[0].oid)
            name = name[1:]
        return algorithm is not None and certificate.fingerprint(algorithm) == name[0].body
    older = token.attributes.get(SIGNING_CERTIFICATE)
    if older is None:
        return False
    name = older.children[0].children[0].children
    return certificate.fingerprint(hashes.SHA1()) == name[0].body  # noqa: S303 - only a name: the signature is checked


def _check_signature(token: Token, signer: x509.Certificate) -> None:
    kind, imprint = token.attributes.get(CONTENT_TYPE), token.attributes.get(MESSAGE_DIGEST)
    holds = (
        kind is not None
        and kind.oid == TST_INFO
        and imprint is not None
        and imprint.body == digest(token.content, token.digest_algorithm)
        and fits(signer.public_key(), token.signature, token.attributes_signed, token.method)
    )
    if not holds:
        raise Untrusted("The signature of the timestamp does not hold.")


def _check_authority(signer: x509.Certificate, known: Authorities, at: datetime) -> None:
    """Meant for timestamps alone, and so marked as critical (RFC 3161 section 2.3)."""
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    alone = usage is not None and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    if usage is None or not (alone and usage.critical) or not strong(signer.public_key()):
        raise Untrusted("The timestamp's certificate is not meant for that.")
    try:
        chain(signer, known, at)
    except Untrusted as problem:
        raise Untrusted(f"The timestamp's certificate {problem}.") from None
