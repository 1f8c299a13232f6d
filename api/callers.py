"""Callers known for a few seconds, so that not every question asks the register who it is.

A token that ends elsewhere ends here within that time; what this process ends itself ends
at once, when it calls `forget`.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from api.access import Viewer, viewer_by_digest
from models.acts.access import token_digest

KNOWN_SECONDS = 5.0
KNOWN_MAX = 1000


class Callers:
    """Viewers by the digest of their token; unknown tokens are never kept."""

    def __init__(
        self, seconds: float = KNOWN_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._known: OrderedDict[str, tuple[float, Viewer]] = OrderedDict()

    async def of(self, token: str) -> Viewer | None:
        """The caller behind a bearer token, or None."""
        digest = token_digest(token)
        until, viewer = self._known.get(digest, (0.0, None))
        if viewer is not None and self._clock() < until:
            return viewer
        self._known.pop(digest, None)
        found = await viewer_by_digest(digest)
        if found is not None:
            self._known[digest] = (self._clock() + self._seconds, found)
            if len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Tokens or people have changed."""
        self._known.clear()
