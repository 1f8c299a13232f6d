"""Letters too big to commit, made by the same few lines each time."""

import base64
import io
import zipfile
from collections.abc import Callable

from models.vocabulary import ReadingFlag

PLEA = "Palun kustutage minu konto ja kõik minu andmed.\r\n"


def head(name: str) -> bytes:
    """Headers of a proven sender, unique to the letter."""
    return (
        f"Authentication-Results: mx.netpro.ee; dmarc=pass header.from={name}.example\r\n"
        f"From: writer@{name}.example\r\nTo: info@netpro.ee\r\nSubject: Palve\r\n"
        f"Message-ID: <{name}@{name}.example>\r\nMIME-Version: 1.0\r\n"
    ).encode()


def plea_part() -> bytes:
    """The request as a part of its own."""
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + PLEA.encode()


def nested_multiparts(levels: int = 300) -> bytes:
    """A multipart in a multipart in a multipart; the request stands in the first one."""
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d\r\n"
        % (n, n, plea_part() if not n else b"\r\nx\r\n", n)
        for n in range(levels)
    )
    closed = b"".join(b"--b%d--\r\n" % n for n in reversed(range(levels)))
    return head("nested") + opened + b"\r\nthe innermost\r\n" + closed


def ten_thousand_parts(parts: int = 10_000) -> bytes:
    """The request, and thousands of small parts behind it."""
    more = b"".join(b"--b\r\n\r\npart %d\r\n" % n for n in range(parts))
    top = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + plea_part()
    return head("parts") + top + more + b"--b--\r\n"


def base64_attachment(megabytes: int = 100) -> bytes:
    """The request, and one attachment of so many megabytes on the wire."""
    lines = (b"QUJD" * 19 + b"\r\n") * (megabytes * 1024 * 1024 // 78)
    return _attached(
        f"base64x{megabytes}",
        b'Content-Type: application/octet-stream; name="pilt.bin"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + lines,
    )


def million_nodes(nodes: int = 1_000_000) -> bytes:
    """A page that begins with the request and goes on for ever."""
    page = f"<p>{PLEA}</p>".encode() + b"<b>x</b>\r\n" * nodes
    return head("nodes") + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page


def zip_bomb(megabytes: int = 500) -> bytes:
    """A document of a few kilobytes that unpacks to hundreds of megabytes."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box,
        box.open("word/document.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(megabytes):
            member.write(b"\0" * 1024 * 1024)
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _attached("bomb", _encoded(kind, b"avaldus.docx", held.getvalue()))


def container(content: bytes) -> bytes:
    """A signed container as the whole letter."""
    return _attached(
        "asice", _encoded(b"application/vnd.etsi.asic-e+zip", b"avaldus.asice", content), plea=False
    )


def _encoded(kind: bytes, name: bytes, content: bytes) -> bytes:
    text = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return (
        b"Content-Type: " + kind + b'; name="' + name + b'"\r\n'
        b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" + text
    )


def _attached(name: str, part: bytes, *, plea: bool = True) -> bytes:
    first = plea_part() if plea else b"\r\nVt manust.\r\n"
    top = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + first + b"--b\r\n"
    return head(name) + top + part + b"\r\n--b--\r\n"


# each with the flag that tells a person what was not read
HUGE: dict[str, tuple[Callable[[], bytes], ReadingFlag]] = {
    "nested": (nested_multiparts, ReadingFlag.TOO_MANY_PARTS),
    "parts": (ten_thousand_parts, ReadingFlag.TOO_MANY_PARTS),
    "base64x100": (base64_attachment, ReadingFlag.TRUNCATED),
    "nodes": (million_nodes, ReadingFlag.HTML_CUT),
    "bomb": (zip_bomb, ReadingFlag.ATTACHMENT_UNREAD),
}
