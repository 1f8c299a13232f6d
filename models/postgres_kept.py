"""Connections that stay out of the pool between single statements.

To give one back after each statement and take it again costs a twentieth of a question.
One whose statement failed goes back to the pool at once; one that lay idle for long, and may be
dead, is closed when it is asked for again.
"""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

from asyncpg import InterfaceError

KEPT_MAX = 3
IDLE_SECONDS = 60.0


class Kept:
    """A few of a pool's connections; `most` leaves it enough for transactions."""

    def __init__(self, most: int) -> None:
        self._free: list[tuple[Any, float]] = []
        self._places = most
        self._is_closing = False

    async def fetch(self, pool: Any, sql: str, values: Sequence[Any]) -> list[Any]:
        """The records of one statement outside any transaction."""
        server = await self._taken(pool)
        if server is None:
            records: list[Any] = await pool.fetch(sql, *values)
            return records
        try:
            records = await server.fetch(sql, *values)
        except BaseException:
            await self._given_back(pool, server)
            raise
        if self._is_closing:
            await self._given_back(pool, server)
        else:
            self._free.append((server, time.monotonic()))
        return records

    async def close(self, pool: Any) -> None:
        """All go back: those at hand now, those at work when their statement ends."""
        self._is_closing = True
        while self._free:
            await self._given_back(pool, self._free.pop()[0])

    async def _taken(self, pool: Any) -> Any:
        while self._free:
            server, since = self._free.pop()
            with contextlib.suppress(InterfaceError):  # closed, and back in the pool already
                if not server.is_closed() and time.monotonic() - since < IDLE_SECONDS:
                    return server
                server.terminate()
            await self._given_back(pool, server)
        if self._is_closing or not self._places:
            return None
        self._places -= 1
        try:
            return await pool.acquire()
        except BaseException:
            self._places += 1
            raise

    async def _given_back(self, pool: Any, server: Any) -> None:
        self._places += 1
        await pool.release(server)
