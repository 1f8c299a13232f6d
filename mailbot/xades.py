"""One XAdES signature (ETSI EN 319 132-1, profile LT): what it covers, and whether it holds.

Everything that counts is found by its place in the tree, never by a search, and its Id must
be the only one: a second element of that Id elsewhere changes nothing (signature wrapping).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509.oid import NameOID

from mailbot import chains
from mailbot.algorithms import SIGNATURE_METHODS, digest, fits_raw, strong
from mailbot.chains import MAX_CERTIFICATES, Authorities, Untrusted, chain, extension
from mailbot.ocsp import Question, shown_good
from mailbot.timestamps import stamped_at
from mailbot.xmldsig import DS, Broken, algorithm, canonical, decoded, only, text, transform, value
from models.shapes import SignatureCheck

XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
XADES141 = "{http://uri.etsi.org/01903/v1.4.1#}"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
SHA1_NAME = "http://www.w3.org/2000/09/xmldsig#sha1"
MAX_REFERENCES = 600
MAX_PROOFS = 5  # timestamps, OCSP responses
CLOCKS = timedelta(minutes=5)
PERSONAL_CODE = re.compile(r"(?:PNOEE-)?([0-9]{11})")  # EN 319 412-1; bare before 2018


@dataclass(slots=True)
class _Findings:
    """What was found so far about one signature."""

    problems: list[str] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class _Proofs:
    """Unsigned properties that may show when it was signed and that the certificate was good."""

    timestamps: list[tuple[bytes, bytes]]  # token, what it must cover
    responses: list[bytes]
    certificates: list[x509.Certificate]


def check_signature(
    signature: Any,
    files: Mapping[str, bytes],
    anchors: tuple[x509.Certificate, ...],
    received_at: datetime,
) -> SignatureCheck:
    """The verdict on one `ds:Signature` element over the container's data files."""
    found = _Findings()
    try:
        certificate = _certificate(signature)
    except Broken as problem:
        return SignatureCheck(False, False, False, problems=(str(problem),))
    for step in (_check_files, _check_properties, _check_certificate_digest, _check_value):
        try:
            step(signature, files, certificate, found)
        except Broken as problem:
            found.problems.append(str(problem))
    intact = not found.problems
    covers_all = bool(files) and found.covered == set(files)
    if not covers_all:
        found.problems.append("The signature does not cover every data file of the container.")
    trusted, signed_at = _trust(signature, certificate, anchors, received_at, found)
    return SignatureCheck(
        intact=intact,
        trusted=intact and trusted,
        covers_all_files=covers_all,
        signer=signer_name(certificate),
        personal_code=personal_code(certificate),
        signed_at=signed_at,
        problems=tuple(found.problems),
        digest=found.digest,
    )


# integrity


def _check_files(
    signature: Any, files: Mapping[str, bytes], _: x509.Certificate, found: _Findings
) -> None:
    references = only(signature, f"{DS}SignedInfo").findall(f"{DS}Reference")
    if len(references) > MAX_REFERENCES:
        raise Broken("The signature refers to too many files.")
    for reference in references:
        if reference.get("Type") != SIGNED_PROPERTIES:
            _check_file(reference, files, found.covered)


def _check_properties(
    signature: Any, _: Mapping[str, bytes], __: x509.Certificate, ___: _Findings
) -> None:
    references = only(signature, f"{DS}SignedInfo").findall(f"{DS}Reference")
    properties = [one for one in references if one.get("Type") == SIGNED_PROPERTIES]
    if len(properties) != 1:
        raise Broken("The signature does not cover its own signed properties once.")
    element = _signed_properties(signature)
    _check_target(signature, element, properties[0].get("URI"))
    # XML-DSig section 4.4.3.3: comments are no part of what "#id" means
    data = canonical(element, transform(properties[0]), comments=False)
    if digest(data, algorithm(properties[0])) != value(properties[0]):
        raise Broken("The signed properties were changed after signing.")


def _check_target(signature: Any, element: Any, uri: str | None) -> None:
    name, own = element.get("Id"), signature.get("Id")
    same = signature.getroottree().xpath("count(//@Id[. = $name])", name=name or "")
    if not name or same != 1 or uri != f"#{name}":
        raise Broken("The signature covers other properties than its own.")
    if not own or _qualifying(signature).get("Target") != f"#{own}":
        raise Broken("The signed properties belong to another signature.")


