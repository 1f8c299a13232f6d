"""How many connections and subscriptions stand open at once: one caller's, and everybody's.

Places are one process's: with several processes a caller has as many in each.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

SOON = "Try again in a minute."


class NoPlace(Exception):
    """All places are taken; the message says whose, and what to do."""


class Places:
    """Places of one kind; `what` names them in a sentence."""

    def __init__(self, what: str, in_all: int, each: int) -> None:
        self._what, self._in_all, self._each = what, in_all, each
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many are taken now."""
        return self._taken.total()

    @contextmanager
    def one(self, caller: str) -> Iterator[None]:
        """A place for as long as the block runs. NoPlace when there is none."""
        if self._taken[caller] >= self._each:
            raise NoPlace(f"You have {self._each} {self._what} open, the most there may be.")
        if self.taken >= self._in_all:
            raise NoPlace(f"{self._in_all} {self._what} are open, the most there may be. {SOON}")
        self._taken[caller] += 1
        try:
            yield
        finally:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]


class TooSlow(Exception):
    """A connection did not say in time who it is."""


class Strangers:
    """Connections that have yet to say who they are.

    Each has a short time, and they have few places: when all are taken, whoever has waited
    longest goes, so that silent ones shut out nobody who speaks at once.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._waiting: dict[asyncio.Timeout, None] = {}

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[Callable[[], None]]:
        """TooSlow ends the block unless what it is given is called in time."""
        if len(self._waiting) >= self._most:
            longest = next(iter(self._waiting))
            del self._waiting[longest]
            longest.reschedule(asyncio.get_running_loop().time())
        patience = asyncio.timeout(self._seconds)

        def known() -> None:
            self._waiting.pop(patience, None)
            if not patience.expired():
                patience.reschedule(None)

        try:
            async with patience:
                self._waiting[patience] = None
                try:
                    yield known
                finally:
                    self._waiting.pop(patience, None)
        except TimeoutError:
            if patience.expired():
                raise TooSlow from None
            raise
