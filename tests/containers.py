"""Signed containers (ASiC-E with XAdES) as a person's signing program would make them."""

import base64
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509 import ocsp
from lxml import etree

from tests.authorities import Holder, Service, ocsp_response, service, signer, timestamp

SIGNED_AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
REQUEST = "Palun kustutage kõik minu andmed."
MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
SIGNATURE = "META-INF/signatures0.xml"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SPACES = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
}
DIGESTS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "sha1": ("http://www.w3.org/2000/09/xmldsig#sha1", hashes.SHA1()),
    "sha256": ("http://www.w3.org/2001/04/xmlenc#sha256", hashes.SHA256()),
    "sha384": ("http://www.w3.org/2001/04/xmldsig-more#sha384", hashes.SHA384()),
    "sha512": ("http://www.w3.org/2001/04/xmlenc#sha512", hashes.SHA512()),
}
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
METHODS = {
    "ecdsa": f"{MORE}ecdsa-sha256",
    "rsa": f"{MORE}rsa-sha256",
    "pss": "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
}

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<m:file-entry m:full-path="/" m:media-type="application/vnd.etsi.asic-e+zip"/>{entries}
</m:manifest>
"""
ENTRY = '<m:file-entry m:full-path="{name}" m:media-type="text/plain"/>'
FRAME = """<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">
<ds:Signature Id="{id}"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="{method}"/>{files}
<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#{id}-SP">
<ds:Transforms><ds:Transform Algorithm="{c14n}"/></ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue Id="{id}-SIG"/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}\
</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
<ds:Object><xades:QualifyingProperties Target="#{id}">
<xades:SignedProperties Id="{id}-SP"><xades:SignedSignatureProperties>
<xades:SigningTime>{claimed}</xades:SigningTime>
<xades:{naming}><xades:Cert><xades:CertDigest>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue>{certificate_digest}</ds:DigestValue>
</xades:CertDigest></xades:Cert></xades:{naming}></xades:SignedSignatureProperties>
</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties/>
</xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>
</asic:XAdESSignatures>
"""
FILE = """
<ds:Reference Id="{id}-r{number}" URI="{uri}"><ds:DigestMethod Algorithm="{digest}"/>\
<ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"""


@dataclass(frozen=True)
class Recipe:
    """What one signature is made of; the defaults are as they should be (profile LT)."""

    by: Holder = field(default_factory=signer)
    of: Service = field(default_factory=service)
    at: datetime = SIGNED_AT
    claimed: datetime | None = None
    id: str = "S0"
    scheme: str = "ecdsa"
    digest: str = "sha256"
    c14n: str = EXCLUSIVE
    naming: str = "SigningCertificateV2"
    stamped: bool = True
    asked: bool = True
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD
    responder: Holder | None = None
    stamper: Holder | None = None
    answered_after: timedelta = timedelta(seconds=2)
    leaves_out: tuple[str, ...] = ()


def container(
    files: Mapping[str, bytes] | None = None, recipe: Recipe | None = None, **changes: Any
) -> bytes:
    """A container of these files (default: one with a request), signed once."""
    made = replace(recipe or Recipe(), **changes)
    inside = {"avaldus.txt": REQUEST.encode()} if files is None else dict(files)
    return packed({**members(inside), SIGNATURE: signature(inside, made)})


def members(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Everything but signatures."""
    entries = "".join(ENTRY.format(name=name) for name in files)
    return {
        "mimetype": MEDIA_TYPE.encode(),
        **files,
        "META-INF/manifest.xml": MANIFEST.format(entries=entries).encode(),
    }


def packed(inside: Mapping[str, bytes]) -> bytes:
    """The zip; the media type is stored and comes first."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        for name, data in inside.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            box.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, kind)
    return held.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The members by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return {name: box.read(name) for name in box.namelist()}


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The container with one member changed after signing."""
    inside = unpacked(content)
    return packed({**inside, name: change(inside[name])})


def signature(files: Mapping[str, bytes], recipe: Recipe) -> bytes:
    """One signature file."""
    covered = {name: data for name, data in files.items() if name not in recipe.leaves_out}
    root = etree.fromstring(_frame(covered, recipe).encode())
    exclusive = recipe.c14n == EXCLUSIVE
    properties = _one(root, f"//*[@Id='{recipe.id}-SP']")
    value = _one(root, "//ds:DigestValue[not(text())]")
    value.text = _digest(_canonical(properties, exclusive), recipe)
    signed = _signed(_canonical(_one(root, "//ds:SignedInfo"), exclusive), recipe)
    element = _one(root, "//ds:SignatureValue")
    element.text = base64.b64encode(signed).decode()
    _add_proofs(root, _canonical(element, exclusive), recipe)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _frame(files: Mapping[str, bytes], recipe: Recipe) -> str:
    name = DIGESTS[recipe.digest][0]
    references = "".join(
        FILE.format(
            id=recipe.id, number=at, uri=quote(file), digest=name, value=_digest(data, recipe)
        )
        for at, (file, data) in enumerate(files.items())
    )
    return FRAME.format(
        id=recipe.id,
        c14n=recipe.c14n,
        method=METHODS[recipe.scheme],
        files=references,
        digest=name,
        certificate=base64.b64encode(recipe.by.der).decode(),
        certificate_digest=_digest(recipe.by.der, recipe),
        claimed=(recipe.claimed or recipe.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        naming=recipe.naming,
    )


def _add_proofs(root: Any, covered: bytes, recipe: Recipe) -> None:
    place = _one(root, "//xades:UnsignedSignatureProperties")
    if recipe.stamped:
        token = timestamp(covered, recipe.of, recipe.at, stamper=recipe.stamper)
        stamp = _under(place, "xades:SignatureTimeStamp")
        _under(stamp, "ds:CanonicalizationMethod").set("Algorithm", recipe.c14n)
        _under(stamp, "xades:EncapsulatedTimeStamp", token)
    values = _under(place, "xades:CertificateValues")
    _under(values, "xades:EncapsulatedX509Certificate", recipe.of.issuing.der)
    if recipe.asked:
        response = ocsp_response(
            recipe.by.certificate,
            recipe.of,
            recipe.at + recipe.answered_after,
            status=recipe.status,
            responder=recipe.responder,
        )
        held = _under(_under(place, "xades:RevocationValues"), "xades:OCSPValues")
        _under(held, "xades:EncapsulatedOCSPValue", response)


def _under(parent: Any, name: str, value: bytes | None = None) -> Any:
    prefix, _, local = name.partition(":")
    element = etree.SubElement(parent, f"{{{SPACES[prefix]}}}{local}")
    if value is not None:
        element.text = base64.b64encode(value).decode()
    return element


def _one(root: Any, path: str) -> Any:
    (found,) = root.xpath(path, namespaces=SPACES)
    return found


def _canonical(element: Any, exclusive: bool) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=exclusive, with_tail=False))


def _digest(data: bytes, recipe: Recipe) -> str:
    hasher = hashes.Hash(DIGESTS[recipe.digest][1])
    hasher.update(data)
    return base64.b64encode(hasher.finalize()).decode()


def _signed(data: bytes, recipe: Recipe) -> bytes:
    key = recipe.by.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        half = (key.key_size + 7) // 8
        return r.to_bytes(half, "big") + s.to_bytes(half, "big")
    if recipe.scheme == "pss":
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
