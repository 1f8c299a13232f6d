"""Mutated letters over the reader, mutated server lines over the guard layer, for minutes.

`python -m tests.drill.fuzz --minutes 10`. A find is written beside the committed letters as
`found_*.eml` (exit code 1): mend the reader, give it an expectation, commit both.
"""

import asyncio
import hashlib
import random
import resource
import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from mailbot.headers import OwnMail
from mailbot.letter import UNREAD
from mailbot.reader import Manner, Reader, ReadingFailed
from models.acts.mailbox import Stored
from tests.mailbot.test_imap_protocol import COMMANDS, conversation

LETTERS = Path(__file__).parent.parent / "letters"
MEMORY = 300 * 1024 * 1024
MANNER = Manner(OwnMail("info@netpro.ee", "info@netpro.ee", "mx.netpro.ee"), False, 72, (), MEMORY)
NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
BATCH = 50
CONSOLE = Console(width=130)
SPANNERS = (
    b"\r\n", b"\n\n", b"\0", b'"', b"(", b"<", b">", b";", b"=?utf-8?b?", b"?=", b"--", b"=\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"charset=x-none", b"<div>" * 500, b"> " * 200, b"\xd0" * 100, b"&#x110000;", b"name*0*=''%",
)  # fmt: skip
LINES = (
    b'* 1 FETCH (UID 1 RFC822.SIZE 30 INTERNALDATE "05-Mar-2026 10:00:00 +0200")\r\n{tag} OK\r\n',
    b"* 1 FETCH (UID 1 BODY[] {9}\r\nSubject: )\r\n* SEARCH 1 2 3\r\n{tag} OK done\r\n",
    b'* LIST (\\HasNoChildren) "/" "R&AOQ-mpspost"\r\n* 2 EXISTS\r\n{tag} OK done\r\n',
    b"+ idling\r\n* 3 EXISTS\r\n* BYE\r\n{tag} NO [SERVERBUG] x\r\n",
)


@dataclass
class Fuzz:
    """What was tried and found so far."""

    pick: random.Random
    letters: int = 0
    conversations: int = 0
    slowest: float = 0.0
    finds: list[str] = field(default_factory=list)

    def mutated(self, pool: list[bytes]) -> bytes:
        """One of the pool with one to eight changes: cut, doubled, spliced, spoiled."""
        raw = self.pick.choice(pool)
        for _ in range(self.pick.randint(1, 8)):
            at, end = sorted(self.pick.randrange(len(raw) + 1) for _ in range(2))
            kind = self.pick.randrange(5)
            other = self.pick.choice(pool)
            middle = {
                0: b"",
                1: raw[at:end] * 2,
                2: other[at:end],
                3: self.pick.choice(SPANNERS),
                4: bytes(self.pick.randrange(256) for _ in range(min(8, end - at))),
            }[kind]
            raw = raw[:at] + middle + raw[end if kind != 3 else at :]
        return raw[:2_000_000]

    async def read(self, reader: Reader, pool: list[bytes]) -> None:
        """A batch of letters through the child, with its limits of time and memory."""
        raws = [self.mutated(pool) for _ in range(BATCH)]
        batch = [Stored(n, n, "INBOX", NOW, NOW, len(r), "", r, 0) for n, r in enumerate(raws)]
        began = time.monotonic()
        async for stored, outcome in reader.readings(batch):
            self.slowest = max(self.slowest, time.monotonic() - began)
            began = time.monotonic()
            self.letters += 1
            if isinstance(outcome, ReadingFailed):
                self.found(str(outcome), stored.raw)
            elif outcome.letter.flags == UNREAD:
                self.found("an exception escaped", stored.raw)

    async def talk(self) -> None:
        """A batch of conversations with a server that says anything."""
        for _ in range(BATCH):
            data = self.mutated(list(LINES))
            cuts = [self.pick.randrange(10_000) for _ in range(self.pick.randrange(6))]
            self.conversations += 1
            try:
                await conversation(data, cuts, self.pick.randrange(len(COMMANDS)))
            except Exception as problem:
                self.finds.append(f"{type(problem).__name__} over {data[:300]!r}")

    def found(self, words: str, raw: bytes) -> None:
        """Keeps the letter."""
        path = LETTERS / f"found_{hashlib.sha256(raw).hexdigest()[:8]}.eml"
        path.write_bytes(raw)
        self.finds.append(f"{words}: {path.name}")


async def main(minutes: float, seed: int) -> int:
    """1 when something was found."""
    pool = [path.read_bytes() for path in sorted(LETTERS.glob("*.eml"))]
    fuzz, end = Fuzz(random.Random(seed)), time.monotonic() + minutes * 60
    async with Reader(MANNER) as reader:
        while time.monotonic() < end:
            await fuzz.read(reader, pool)
            await fuzz.talk()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    CONSOLE.print(f"{fuzz.letters} letters, slowest {fuzz.slowest:.2f} s, child at most {most} MB")
    CONSOLE.print(f"{fuzz.conversations} conversations; finds: {len(fuzz.finds)}")
    for one in fuzz.finds:
        CONSOLE.print(one)
    return int(bool(fuzz.finds))


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.drill.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.minutes, given.seed)))
