"""The sample letters and clients, each letter with what the desk ought to make of it."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from mailbot.demo.container import MEDIA_TYPE, signed_container
from mailbot.demo.mailboxes import with_crlf
from models.vocabulary import Answer, AskedPurpose, Decision, Language, RequestType

__all__ = ["SampleLetter", "clients_path", "letters", "letters_folder"]

LETTERS = Path(__file__).parent / "letters"
CLIENTS = Path(__file__).parent / "clients.jsonl"
CONTAINER_LETTER = "et-erasure-signed-container.eml"
FIRST = (
    "et-erasure-elderly",
    "en-information-copy-full-request",
    "ru-withdrawal-newsletter",
    "et-other-invoice",
    "et-several-rights",
    "en-other-bounce",
    "ru-rectification-phone",
    "en-erasure-forged-results",
)
BOUNDARY = b"container-in-this-letter"
STATEMENT = """Avaldus Netpro OÜ-le

Palun kustutada kõik minu isikuandmed, mida Netpro OÜ minu kohta töötleb.
Olen Teie endine klient, leping lõppes 2025. aasta suvel.

Urmas Hein
isikukood 37203159901
"""


def clients_path() -> Path:
    """The sample clients, one JSON object a line, as `python -m models import` takes them."""
    return CLIENTS


def letters_folder() -> Path:
    """The folder of the sample letters as .eml files."""
    return LETTERS


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """One letter as it leaves its writer, and what ought to come of it.

    `sender` is the envelope sender ("" for a delivery report). `answer` is what the table
    of signals says once the demo server has delivered it; an ignored letter gets none.
    """

    name: str
    raw: bytes = field(repr=False)
    sender: str
    language: Language
    labels: tuple[RequestType, ...]
    purposes: tuple[AskedPurpose, ...]
    decision: Decision
    answer: Answer
    possible_breach: bool
    urgent: bool
    note: str


@cache
def letters() -> tuple[SampleLetter, ...]:
    """Every sample letter, requests and ordinary mail of all languages by turns."""
    rows = (LETTERS / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return _mixed([_sample(json.loads(row)) for row in rows])


def _mixed(found: list[SampleLetter]) -> tuple[SampleLetter, ...]:
    """A telling beginning, then one of each language, requests and ordinary mail, by turns."""
    piles: dict[tuple[Language, bool], list[SampleLetter]] = {}
    for letter in found:
        piles.setdefault((letter.language, bool(letter.labels)), []).append(letter)
    places = {
        letter.name: (index + 1) / len(pile)
        for pile in piles.values()
        for index, letter in enumerate(pile)
    }
    places |= {name: index - len(FIRST) for index, name in enumerate(FIRST)}
    return tuple(sorted(found, key=lambda letter: places[letter.name]))


def _sample(row: dict[str, Any]) -> SampleLetter:
    path = LETTERS / row["file"]
    raw = with_crlf(path.read_bytes())
    if path.name == CONTAINER_LETTER:
        raw = _with_container(raw)
    return SampleLetter(
        name=path.stem,
        raw=raw,
        sender=_envelope_sender(raw),
        language=Language(row["language"]),
        labels=tuple(RequestType(label) for label in row["labels"]),
        purposes=tuple(AskedPurpose(purpose) for purpose in row["purposes"]),
        decision=Decision(row["decision"]),
        answer=Answer(row["answer"]),
        possible_breach=row["possible_breach"],
        urgent=row["urgent"],
        note=row["note"],
    )


def _envelope_sender(raw: bytes) -> str:
    headers = message_from_bytes(raw)
    path = headers["Return-Path"]
    if path is not None:
        return str(path).strip().strip("<>")
    return parseaddr(str(headers["From"]))[1]


def _with_container(raw: bytes) -> bytes:
    """The letter as multipart/mixed with the signed container built now."""
    head, _, body = raw.partition(b"\r\n\r\n")
    kept, _, kind = head.partition(b"\r\nContent-Type: ")
    signed_at = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    container = signed_container(
        "avaldus.txt", STATEMENT, "HEIN", "URMAS", "37203159901", signed_at
    )
    parts = (
        b"Content-Type: " + kind + b"\r\n\r\n" + body,
        b"Content-Type: " + MEDIA_TYPE.encode() + b"\r\n"
        b'Content-Disposition: attachment; filename="avaldus.asice"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + with_crlf(base64.encodebytes(container)),
    )
    opening = b"--" + BOUNDARY + b"\r\n"
    return (
        kept
        + b'\r\nContent-Type: multipart/mixed; boundary="'
        + BOUNDARY
        + b'"\r\n\r\n'
        + opening
        + (b"\r\n" + opening).join(parts)
        + b"\r\n--"
        + BOUNDARY
        + b"--\r\n"
    )
