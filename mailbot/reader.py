"""Reading and judging letters in one long-lived child process with limits.

A letter that eats memory or time kills the child, never the bot: the child is replaced and
the letter counts a failed attempt. Frames on its pipes are a 4-byte length and a pickle;
both ends are this program.
"""

import asyncio
import contextlib
import logging
import pickle
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.headers import OwnMail
from models.acts.mailbox import Stored
from models.shapes import Reading

log = logging.getLogger(__name__)

MEMORY = 400 * 1024 * 1024  # bytes the child may grow by once everything is loaded
LENGTH = 4
CHILD = "mailbot.reading_child"


class ReadingFailed(Exception):
    """The child could not read one letter; the text is a short reason without content."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the child needs for one letter."""

    raw: bytes
    folder: str
    received_at: datetime
    seen_at: datetime
    truncated: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """How the child reads: told once, at its start. `anchors` are certificates in DER."""

    own: OwnMail
    acknowledge_unauthenticated: bool
    late_hours: int
    anchors: tuple[bytes, ...] = ()
    memory: int = MEMORY


class Reader:
    """`async with Reader(manner, seconds) as reader`; one user at a time."""

    def __init__(self, manner: Manner, seconds: float) -> None:
        self._manner = manner
        self._seconds = seconds
        self._child: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Reader":
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def readings(
        self, letters: Sequence[Stored]
    ) -> AsyncIterator[tuple[Stored, Reading | ReadingFailed]]:
        """Each letter with its reading, in order; the child works ahead of the caller."""
        left = list(letters)
        while left:
            await self._start()  # the last letter of the call before may have ended the child
            feeder = asyncio.create_task(self._feed(list(left)))
            try:
                while left:
                    letter, outcome = left[0], await self._outcome()
                    left.pop(0)
                    yield letter, outcome
                    if self._child is None:
                        break  # the next letters went down with the child: ask again
            finally:
                feeder.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await feeder
                if left and self._child is not None:
                    await self._stop()  # the caller left early: what is in the pipe is stale

    async def _feed(self, letters: Sequence[Stored]) -> None:
        for letter in letters:
            task = Task(
                raw=letter.raw,
                folder=letter.folder,
                received_at=letter.received_at,
                seen_at=letter.seen_at,
                truncated=letter.size > len(letter.raw),
            )
            await self._send(task)

    async def _outcome(self) -> Reading | ReadingFailed:
        assert self._child is not None
        assert self._child.stdout is not None
        try:
            async with asyncio.timeout(self._seconds):
                head = await self._child.stdout.readexactly(LENGTH)
                body = await self._child.stdout.readexactly(int.from_bytes(head, "big"))
        except TimeoutError:
            await self._stop()
            return ReadingFailed("too_slow")
        except asyncio.IncompleteReadError:
            await self._stop()
            return ReadingFailed("reader_died")
        outcome = pickle.loads(body)  # noqa: S301 - written by our own child
        return outcome if isinstance(outcome, Reading) else ReadingFailed(str(outcome))

    async def _send(self, value: object) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._child.stdin.write(len(body).to_bytes(LENGTH, "big") + body)
        await self._child.stdin.drain()

    async def _start(self) -> None:
        if self._child is not None:
            return
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the bot; it ends the child itself
        )
        await self._send(self._manner)

    async def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
