"""The ZIP opens with its passphrase and with nothing else."""

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import pyzipper

from models.package.archive import ALPHABET, GROUP, GROUPS, Packed, new_passphrase, pack
from tests.absent import left_out

FILES = [Packed("index.html", "<p>õ</p>".encode() * 100), Packed("files/001.pdf", b"x")]


def test_it_opens_with_its_passphrase_and_is_aes_256() -> None:
    passphrase = new_passphrase()
    with pyzipper.AESZipFile(BytesIO(pack(FILES, passphrase))) as archive:
        archive.setpassword(passphrase.encode())
        for path, content in FILES:
            assert archive.read(path) == content
            info = archive.getinfo(path)
            assert (info.wz_aes_strength, info.wz_aes_version) == (3, 2)  # 3 = 256 bits
            assert info.flag_bits & 1
            assert info.CRC == 0
            assert info.date_time[:3] == (2020, 1, 1)


def test_a_wrong_passphrase_and_none_open_nothing() -> None:
    packed = pack(FILES, new_passphrase())
    with pyzipper.AESZipFile(BytesIO(packed)) as archive:
        archive.setpassword(new_passphrase().encode())
        with pytest.raises(RuntimeError, match="Bad password"):
            archive.read("index.html")
    with (
        zipfile.ZipFile(BytesIO(packed)) as plain,
        pytest.raises((RuntimeError, NotImplementedError)),
    ):
        plain.read("index.html")


def test_what_is_packed_cannot_be_read_in_it() -> None:
    assert b"<p>" not in pack([Packed("a", b"<p>secret</p>")], "k")
    assert b"secret" not in pack([Packed("a", b"secret")], "k")


def test_two_archives_of_the_same_files_differ() -> None:
    assert pack(FILES, "same") != pack(FILES, "same")


def test_two_files_need_two_paths() -> None:
    with pytest.raises(ValueError, match="same path"):
        pack([FILES[0], FILES[0]], "k")


def test_a_passphrase_has_ninety_six_bits_in_readable_groups() -> None:
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        groups = one.split("-")
        assert [len(group) for group in groups] == [GROUP] * GROUPS
        assert set("".join(groups)) <= set(ALPHABET)
    assert len(ALPHABET) ** (GROUP * GROUPS) > 2**96
    assert not set("01OIL5SU") & set(ALPHABET)


def test_seven_zip_opens_it_where_it_is_installed(tmp_path: Path) -> None:
    """The program most people have for it."""
    program = shutil.which("7zz") or shutil.which("7z") or shutil.which("7za")
    if program is None:
        left_out("7-Zip is not installed: apt install p7zip-full")
    path = tmp_path / "package.zip"
    path.write_bytes(pack(FILES, "right"))
    good = subprocess.run(
        [program, "x", "-pright", f"-o{tmp_path}/out", str(path)], capture_output=True, check=False
    )
    assert good.returncode == 0
    assert (tmp_path / "out/index.html").read_bytes() == FILES[0].content
    listed = subprocess.run([program, "l", "-slt", str(path)], capture_output=True, check=False)
    assert listed.stdout.count(b"AES-256") == len(FILES)
    bad = subprocess.run([program, "t", "-pwrong", str(path)], capture_output=True, check=False)
    assert bad.returncode != 0
