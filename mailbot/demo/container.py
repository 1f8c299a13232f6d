"""A signed container (ASiC-E, ETSI EN 319 162) for one sample letter.

The key is published here and the certificate is its own issuer: the signature is whole,
but leads to no authority, which is just what a reader has to find out and say.
"""

import base64
import hashlib
import io
import zipfile
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID
from lxml import etree

__all__ = ["signed_container"]

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"
C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
DS = "http://www.w3.org/2000/09/xmldsig#"
KEY_NUMBER = 0x6E657470726F2D64656D6F  # "netpro-demo": anybody may know it
VALID_FROM = datetime(2025, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
LONG_AGO = (1980, 1, 1, 0, 0, 0)

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
  <manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>
  <manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/plain"/>
</manifest:manifest>
"""
SIGNATURE = """<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">
<ds:Signature Id="S0"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="{ecdsa}"/>
<ds:Reference Id="S0-r0" URI="{name}"><ds:DigestMethod Algorithm="{digest}"/>
<ds:DigestValue>{file_digest}</ds:DigestValue></ds:Reference>
<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#S0-SignedProperties">
<ds:Transforms><ds:Transform Algorithm="{c14n}"/></ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}\
</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
<ds:Object><xades:QualifyingProperties Target="#S0">
<xades:SignedProperties Id="S0-SignedProperties"><xades:SignedSignatureProperties>
<xades:SigningTime>{signed_at}</xades:SigningTime>
<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue>{certificate_digest}</ds:DigestValue>
</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>
<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#S0-r0">
<xades:MimeType>text/plain</xades:MimeType></xades:DataObjectFormat>
</xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>
</ds:Object></ds:Signature></asic:XAdESSignatures>
"""


def signed_container(
    name: str, text: str, surname: str, given_name: str, code: str, signed_at: datetime
) -> bytes:
    """One text file `name` (ASCII), signed at `signed_at` (UTC) by an invented person.

    The same arguments give the same bytes.
    """
    data = text.encode("utf-8")
    signature = _signature(name, data, _certificate(surname, given_name, code), signed_at)
    manifest = MANIFEST.format(media_type=MEDIA_TYPE, name=name).encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        # EN 319 162-1 A.1: the media type comes first and is stored, not compressed
        _add(box, "mimetype", MEDIA_TYPE.encode(), zipfile.ZIP_STORED)
        _add(box, name, data)
        _add(box, "META-INF/manifest.xml", manifest)
        _add(box, "META-INF/signatures0.xml", signature)
    return held.getvalue()


def _add(
    box: zipfile.ZipFile, name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = compression
    box.writestr(entry, data)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(KEY_NUMBER, ec.SECP256R1())


def _certificate(surname: str, given_name: str, code: str) -> bytes:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "EE"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{surname},{given_name},{code}"),
            x509.NameAttribute(NameOID.SURNAME, surname),
            x509.NameAttribute(NameOID.GIVEN_NAME, given_name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"PNOEE-{code}"),
        ]
    )
    builder = x509.CertificateBuilder(name, name, _key().public_key(), 1, VALID_FROM, VALID_UNTIL)
    signed = builder.sign(_key(), hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.DER)


def _signature(name: str, data: bytes, certificate: bytes, signed_at: datetime) -> bytes:
    filled = SIGNATURE.format(
        c14n=C14N,
        ecdsa=ECDSA,
        digest=DIGEST,
        name=name,
        file_digest=_digest(data),
        certificate=base64.b64encode(certificate).decode(),
        certificate_digest=_digest(certificate),
        signed_at=signed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    root = etree.fromstring(filled.encode())
    properties = _only(root, "//*[@Id='S0-SignedProperties']")
    _only(root, "//ds:DigestValue[not(text())]").text = _digest(_canonical(properties))
    value = _signed(_canonical(_only(root, "//ds:SignedInfo")))
    _only(root, "//ds:SignatureValue").text = base64.b64encode(value).decode()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _only(root: etree._Element, path: str) -> etree._Element:
    (found,) = etree.XPath(path, namespaces={"ds": DS})(root)
    return found


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _signed(data: bytes) -> bytes:
    """r and s, 32 bytes each (RFC 6931 section 2.3.6), not DER."""
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(_key().sign(data, algorithm))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
