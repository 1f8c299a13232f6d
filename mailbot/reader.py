"""Reading and judging letters in one long-lived child process with limits.

A letter that eats memory or time kills the child, never the bot: the child is replaced and
the letter counts a failed attempt. Time is the child's own processor time, so that a busy
machine makes no letter too slow; loading is not the first letter's. A child that cannot even
load is a fault of ours and counts against no letter. Frames on its pipes are a 4-byte length
and a pickle; both ends are this program. A letter's bytes follow their task, and attachments
their reading, in frames of their own: nothing big is ever copied into a pickle.
"""

import asyncio
import contextlib
import logging
import pickle
import signal
import sys
from collections.abc import AsyncGenerator, Sequence

from mailbot.frames import LENGTH, Manner, Task, with_contents
from models.acts.mailbox import Stored
from models.shapes import Reading

log = logging.getLogger(__name__)

PIECE = 1024 * 1024  # bytes written to the child at once
START_SECONDS = 300.0
PATIENCE = 6  # by the wall clock, a letter may take so many times its processor time
CHILD = "mailbot.reading_child"


class ReaderBroken(Exception):
    """The child does not start; one sentence."""


class ReadingFailed(Exception):
    """The child could not read one letter; the text is a short reason without content."""


class Reader:
    """`async with Reader(manner) as reader`; one user at a time. Raises ReaderBroken.

    `junk` are the folders that the mail server marks as junk, whatever they are called.
    """

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self.junk: frozenset[str] = frozenset()
        self._child: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Reader":
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def readings(
        self, letters: Sequence[Stored]
    ) -> AsyncGenerator[tuple[Stored, Reading | ReadingFailed], None]:
        """Each letter with its reading, in order; the child works ahead of the caller."""
        left = list(letters)
        while left:
            await self._start()  # the last letter of the batch before may have taken it down
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
                [fault] = await asyncio.gather(feeder, return_exceptions=True)
                if isinstance(fault, Exception) and not isinstance(fault, OSError):
                    raise fault
                if left and self._child is not None:
                    await self._stop()  # the caller left early: what is in the pipe is stale

    async def _feed(self, letters: Sequence[Stored]) -> None:
        for letter in letters:
            task = Task(
                raw=b"",
                folder=letter.folder,
                received_at=letter.received_at,
                seen_at=letter.seen_at,
                truncated=letter.size > len(letter.raw),
                in_junk=letter.folder in self.junk,
            )
            await self._send(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
            await self._send(letter.raw)

    async def _outcome(self) -> Reading | ReadingFailed:
        try:
            return await self._answer()
        except TimeoutError:
            await self._stop()
            return ReadingFailed("too_slow")
        except asyncio.IncompleteReadError:
            spent = await self._stop() == -signal.SIGPROF
            return ReadingFailed("too_slow" if spent else "reader_died")

    async def _answer(self) -> Reading | ReadingFailed:
        seconds = self._manner.seconds * PATIENCE
        outcome = pickle.loads(await self._frame(seconds))  # noqa: S301 - written by our own child
        if not isinstance(outcome, Reading):
            return ReadingFailed(str(outcome))
        contents = [await self._frame(seconds) for _ in outcome.letter.attachments]
        return with_contents(outcome, contents) if contents else outcome

    async def _frame(self, seconds: float) -> bytes:
        assert self._child is not None
        assert self._child.stdout is not None
        async with asyncio.timeout(seconds):
            head = await self._child.stdout.readexactly(LENGTH)
            return await self._child.stdout.readexactly(int.from_bytes(head, "big"))

    async def _send(self, body: bytes) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        pipe = self._child.stdin
        pipe.write(len(body).to_bytes(LENGTH, "big"))
        for start in range(0, len(body), PIECE):  # what is not yet taken is copied
            pipe.write(memoryview(body)[start : start + PIECE])
            await pipe.drain()

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
        try:
            await self._send(pickle.dumps(self._manner, pickle.HIGHEST_PROTOCOL))
            await self._frame(START_SECONDS)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            code = await self._stop()
            raise ReaderBroken(
                f"The program that reads letters does not start (exit code {code}): "
                "see what it said above; no letter was touched."
            ) from None

    async def _stop(self) -> int | None:
        """Ends the child; returns its exit code, negative for a signal."""
        child, self._child = self._child, None
        if child is None:
            return None
        ended = child.stdout is not None and child.stdout.at_eof()
        with contextlib.suppress(ProcessLookupError):
            if not ended:
                child.kill()
        return await child.wait()
