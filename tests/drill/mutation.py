"""Letters, documents and server lines, each spoiled a little: the same for the same seed.

Only the signed container is another one in each run, for its keys are new.
"""

import random
from base64 import encodebytes
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from mailbot.demo.samples import letters
from tests.containers import container, packed, unpacked
from tests.mailbot.test_attachments import REQUEST, docx, odt, pdf

LETTERS = Path(__file__).parent.parent / "letters"
MOST = 2_000_000  # bytes of one letter
WITH_DOCUMENT = 0.3  # share of letters whose attached document is what was spoiled
SPANNERS = (
    b"\r\n", b"\n\n", b"\0", b'"', b"(", b"<", b">", b";", b"=?utf-8?b?", b"?=", b"--", b"=\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"charset=x-none", b"<div>" * 500, b"> " * 200, b"\xd0" * 100, b"&#x110000;", b"name*0*=''%",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"=?koi8-r?q?=ff=?= " * 100, b"@a.example, " * 300, b"<" * 2000, b"http://a.example/" * 50,
)  # fmt: skip
HEAD = (
    "Authentication-Results: mx.netpro.ee; dmarc=pass header.from=klient.example\r\n"
    "From: mari@klient.example\r\nMessage-ID: <leht.1@klient.example>\r\nSubject: Palve\r\n"
    'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nvt manus\r\n--m\r\n'
    'Content-Type: application/octet-stream; name="{name}"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n"
)


@cache
def _documents() -> tuple[tuple[str, bytes], ...]:
    return (
        ("avaldus.docx", docx(REQUEST)),
        ("avaldus.odt", odt(REQUEST)),
        ("avaldus.pdf", pdf("Palun kustutage minu andmed.")),
        ("avaldus.asice", container()),
    )


class Mutator:
    """Everything random, from one seed."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        committed = [path.read_bytes() for path in sorted(LETTERS.glob("*.eml"))]
        self._letters = [*committed, *(sample.raw for sample in letters())]

    def letter(self) -> bytes:
        """One letter, or one with a document, with one to eight changes."""
        if self.pick.random() < WITH_DOCUMENT:
            name, content = self.pick.choice(_documents())
            body = encodebytes(self._document(content))
            return (HEAD.format(name=name).encode() + body + b"--m--\r\n")[:MOST]
        return self.spoiled(self._letters)

    def _document(self, content: bytes) -> bytes:
        """The file itself spoiled, or one member of the archive packed again."""
        if not content.startswith(b"PK") or self.pick.random() < 0.4:
            return self.spoiled([content])
        members = unpacked(content)
        name = self.pick.choice(list(members))
        return packed({**members, name: self.spoiled([members[name]])})

    def spoiled(self, pool: Sequence[bytes]) -> bytes:
        """One of the pool with one to eight changes: cut, doubled, spliced, repeated."""
        raw = self.pick.choice(pool)
        for _ in range(self.pick.randint(1, 8)):
            at, end = sorted(self.pick.randrange(len(raw) + 1) for _ in range(2))
            changes = (
                (b"", end),
                (raw[at:end] * 2, end),
                (self._piece(self.pick.choice(pool)), end),
                (self.pick.choice(SPANNERS), at),
                (self.pick.randbytes(min(8, end - at)), end),
                (raw[at : at + 60] * int(10 ** self.pick.uniform(0, 4)), at),
            )
            middle, rest = self.pick.choice(changes)
            raw = (raw[:at] + middle + raw[rest:])[:MOST]
        return raw

    def _piece(self, other: bytes) -> bytes:
        at, end = sorted(self.pick.randrange(len(other) + 1) for _ in range(2))
        return other[at:end]
