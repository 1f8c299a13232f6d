"""A rendered letter as the exact bytes that go out (RFC 5322, 2045, 2047, 3834).

Written by hand rather than by `email.message`: the same letter must give the same bytes
under every Python, and the library encodes long Message-IDs, which breaks threads.
Nothing that could start a new header line is ever written.
"""

import base64
import hmac
import quopri
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from models.letters.render import RenderedLetter
from models.vocabulary import Language, LetterKind

CRLF = b"\r\n"
MAX_OLD_REFERENCES = 20
MAX_ID_LENGTH = 250  # keeps every header line far below the 998 of RFC 5322
MAX_ADDRESS_LENGTH = 320
MAX_LINE_LENGTH = 76
MOSTLY_ASCII = 0.8  # quoted-printable below this grows past base64 and reads no better

_ID_DIGITS = 20  # of 32: these name the letter, the rest proves that we named it
_OWN_ID = re.compile(r"<(ack|let)\.([0-9a-f]{20})([0-9a-f]{12})@([^<>@\s]+)>")
_MESSAGE_ID = re.compile(r"<[!-;=?A-Z^-~]+@[!-;=?A-Z^-~]+>")
_LOCAL = r"(?:\"[^\"\\\x00-\x1f\x7f]*\"|[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+)"
_ADDRESS = re.compile(rf"{_LOCAL}@[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+")
_TO_STAFF = {LetterKind.STAFF_DIGEST, LetterKind.STAFF_ALARM}


def compose(
    rendered: RenderedLetter,
    *,
    kind: LetterKind,
    language: Language,
    to: str,
    mail_from: str,
    message_id: str,
    in_reply_to: str | None,
    references: Sequence[str],
    date: datetime,
    automatic: bool,
) -> bytes:
    """The letter as bytes, CRLF line ends, the same for the same input.

    Unusable Message-IDs in `in_reply_to` and `references` are left out. ValueError for an
    unusable address or own Message-ID, or a date without a time zone.
    """
    if date.utcoffset() is None:
        raise ValueError("a letter needs a date with a time zone")
    encoding, body = _encoded(rendered.text)
    languages = rendered.languages or (language,)
    headers = [
        ("Date", format_datetime(date)),
        ("From", _address(mail_from)),
        ("To", _address(to)),
        ("Subject", _subject(rendered.subject)),
        ("Message-ID", _own_message_id(message_id)),
        *_threading(in_reply_to, references),
        *_automatic(kind, automatic),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", encoding),
        ("Content-Language", ", ".join(languages)),
    ]
    lines = [f"{name}: {value}".encode() for name, value in headers]
    return CRLF.join([*lines, b"", body])


def acknowledgement_id(sha256: str, key: bytes, domain: str) -> str:
    """The Message-ID of the automatic letter to the inbound letter with this digest."""
    return _named("ack", sha256, key, domain)


def letter_id(seed: str, key: bytes, domain: str) -> str:
    """The Message-ID of a letter by staff or to staff; `seed` is unique to that letter."""
    return _named("let", seed, key, domain)


def is_own_id(message_id: str, domain: str) -> bool:
    """Whether a Message-ID has the form of ours; anybody can write one, see `verify_id`."""
    match = _OWN_ID.fullmatch(message_id)
    return match is not None and match[4].casefold() == domain.casefold()


def verify_id(message_id: str, keys: Iterable[bytes], domain: str) -> bool:
    """Whether one of our `keys` made this Message-ID; needs no database."""
    match = _OWN_ID.fullmatch(message_id)
    if match is None or match[4].casefold() != domain.casefold():
        return False
    prefix, name, proof = match[1], match[2], match[3]
    expected = [_proof(prefix, name, key) for key in keys]
    return any([hmac.compare_digest(proof, one) for one in expected])  # noqa: C419 - all are compared


def usable_id(message_id: str | None) -> str | None:
    """A Message-ID as it may be written into a header, in angle brackets, or None."""
    if message_id is None:
        return None
    stripped = message_id.strip()
    bracketed = stripped if stripped.startswith("<") else f"<{stripped}>"
    fits = len(bracketed) <= MAX_ID_LENGTH and _MESSAGE_ID.fullmatch(bracketed)
    return bracketed if fits else None


def _named(prefix: str, seed: str, key: bytes, domain: str) -> str:
    name = _digest(f"{prefix}:name:{seed}", key)[:_ID_DIGITS]
    return f"<{prefix}.{name}{_proof(prefix, name, key)}@{domain}>"


def _proof(prefix: str, name: str, key: bytes) -> str:
    return _digest(f"{prefix}:proof:{name}", key)[: 32 - _ID_DIGITS]


def _digest(text: str, key: bytes) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def _threading(in_reply_to: str | None, references: Sequence[str]) -> list[tuple[str, str]]:
    parent = usable_id(in_reply_to)
    old = [usable for one in references if (usable := usable_id(one)) and usable != parent]
    chain = list(dict.fromkeys(old))[-MAX_OLD_REFERENCES:] + ([parent] if parent else [])
    headers = [("In-Reply-To", parent)] if parent else []
    return headers + ([("References", "\r\n ".join(chain))] if chain else [])


def _automatic(kind: LetterKind, automatic: bool) -> list[tuple[str, str]]:
    if not automatic:
        return []
    # RFC 3834 section 5: a letter that answers none is "auto-generated".
    word = "auto-generated" if kind in _TO_STAFF else "auto-replied"
    return [("Auto-Submitted", word), ("X-Auto-Response-Suppress", "All")]


def usable_address(address: str) -> bool:
    """Whether an address can stand in a header and an envelope as it is."""
    return len(address) <= MAX_ADDRESS_LENGTH and _ADDRESS.fullmatch(address) is not None


def _address(address: str) -> str:
    if not usable_address(address):
        raise ValueError("the address cannot be written into a letter")
    return address


def _own_message_id(message_id: str) -> str:
    if usable_id(message_id) != message_id:
        raise ValueError("the Message-ID of the letter is malformed")
    return message_id


def _subject(subject: str) -> str:
    line = " ".join(subject.split())
    charset = "us-ascii" if line.isascii() and line.isprintable() else "utf-8"
    return Header(line, charset, maxlinelen=MAX_LINE_LENGTH, header_name="Subject").encode(
        linesep="\r\n"
    )


def _encoded(text: str) -> tuple[str, bytes]:
    plain = "\n".join(text.splitlines()).strip("\n") + "\n"
    wire = plain.replace("\n", "\r\n").encode()
    if len(plain.encode("ascii", "ignore")) >= MOSTLY_ASCII * len(plain):
        return "quoted-printable", _quoted_printable(plain)
    return "base64", base64.encodebytes(wire).replace(b"\n", CRLF)


def _quoted_printable(plain: str) -> bytes:
    return quopri.encodestring(plain.encode()).replace(b"\n", CRLF)