def _check_file(reference: Any, files: Mapping[str, bytes], covered: set[str]) -> None:
    uri = reference.get("URI") or ""
    if reference.find(f"{DS}Transforms") is not None:
        raise Broken("The signature covers a data file in a changed form.")
    names = {uri, unquote(uri)} & set(files)
    if uri.startswith("#") or len(names) != 1:
        raise Broken("The signature refers to something that is no data file of the container.")
    if names <= covered:
        raise Broken("The signature covers a data file more than once.")
    (name,) = names
    if digest(files[name], algorithm(reference)) != value(reference):
        raise Broken("A data file was changed after signing.")
    covered.add(name)


def _check_certificate_digest(
    signature: Any, _: Mapping[str, bytes], certificate: x509.Certificate, __: _Findings
) -> None:
    named = list(_certificate_digests(signature))
    if not named:
        raise Broken("The signature does not name its certificate.")
    if not all(certificate.fingerprint(method) == given for method, given in named):
        raise Broken("The certificate is not the one that was signed with.")


def _certificate_digests(signature: Any) -> Iterator[tuple[HashAlgorithm, bytes]]:
    """The first certificate of SigningCertificate and SigningCertificateV2 is the signer's."""
    properties = _signed_properties(signature).find(f"{XADES}SignedSignatureProperties")
    for kind in () if properties is None else ("SigningCertificateV2", "SigningCertificate"):
        path = f"{XADES}{kind}/{XADES}Cert/{XADES}CertDigest"
        first = properties.find(path)
        if first is not None:
            weak = only(first, f"{DS}DigestMethod").get("Algorithm") == SHA1_NAME
            yield SHA1() if weak else algorithm(first), value(first)  # noqa: S303 - see _trust


def _check_value(
    signature: Any, _: Mapping[str, bytes], certificate: x509.Certificate, found: _Findings
) -> None:
    information = only(signature, f"{DS}SignedInfo")
    canonicalisation = only(information, f"{DS}CanonicalizationMethod")
    data = canonical(information, canonicalisation)
    found.digest = digest(data, SHA256()).hex()
    method = SIGNATURE_METHODS.get(only(information, f"{DS}SignatureMethod").get("Algorithm"))
    if method is None:
        raise Broken("The signature is made in a way that is not accepted.")
    key = certificate.public_key()
    if not strong(key):
        raise Broken("The key of the signature is too short to prove anything.")
    value = decoded(only(signature, f"{DS}SignatureValue"))
    if not fits_raw(key, value, data, method):
        raise Broken("The signature value does not hold.")


# trust


def _trust(
    signature: Any,
    certificate: x509.Certificate,
    anchors: tuple[x509.Certificate, ...],
    received_at: datetime,
    found: _Findings,
) -> tuple[bool, datetime | None]:
    """Whether the signer is who the certificate says, and when it was signed."""
    before = len(found.problems)
    try:
        proofs = _proofs(signature)
    except Broken as problem:
        found.problems.append(str(problem))
        return False, None
    authorities = Authorities(anchors).with_more(proofs.certificates)
    usage = extension(certificate, x509.KeyUsage)
    if usage is None or not usage.content_commitment:
        found.problems.append("The certificate is not meant for signatures of a person's will.")
    if any(isinstance(method, SHA1) for method, _ in _certificate_digests(signature)):
        found.problems.append("The certificate is named by a SHA-1 digest: that proves too little.")
    signed_at = _signed_at(proofs, authorities, received_at, found)
    try:
        at = signed_at or _claimed(signature) or received_at
        _check_certificate(certificate, proofs, authorities, at)
    except Untrusted as problem:
        found.problems.append(str(problem))
    trusted = len(found.problems) == before and signed_at is not None
    if any(True for _ in signature.iter(f"{XADES141}ArchiveTimeStamp")):
        found.problems.append("The archive timestamp was not checked.")
    return trusted, signed_at


