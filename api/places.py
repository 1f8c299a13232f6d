"""How many connections and subscriptions stand open at once: one caller's, and everybody's.

Places are one process's: with several processes a caller has as many in each.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

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
