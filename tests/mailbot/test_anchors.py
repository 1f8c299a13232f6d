"""Authorities come from a folder of certificates, and a bad file is named."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mailbot.anchors import AnchorProblem, anchors_in
from tests.authorities import service


def test_authorities_are_read_from_pem_and_der_files(tmp_path: Path) -> None:
    first, second = (service(name).root.certificate for name in ("Proov", "Muu"))
    (tmp_path / "a.pem").write_bytes(first.public_bytes(Encoding.PEM))
    (tmp_path / "b.crt").write_bytes(second.public_bytes(Encoding.DER))
    (tmp_path / "readme.txt").write_text("not a certificate")
    found = [x509.load_der_x509_certificate(one) for one in anchors_in(tmp_path)]
    assert found == [first, second]
    assert anchors_in(None) == ()


def test_a_folder_without_authorities_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnchorProblem, match="holds no certificate"):
        anchors_in(tmp_path)
    with pytest.raises(AnchorProblem, match="no folder"):
        anchors_in(tmp_path / "missing")
    (tmp_path / "bad.pem").write_text("-----BEGIN nothing")
    with pytest.raises(AnchorProblem, match=r"bad\.pem"):
        anchors_in(tmp_path)