def _signed_at(
    proofs: _Proofs, authorities: Authorities, received_at: datetime, found: _Findings
) -> datetime | None:
    """The earliest instant proven by a timestamp over the signature value."""
    reason = "No timestamp is embedded: the time of signing is not proven."
    proven: list[datetime] = []
    for token, covered in proofs.timestamps[:MAX_PROOFS]:
        try:
            proven.append(stamped_at(token, covered, authorities))
        except Untrusted as problem:
            reason = str(problem)
    if not proven:
        found.problems.append(reason)
        return None
    if min(proven) > received_at + CLOCKS:
        found.problems.append("The time of signing lies after the letter's receipt.")
    return min(proven)


def _claimed(signature: Any) -> datetime | None:
    """The time the signer wrote down; it proves nothing, but says what to compare with."""
    time = _signed_properties(signature).find(
        f"{XADES}SignedSignatureProperties/{XADES}SigningTime"
    )
    try:
        found = datetime.fromisoformat(text(time)) if time is not None else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _check_certificate(
    certificate: x509.Certificate, proofs: _Proofs, authorities: Authorities, at: datetime
) -> None:
    try:
        path = chain(certificate, authorities, at)
    except Untrusted as problem:
        raise Untrusted(f"The signer's certificate {problem}.") from None
    shown_good(proofs.responses[:MAX_PROOFS], Question(path, at, authorities))


def _proofs(signature: Any) -> _Proofs:
    place = f"{XADES}UnsignedProperties/{XADES}UnsignedSignatureProperties"
    unsigned = _qualifying(signature).find(place)
    if unsigned is None:
        return _Proofs([], [], _embedded(signature.iter(f"{DS}X509Certificate")))
    value = only(signature, f"{DS}SignatureValue")
    responses = f"{XADES}RevocationValues/{XADES}OCSPValues/{XADES}EncapsulatedOCSPValue"
    return _Proofs(
        timestamps=[
            (decoded(token), canonical(value, stamp.find(f"{DS}CanonicalizationMethod")))
            for stamp in unsigned.findall(f"{XADES}SignatureTimeStamp")[:MAX_PROOFS]
            for token in stamp.findall(f"{XADES}EncapsulatedTimeStamp")
        ],
        responses=[decoded(one) for one in unsigned.findall(responses)[:MAX_PROOFS]],
        certificates=[
            *_embedded(signature.iter(f"{DS}X509Certificate")),
            *_embedded(unsigned.iter(f"{XADES}EncapsulatedX509Certificate")),
        ],
    )


def _embedded(elements: Iterator[Any]) -> list[x509.Certificate]:
    """The certificates that can be read; others prove nothing and are passed over."""
    found = []
    for element in elements:
        try:
            found.append(chains.certificate(decoded(element)))
        except (Broken, ValueError):
            continue
        if len(found) >= MAX_CERTIFICATES:
            break
    return found


# who


def _certificate(signature: Any) -> x509.Certificate:
    """The one in KeyInfo that the signed properties name, else the first."""
    given = _embedded(signature.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"))
    if not given:
        raise Broken("The signature comes without a certificate that can be read.")
    for method, named in _certificate_digests(signature):
        for certificate in given:
            if certificate.fingerprint(method) == named:
                return certificate
    return given[0]


def signer_name(certificate: x509.Certificate) -> str | None:
    """Given name and surname, else the common name."""
    parts = [_attribute(certificate, one) for one in (NameOID.GIVEN_NAME, NameOID.SURNAME)]
    return " ".join(filter(None, parts)) or _attribute(certificate, NameOID.COMMON_NAME)


def personal_code(certificate: x509.Certificate) -> str | None:
    """The Estonian personal code in the subject's serial number (EN 319 412-1 section 5.1.3)."""
    serial = _attribute(certificate, NameOID.SERIAL_NUMBER) or ""
    found = PERSONAL_CODE.fullmatch(serial)
    if found is None:
        return None
    bare = serial == found[1]
    return None if bare and _attribute(certificate, NameOID.COUNTRY_NAME) != "EE" else found[1]


def _attribute(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(kind)
    return str(found[0].value) if len(found) == 1 else None


# places


def _qualifying(signature: Any) -> Any:
    return only(signature, f"{DS}Object/{XADES}QualifyingProperties")


def _signed_properties(signature: Any) -> Any:
    return only(_qualifying(signature), f"{XADES}SignedProperties")
