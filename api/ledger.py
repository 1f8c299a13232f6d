"""Follows the timeline by id, so that any number of processes need no broker.

PostgreSQL: LISTEN on a connection of our own, with a slow poll behind it; SQLite: a poll.
Both only say "look again": subscribers read from the last line they sent, so a lost
notice delays a line and never drops it. Lines commit in the order of their ids.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from models.acts.work import CHANNEL
from models.database import connection, is_postgres, rows

POLL_SQLITE = 0.1
POLL_POSTGRES = 0.2
RECONNECT = 1.0

log = logging.getLogger("api")


class Ledger:
    """Tells waiting subscribers when the timeline has grown; `run` must be running."""

    def __init__(self) -> None:
        self._grown = asyncio.Condition()
        self._hint = asyncio.Event()
        self._wanted = asyncio.Event()
        self._waiting = 0
        self.last = 0

    async def newest(self) -> int:
        """Id of the newest line, 0 when there is none."""
        found = await rows("SELECT max(id) AS last FROM timeline_entry")
        return found[0]["last"] or 0

    async def beyond(self, last: int) -> int:
        """Waits until the timeline has lines after `last`; returns the newest id known."""
        self._waiting += 1
        self._wanted.set()
        try:
            async with self._grown:
                await self._grown.wait_for(lambda: self.last > last)
            return self.last
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._wanted.clear()

    async def run(self) -> None:
        """Looks until cancelled, but only while somebody waits."""
        listening = asyncio.create_task(self._listen()) if is_postgres() else None
        try:
            while True:
                await self._wanted.wait()
                await self._look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_POSTGRES if listening else POLL_SQLITE):
                        await self._hint.wait()
                self._hint.clear()
        finally:
            if listening:
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening

    async def _look(self) -> None:
        try:
            newest = await self.newest()
        except Exception as problem:  # the database may come back: keep looking
            log.warning("timeline not readable: %s", type(problem).__name__)
            await asyncio.sleep(RECONNECT)
            return
        if newest != self.last:
            async with self._grown:
                self.last = newest
                self._grown.notify_all()

    async def _listen(self) -> None:
        while True:
            try:
                async with _own_connection() as listener:
                    await self._hear(listener)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
                log.warning("no notices from the database: %s", type(problem).__name__)
            await asyncio.sleep(RECONNECT)

    async def _hear(self, listener: Any) -> None:
        """Until the connection ends."""
        gone = asyncio.Event()
        listener.add_termination_listener(lambda *_: gone.set())
        await listener.add_listener(CHANNEL, lambda *_: self._hint.set())
        self._hint.set()  # what was told before we listened
        await gone.wait()


@contextlib.asynccontextmanager
async def _own_connection() -> AsyncIterator[Any]:
    """A pool connection would lose its LISTEN when it goes back."""
    pool: Any = connection()
    listener = await asyncpg.connect(
        host=pool.host,
        port=pool.port,
        user=pool.user,
        password=pool.password,
        database=pool.database,
    )
    try:
        yield listener
    finally:
        listener.terminate()
