"""How much one caller may ask for: a bucket of points each, full at first, filled evenly.

Buckets are one process's: with several processes a caller has as many.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(slots=True)
class _Level:
    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still ask; `wait` seconds until this question may be asked."""

    limit: int
    remaining: int
    full_in: int
    wait: int = 0


class Buckets:
    """A bucket of points for each caller, full at first, filled evenly; one process's view."""

    CALLERS_MAX = 10_000

    def __init__(self, per_minute: int) -> None:
        self._size = per_minute
        self._levels: OrderedDict[str, _Level] = OrderedDict()

    def take(self, caller: str, points: int, now: float) -> Allowance:
        """Takes the points, or says how long to wait; `now` is a monotonic clock's."""
        level = self._levels.pop(caller, None) or _Level(self._size, now)
        self._levels[caller] = level
        if len(self._levels) > self.CALLERS_MAX:
            self._levels.popitem(last=False)
        rate = self._size / 60
        level.left = min(self._size, level.left + (now - level.at) * rate)
        level.at = now
        missing = min(points, self._size) - level.left
        if missing > 0:
            return self._allowance(level, math.ceil(missing / rate))
        level.left -= points
        return self._allowance(level)

    def _allowance(self, level: _Level, wait: int = 0) -> Allowance:
        """As callers are told; a dear question may have taken more than there was."""
        full_in = math.ceil((self._size - level.left) * 60 / self._size)
        return Allowance(self._size, max(0, int(level.left)), full_in, wait)
