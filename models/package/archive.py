"""One ZIP under AES-256 (WinZip AE-2), and the passphrase that opens it.

The names inside a ZIP can be read without the passphrase, so they say nothing: files are
numbered, and their real names stand inside.
"""

import secrets
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import pyzipper

# Nothing that sounds or looks like something else when it is read out over the telephone.
ALPHABET = "2346789ABCDEFGHJKMNPQRTVWXYZ"
GROUPS = 5
GROUP = 4  # 20 signs of 28: 96 bits
MOMENT = (2020, 1, 1, 0, 0, 0)  # when a file was packed is nobody's business


class Packed(NamedTuple):
    """One file of the archive."""

    path: str
    content: bytes


def new_passphrase() -> str:
    """Five groups of four signs, e.g. `K7QX-2MPA-9TRE-HV3C-W6DB`."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def pack(files: Sequence[Packed], passphrase: str) -> bytes:
    """The archive as bytes. ValueError when two files would have one path."""
    if len({file.path for file in files}) != len(files):
        raise ValueError("two files of a package have the same path")
    buffer = BytesIO()
    with pyzipper.AESZipFile(
        buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(passphrase.encode())
        # AE-2 leaves out the checksum of the plain text, which would say what a small file holds
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for path, content in files:
            archive.writestr(archive.zipinfo_cls(path, MOMENT), content, pyzipper.ZIP_DEFLATED)
    return buffer.getvalue()
