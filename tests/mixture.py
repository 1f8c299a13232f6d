"""A mix of letters from a committed seed: 40 % requests, 20 % withdrawals, 40 % other.

Bodies are the demo's sample letters; each copy has a sender, an id and a sentence of its
own, and the header our own server would have added.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from mailbot.demo.samples import SampleLetter, letters

SEED = 20260305
AUTHSERV_ID = "mx.netpro.ee"
SHARES = (("request", 0.4), ("withdrawal", 0.2), ("other", 0.4))
REPLACED = (b"from:", b"message-id:", b"authentication-results:", b"received:", b"return-path:")


@dataclass(frozen=True, slots=True)
class Mixed:
    """One letter of the mix; `sender` is unique to it."""

    raw: bytes
    sender: str
    kind: str


def mixture(count: int, seed: int = SEED, start: int = 0) -> list[Mixed]:
    """`count` letters, the same for the same seed; `start` numbers the first."""
    pick = random.Random(seed)
    pools = _pools()
    names = [name for name, _ in SHARES]
    weights = [share for _, share in SHARES]
    return [
        _copy(pick.choice(pools[kind]), kind, start + number)
        for number, kind in enumerate(pick.choices(names, weights, k=count))
    ]


def plain_request(number: int) -> Mixed:
    """A short erasure request of a proven sender, sure to be acknowledged."""
    sender = f"writer{number}@d{number}.example"
    raw = (
        f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=d{number}.example\r\n"
        f"From: {sender}\r\nMessage-ID: <plain.{number}@d{number}.example>\r\n"
        "Subject: Palve\r\n\r\nPalun kustutage minu konto ja koik minu andmed.\r\n"
    )
    return Mixed(raw.encode(), sender, "request")


def _pools() -> dict[str, list[SampleLetter]]:
    pools: dict[str, list[SampleLetter]] = {"request": [], "withdrawal": [], "other": []}
    for sample in letters():
        if sample.decision == "ignore":
            pools["other"].append(sample)
        elif sample.labels == ("consent_withdrawal",):
            pools["withdrawal"].append(sample)
        elif sample.decision == "register":
            pools["request"].append(sample)
    return pools


def _copy(sample: SampleLetter, kind: str, number: int) -> Mixed:
    head, gap, body = sample.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    sender = f"writer{number}@d{number}.example"
    kept = _without(head)
    own = [
        b"Return-Path: <" + sender.encode() + b">",
        f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=d{number}.example".encode(),
        b"From: " + sender.encode(),
        f"Message-ID: <mix.{number}@d{number}.example>".encode(),
    ]
    if b"date:" not in kept.lower():
        own.append(b"Date: " + format_datetime(datetime.now(UTC)).encode())
    raw = b"\n".join([*own, kept]) + gap + body
    return Mixed(raw.replace(b"\n", b"\r\n"), sender, kind)


def _without(head: bytes) -> bytes:
    lines: list[bytes] = []
    dropping = False
    for line in head.split(b"\n"):
        if not line[:1].isspace():
            dropping = line.lower().startswith(REPLACED)
        if not dropping:
            lines.append(line)
    return b"\n".join(lines)
