"""Mutated letters over the reader, mutated server lines over the guard layer, for minutes.

`python -m tests.drill.fuzz --minutes 10`. Ends by itself, at most one letter after its time, and
says how far it is every half minute. A find is written beside the committed letters as
`found_*.eml` (exit code 1): mend the reader, give it an expectation, commit both.
"""

import asyncio
import hashlib
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from mailbot.frames import Manner
from mailbot.headers import OwnMail
from mailbot.letter import UNREAD
from mailbot.reader import Reader, ReadingFailed
from models.acts.mailbox import Stored
from models.shapes import Letter
from tests.authorities import service
from tests.containers import REQUEST
from tests.drill.guests import talk, visit
from tests.drill.mutation import LETTERS, Mutator

MEGABYTE = 1024 * 1024
MEMORY = 300 * MEGABYTE
OWN = OwnMail("info@netpro.ee", "info@netpro.ee", "mx.netpro.ee")
NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
READING_SECONDS, TALKING_SECONDS, VISITING_SECONDS = 4.0, 1.0, 1.0  # turn by turn
PROGRESS_SECONDS = 30.0
ENOUGH = 20  # finds; more say nothing new
CONSOLE = Console(width=130, soft_wrap=True)


@dataclass
class Fuzz:
    """What was tried and found so far. Times are the child's own processor seconds."""

    letter: Callable[[], bytes]
    lines: Mutator
    end: float
    began: float = field(default_factory=time.monotonic)
    letters: int = 0
    conversations: int = 0
    visits: int = 0
    slowest: float = 0.0
    slowest_letter: bytes = b""
    megabytes: float = 0.0
    accepted: int = 0  # containers whose signature holds: not all are spoiled where it counts
    finds: list[str] = field(default_factory=list)
    told: float = 0.0

    @property
    def is_over(self) -> bool:
        """The time is up, or enough was found."""
        return time.monotonic() >= self.end or len(self.finds) >= ENOUGH

    async def turn(self, seconds: float, one: Callable[[], Awaitable[None]]) -> None:
        """One thing again and again for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.is_over:
            await one()

    async def read(self, reader: Reader) -> None:
        """A letter through the child, with its limits of time and memory."""
        raw = self.letter()
        letter = Stored(1, 1, "INBOX", NOW, NOW, len(raw), "", raw, 0)
        before = _spent(reader)
        async for _, outcome in reader.readings([letter]):
            self.letters += 1
            if isinstance(outcome, ReadingFailed):
                self.found(str(outcome), raw)
            else:
                self._look(outcome.letter, raw)
        after = _spent(reader)
        if before and after and before.pid == after.pid:
            self.megabytes = max(self.megabytes, after.megabytes)
            if after.seconds - before.seconds > self.slowest:
                self.slowest, self.slowest_letter = after.seconds - before.seconds, raw

    def _look(self, letter: Letter, raw: bytes) -> None:
        if letter.flags == UNREAD:
            self.found("an exception escaped", raw)
        if letter.signature is not None and letter.signature.accepted:
            self.accepted += 1
            if letter.signed_texts != (REQUEST,):
                self.found("a changed container was accepted", raw)

    async def talk(self) -> None:
        """One conversation."""
        self.conversations += 1
        if wrong := await talk(self.lines):
            self.finds.append(wrong)

    async def visit(self) -> None:
        """One visit at a whole server."""
        self.visits += 1
        if wrong := await visit(self.lines):
            self.finds.append(wrong)

    def found(self, words: str, raw: bytes) -> None:
        """Keeps the letter."""
        path = LETTERS / f"found_{hashlib.sha256(raw).hexdigest()[:8]}.eml"
        path.write_bytes(raw)
        self.finds.append(f"{words}: {path.name}")

    def tell(self, *, last: bool = False) -> None:
        """How far it is, at most twice a minute."""
        now = time.monotonic()
        if now - self.told < PROGRESS_SECONDS and not last:
            return
        self.told = now
        CONSOLE.print(
            f"{now - self.began:.0f} s: {self.letters} letters, slowest {self.slowest:.2f} s"
            f" ({len(self.slowest_letter)} bytes), child at most {self.megabytes:.0f} MB,"
            f" {self.accepted} signatures hold;"
            f" {self.conversations} conversations, {self.visits} visits; finds: {len(self.finds)}",
            highlight=False,
        )


def manner() -> Manner:
    """How letters are read: the authority of the spoiled containers is trusted."""
    return Manner(OWN, False, 72, (service().root.der,), MEMORY)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a child has used up: processor seconds, and memory at its highest."""

    pid: int
    seconds: float
    megabytes: float


def _spent(reader: Reader) -> Spent | None:
    child = reader._child
    if child is None:
        return None
    place = Path(f"/proc/{child.pid}")
    try:
        ticks = place.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
        status = place.joinpath("status").read_text().splitlines()
    except OSError:
        return None
    peak = next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    return Spent(child.pid, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak / 1024)


async def fuzzed(minutes: float, seed: int) -> Fuzz:
    """Everything tried in so many minutes."""
    async with Reader(manner()) as reader:
        end = time.monotonic() + minutes * 60
        # two streams: which letters come does not hang on how fast the lines went
        fuzz = Fuzz(Mutator(seed).letter, Mutator(seed), end)
        while not fuzz.is_over:
            await fuzz.turn(READING_SECONDS, lambda: fuzz.read(reader))
            await fuzz.turn(TALKING_SECONDS, fuzz.talk)
            await fuzz.turn(VISITING_SECONDS, fuzz.visit)
            fuzz.tell()
    return fuzz


def main() -> int:
    """1 when something was found."""
    parser = ArgumentParser(prog="python -m tests.drill.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a file for the slowest letter")
    given = parser.parse_args()
    fuzz = asyncio.run(fuzzed(given.minutes, given.seed))
    fuzz.tell(last=True)
    for one in fuzz.finds:
        CONSOLE.print(one, markup=False, highlight=False)
    if given.keep is not None:
        given.keep.write_bytes(fuzz.slowest_letter)
    return int(bool(fuzz.finds))


if __name__ == "__main__":
    sys.exit(main())
