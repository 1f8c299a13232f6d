"""Figures kept for a second: a dashboard on many screens is counted once.

They say themselves of which moment they are. What this process changes is seen at once,
what others change within that second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Any

KEPT_SECONDS = 1.0
KEPT_MAX = 100


class Recent:
    """Answers by what was asked; one is read at a time, the others wait for it."""

    def __init__(
        self, seconds: float = KEPT_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._kept: dict[Hashable, tuple[float, Any]] = {}
        self._reading = asyncio.Lock()

    async def of(
        self,
        asked: Hashable,
        read: Callable[[], Awaitable[Any]],
        ready: Callable[[], Awaitable[Any]] | None = None,
    ) -> Any:
        """The answer, at most a second old. Raises what `read` raises, and keeps nothing then.

        `ready` gets what reading needs, before one may be the one who reads: others wait for
        that one with their own connections in hand.
        """
        kept = self._kept.get(asked)
        if kept is not None and self._clock() < kept[0]:
            return kept[1]
        if ready is not None:
            await ready()
        async with self._reading:
            return await self._read(asked, read)

    async def _read(self, asked: Hashable, read: Callable[[], Awaitable[Any]]) -> Any:
        until, found = self._kept.get(asked, (0.0, None))
        if self._clock() < until:
            return found
        kept = self._kept
        found = await read()
        if len(kept) >= KEPT_MAX:
            kept.clear()
        kept[asked] = (self._clock() + self._seconds, found)
        return found

    def forget(self) -> None:
        """Something was changed; what is being read now is not kept either."""
        self._kept = {}
