"""The authorities whose signatures count: certificates in a folder."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from models.settings_base import SettingsProblem

ANCHOR_ENDINGS = frozenset({".pem", ".crt", ".cer", ".der"})


class AnchorProblem(SettingsProblem):
    """A folder of authorities that cannot be used; the text names the file."""


def anchors_in(folder: Path | None) -> tuple[bytes, ...]:
    """The authorities in a folder, each in DER; AnchorProblem when a file is no certificate."""
    if folder is None:
        return ()
    try:
        paths = sorted(one for one in folder.iterdir() if one.suffix.lower() in ANCHOR_ENDINGS)
    except OSError:
        raise AnchorProblem(f"TRUST_ANCHORS: {folder} is no folder that can be read.") from None
    if not paths:
        raise AnchorProblem(f"TRUST_ANCHORS: {folder} holds no certificate (*.pem, *.crt).")
    return tuple(der for path in paths for der in _in_file(path))


def _in_file(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError, x509.InvalidVersion):
        raise AnchorProblem(f"TRUST_ANCHORS: {path} is no certificate.") from None
    return [one.public_bytes(Encoding.DER) for one in found]
