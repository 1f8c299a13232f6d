"""HTTP answers whose head and body leave together.

uvicorn writes them apart: two ways into the kernel, two packets, and a caller woken twice
for every answer.
"""

from asyncio import AbstractEventLoop, BaseTransport, Transport
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol over a transport that joins each write with the one after it."""

    def connection_made(self, transport: BaseTransport) -> None:
        """As ever, with the writes joined."""
        joined = Joined(cast("Transport", transport), self.loop)
        super().connection_made(cast("Transport", joined))


class Joined:
    """Holds a write until the next one, at most to the end of this turn of the loop.

    All else that is asked of the transport comes after what was written before.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """The first of two waits; both leave as one."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self._flush)
        else:
            self._held += data
            self._flush()

    def _flush(self) -> None:
        data, self._held = self._held, None
        # a caller may have hung up since: uvloop raises then
        if data is not None and not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        self._flush()
        return getattr(self._transport, name)
