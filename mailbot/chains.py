"""From a certificate to a configured authority (RFC 5280 section 6, the part that applies).

Every link: name, signature, validity at one instant, a certificate authority's constraints.
Revocation of the authorities themselves is not looked up: there is no network here.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from mailbot.algorithms import Method, fits, strong

MAX_DEPTH = 6
MAX_CERTIFICATES = 60
MAX_LINKS_TRIED = 80
# since the first public SHA-1 collision (February 2017) such a signature proves nothing
LAST_SHA1 = datetime(2017, 1, 1, tzinfo=UTC)
UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
SERVICES = frozenset({ExtendedKeyUsageOID.OCSP_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING})
Known = TypeVar("Known", bound=x509.ExtensionType)


def certificate(raw: bytes) -> x509.Certificate:
    """A certificate from DER; ValueError also for what RFC 5280 forbids and a reader tolerates."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            return x509.load_der_x509_certificate(raw)
        except (CryptographyDeprecationWarning, x509.InvalidVersion) as problem:
            raise ValueError("a certificate RFC 5280 forbids") from problem


class Untrusted(Exception):
    """Why a proof does not count; the text is one sentence without personal data."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """The configured authorities, and the other certificates a container brings along."""

    anchors: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()

    def with_more(self, certificates: Sequence[x509.Certificate]) -> "Authorities":
        """With certificates found elsewhere; the first MAX_CERTIFICATES count."""
        return Authorities(self.anchors, (*self.others, *certificates)[:MAX_CERTIFICATES])


def extension(certificate: x509.Certificate, kind: type[Known]) -> Known | None:
    """The value of one extension, None when it is not there."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether `at` (aware) lies in the certificate's period."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def chain(
    certificate: x509.Certificate, authorities: Authorities, at: datetime
) -> tuple[x509.Certificate, ...]:
    """The path from the certificate to an anchor, both included, all valid at `at` (aware).

    Untrusted when there is none.
    """
    if not valid_at(certificate, at):
        raise Untrusted("was not valid at that time")
    if not _understood(certificate):
        raise Untrusted("has a critical extension that is not understood")
    budget = iter(range(MAX_LINKS_TRIED))
    found = _climb((certificate,), authorities, at, budget)
    if found is None:
        raise Untrusted("does not lead to a configured authority")
    return found


def superiors(
    path: Sequence[x509.Certificate], authorities: Authorities
) -> tuple[x509.Certificate, ...]:
    """The authorities of a path, and the configured ones above its anchor."""
    found = list(path[1:])
    for _ in range(MAX_DEPTH):
        above = [a for a in authorities.anchors if a not in found and issued(found[-1], a)]
        if not above:
            break
        found.append(above[0])
    return tuple(found)


def issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key are those that signed the child."""
    if child.issuer != issuer.subject:
        return False
    method = _method(child)
    key = issuer.public_key()
    if method is None or not strong(key):
        return False
    return fits(key, child.signature, child.tbs_certificate_bytes, method)


def _climb(
    path: tuple[x509.Certificate, ...],
    authorities: Authorities,
    at: datetime,
    budget: Iterator[int],
) -> tuple[x509.Certificate, ...] | None:
    if len(path) > MAX_DEPTH:
        return None
    for issuer in (*authorities.anchors, *authorities.others):
        if issuer in path or issuer.subject != path[-1].issuer:
            continue
        if next(budget, None) is None:
            return None
        if not (_may_issue(issuer, len(path) - 1, at) and issued(path[-1], issuer)):
            continue
        if issuer in authorities.anchors:
            return (*path, issuer)
        longer = _climb((*path, issuer), authorities, at, budget)
        if longer:
            return longer
    return None


def _may_issue(issuer: x509.Certificate, below: int, at: datetime) -> bool:
    """An authority, valid, with room for `below` authorities under it."""
    constraints = extension(issuer, x509.BasicConstraints)
    usage = extension(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca or not valid_at(issuer, at):
        return False
    if constraints.path_length is not None and constraints.path_length < below:
        return False
    return (usage is None or usage.key_cert_sign) and _understood(issuer)


def _understood(certificate: x509.Certificate) -> bool:
    return all(found.oid in UNDERSTOOD for found in certificate.extensions if found.critical)


def _method(certificate: x509.Certificate) -> Method | None:
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    if isinstance(algorithm, hashes.SHA1):
        old = certificate.not_valid_before_utc < LAST_SHA1
        return Method("pkcs1", algorithm) if old and _is_service(certificate) else None
    if not isinstance(algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return None
    parameters = certificate.signature_algorithm_parameters
    if isinstance(parameters, ec.ECDSA):
        return Method("ecdsa", algorithm)
    return Method("pkcs1" if isinstance(parameters, padding.PKCS1v15) else "pss", algorithm)


def _is_service(certificate: x509.Certificate) -> bool:
    """An authority, a responder or a timestamping unit: never a person's certificate."""
    constraints = extension(certificate, x509.BasicConstraints)
    purposes = extension(certificate, x509.ExtendedKeyUsage) or ()
    return bool(constraints and constraints.ca) or any(one in SERVICES for one in purposes)
