"""Digests and signature values, by the names XML and CMS give them.

SHA-1 and short keys prove nothing any more and are refused (ETSI TS 119 312).
"""

from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

MIN_RSA_BITS, MIN_EC_BITS = 2048, 256

XMLENC = "http://www.w3.org/2001/04/xmlenc#"
XMLDSIG_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
XMLDSIG_2007 = "http://www.w3.org/2007/05/xmldsig-more#"

SHA256, SHA384, SHA512 = hashes.SHA256(), hashes.SHA384(), hashes.SHA512()
# RFC 6931 sections 2.1 and 5.1
DIGESTS: dict[str, hashes.HashAlgorithm] = {
    f"{XMLENC}sha256": SHA256,
    f"{XMLDSIG_MORE}sha384": SHA384,
    f"{XMLENC}sha512": SHA512,
}
DIGEST_OIDS: dict[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": SHA256,
    "2.16.840.1.101.3.4.2.2": SHA384,
    "2.16.840.1.101.3.4.2.3": SHA512,
}


class Method(NamedTuple):
    """How a signature value was made: `scheme` is pkcs1, pss or ecdsa."""

    scheme: str
    digest: hashes.HashAlgorithm


# RFC 6931 sections 2.3.2, 2.3.6 and 2.3.10
SIGNATURE_METHODS = {
    **{f"{XMLDSIG_MORE}rsa-{h.name}": Method("pkcs1", h) for h in (SHA256, SHA384, SHA512)},
    **{f"{XMLDSIG_2007}{h.name}-rsa-MGF1": Method("pss", h) for h in (SHA256, SHA384, SHA512)},
    **{f"{XMLDSIG_MORE}ecdsa-{h.name}": Method("ecdsa", h) for h in (SHA256, SHA384, SHA512)},
}


def digest(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    """The digest of these bytes."""
    hasher = hashes.Hash(algorithm)
    hasher.update(data)
    return hasher.finalize()


def strong(key: PublicKeyTypes) -> bool:
    """RSA of 2048 bits or more, or an elliptic curve of 256 or more."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= MIN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= MIN_EC_BITS


def fits(key: PublicKeyTypes, signature: bytes, data: bytes, method: Method) -> bool:
    """Whether this key made this signature (DER for ECDSA) over these bytes."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and method.scheme == "ecdsa":
            key.verify(signature, data, ec.ECDSA(method.digest))
            return True
        if isinstance(key, rsa.RSAPublicKey) and method.scheme in ("pkcs1", "pss"):
            key.verify(signature, data, _padding(method), method.digest)
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False


def fits_raw(key: PublicKeyTypes, signature: bytes, data: bytes, method: Method) -> bool:
    """As `fits`, but ECDSA values are r and s side by side (RFC 6931 section 2.3.6)."""
    if method.scheme != "ecdsa":
        return fits(key, signature, data, method)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    half = (key.key_size + 7) // 8
    if len(signature) != 2 * half:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return fits(key, encode_dss_signature(r, s), data, method)


def _padding(method: Method) -> padding.AsymmetricPadding:
    if method.scheme == "pkcs1":
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(method.digest), method.digest.digest_size)
