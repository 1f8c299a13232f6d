"""Callers known for a few seconds, so that not every question asks the register who it is.

A token that ends elsewhere ends here within that time; what this process ends itself ends
at once, when it calls `forget`. When a token was last used is written now and then, aside.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from api.access import Viewer, viewer_by_digest
from models.acts.access import note_uses, token_digest

KNOWN_SECONDS = 5.0
KNOWN_MAX = 1000
NOTED_SECONDS = 30.0

log = logging.getLogger("api")


class Callers:
    """Viewers by the digest of their token; unknown tokens are never kept."""

    def __init__(
        self, seconds: float = KNOWN_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._known: OrderedDict[str, tuple[float, Viewer]] = OrderedDict()
        self._used: dict[str, datetime] = {}

    async def of(self, token: str) -> Viewer | None:
        """The caller behind a bearer token, or None."""
        digest = token_digest(token)
        until, viewer = self._known.get(digest, (0.0, None))
        if viewer is not None and self._clock() < until:
            return viewer
        self._known.pop(digest, None)
        found = await viewer_by_digest(digest)
        if found is not None:
            self._used[digest] = datetime.now(UTC)
            self._known[digest] = (self._clock() + self._seconds, found)
            if len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Tokens or people have changed."""
        self._known.clear()

    async def run(self) -> None:
        """Writes when tokens were last used, until cancelled; then what is left."""
        try:
            while True:
                await asyncio.sleep(NOTED_SECONDS)
                await self.note()
        finally:
            await self.note()

    async def note(self) -> None:
        """Writes the uses seen since the last time; a database that is away is tried again."""
        used, self._used = self._used, {}
        try:
            await note_uses(used)
        except Exception as problem:  # who may come in does not hang on it
            self._used = {**used, **self._used}
            log.warning("the use of tokens is not written yet (%s)", type(problem).__name__)
