"""A trust service of our own for tests: authorities, signers, OCSP answers, timestamps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
ECDSA_OID = "1.2.840.10045.4.3.2"
SHA256_OID = "2.16.840.1.101.3.4.2.1"
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Service:
    """One whole trust service; only `root` need be configured."""

    root: Holder
    issuing: Holder
    responder: Holder
    stamper: Holder

    @property
    def anchors(self) -> list[x509.Certificate]:
        return [self.root.certificate]


def service(name: str = "Proov") -> Service:
    """The same one for each name."""
    return _service(name)


@lru_cache(maxsize=4)
def _service(name: str) -> Service:
    root = certified(_named(f"{name} Root"), usages=("key_cert_sign",), authority=True)
    issuing = certified(
        _named(f"{name} Issuing"), root, usages=("key_cert_sign",), authority=True, path_length=0
    )
    responder = certified(_named(f"{name} OCSP"), issuing, purpose=ExtendedKeyUsageOID.OCSP_SIGNING)
    stamper = certified(
        _named(f"{name} TSA"), root, purpose=ExtendedKeyUsageOID.TIME_STAMPING, critical=True
    )
    return Service(root, issuing, responder, stamper)


@lru_cache(maxsize=32)
def signer(
    code: str = "36805280109",
    *,
    of: Service | None = None,
    serial: str | None = None,
    usages: tuple[str, ...] = ("content_commitment",),
    until: datetime = END,
    rsa_bits: int = 0,
    curve: str = "secp256r1",
) -> Holder:
    """A person's signing certificate in the form Estonian ones have (EN 319 412-1)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "EE"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"KASK,MARI,{code}"),
            x509.NameAttribute(NameOID.SURNAME, "KASK"),
            x509.NameAttribute(NameOID.GIVEN_NAME, "MARI"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, serial or f"PNOEE-{code}"),
        ]
    )
    key: Key = ec.generate_private_key(ec.SECP384R1() if curve == "secp384r1" else ec.SECP256R1())
    if rsa_bits:
        key = rsa.generate_private_key(65537, rsa_bits)
    issuer = (of or service()).issuing
    return certified(subject, issuer, usages=usages, until=until, key=key)


def certified(
    subject: x509.Name,
    issuer: Holder | None = None,
    *,
    usages: tuple[str, ...] = ("digital_signature",),
    authority: bool = False,
    path_length: int | None = None,
    purpose: ObjectIdentifier | None = None,
    critical: bool = False,
    until: datetime = END,
    key: Key | None = None,
) -> Holder:
    """A certificate by the issuer, or by itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(authority, path_length), critical=True)
        .add_extension(x509.KeyUsage(**{one: one in usages for one in USAGES}), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=critical)
    return Holder(builder.sign(issuer.key if issuer else own, hashes.SHA256()), own)


def ocsp_response(
    certificate: x509.Certificate,
    of: Service,
    at: datetime,
    *,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    responder: Holder | None = None,
) -> bytes:
    """What the responder says about the certificate at that instant (RFC 6960 section 4.2.1)."""
    by = responder or of.responder
    issuer = of.issuing.certificate
    named = tlv(
        0x30,
        _algorithm(SHA256_OID),
        tlv(0x04, sha256(issuer.subject.public_bytes())),
        tlv(0x04, sha256(_key_bits(issuer))),
        number(certificate.serial_number),
    )
    answer = tlv(0x30, named, _status(status, at), _instant(at))
    name = tlv(0xA1, by.certificate.subject.public_bytes())
    data = tlv(0x30, name, _instant(at), tlv(0x30, answer))
    signed = tlv(0x03, b"\0", _ecdsa(by, data))
    basic = tlv(0x30, data, _algorithm(ECDSA_OID), signed, tlv(0xA0, tlv(0x30, by.der)))
    held = tlv(0x30, oid("1.3.6.1.5.5.7.48.1.1"), tlv(0x04, basic))
    return tlv(0x30, tlv(0x0A, b"\0"), tlv(0xA0, held))


def _status(status: ocsp.OCSPCertStatus, at: datetime) -> bytes:
    if status is ocsp.OCSPCertStatus.REVOKED:
        return tlv(0xA1, _instant(at - timedelta(days=1)))
    return tlv(0x80 if status is ocsp.OCSPCertStatus.GOOD else 0x82)


def _key_bits(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _instant(at: datetime) -> bytes:
    return tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())


def _ecdsa(by: Holder, data: bytes) -> bytes:
    assert isinstance(by.key, ec.EllipticCurvePrivateKey)
    return by.key.sign(data, ec.ECDSA(hashes.SHA256()))


def timestamp(covered: bytes, of: Service, at: datetime, *, stamper: Holder | None = None) -> bytes:
    """An RFC 3161 token over these bytes."""
    by = stamper or of.stamper
    info = _info(covered, at)
    content = tlv(0x30, oid("1.2.840.113549.1.9.16.1.4"), tlv(0xA0, tlv(0x04, info)))
    signed = tlv(
        0x30,
        number(3),
        tlv(0x31, _algorithm(SHA256_OID)),
        content,
        tlv(0xA0, by.der),
        tlv(0x31, _signer_info(info, by)),
    )
    return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, signed))


def _info(covered: bytes, at: datetime) -> bytes:
    imprint = tlv(0x30, _algorithm(SHA256_OID), tlv(0x04, sha256(covered)))
    policy = oid("1.3.6.1.4.1.13762.3")
    return tlv(0x30, number(1), policy, imprint, number(7), _instant(at))


def _signer_info(info: bytes, by: Holder) -> bytes:
    named = tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x04, sha256(by.der)))))
    attributes = b"".join(
        sorted(
            [
                _attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.9.16.1.4")),
                _attribute("1.2.840.113549.1.9.4", tlv(0x04, sha256(info))),
                _attribute("1.2.840.113549.1.9.16.2.47", named),
            ]
        )
    )
    name = tlv(0x30, by.certificate.issuer.public_bytes(), number(by.certificate.serial_number))
    return tlv(
        0x30,
        number(1),
        name,
        _algorithm(SHA256_OID),
        tlv(0xA0, attributes),
        _algorithm(ECDSA_OID),
        tlv(0x04, _ecdsa(by, tlv(0x31, attributes))),
    )


def _attribute(name: str, value: bytes) -> bytes:
    return tlv(0x30, oid(name), tlv(0x31, value))


def _algorithm(name: str) -> bytes:
    return tlv(0x30, oid(name))


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER value."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def number(value: int) -> bytes:
    """A DER INTEGER, not negative."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """A DER OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    body = b""
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        body += bytes(reversed(septets))
    return tlv(0x06, body)


def sha256(data: bytes) -> bytes:
    """The digest of these bytes."""
    hasher = hashes.Hash(hashes.SHA256())
    hasher.update(data)
    return hasher.finalize()


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
