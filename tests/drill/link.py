"""A wire between the bot and a mail server that can be cut, hushed and cluttered.

Whatever is broken, both servers behind it are real.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PIECE = 65_536


@dataclass
class Link:
    """Bytes both ways between whoever connects to `port` and `target` on loopback.

    `cut_after`: bytes of answer after which the next connections end without goodbye, used up
    one a connection. `silent`: nothing passes and nothing is closed (no FIN). `stall`: longest
    pause before each piece, seconds. `clutter`: lines put in front of each answer.
    """

    target: int
    port: int = 0
    cut_after: list[int] = field(default_factory=list)
    silent: bool = False
    stall: float = 0.0
    clutter: bytes = b""
    farewell: bytes = b""
    connections: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(4))
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until either side leaves."""
        self.connections += 1
        left = self.cut_after.pop(0) if self.cut_after else None
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        ways = [
            asyncio.create_task(self._up(reader, far_writer, writer)),
            asyncio.create_task(self._down(far_reader, writer, left)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for one in (writer, far_writer):
                self._writers.discard(one)
                one.transport.abort()

    async def _up(
        self, reader: asyncio.StreamReader, far: asyncio.StreamWriter, near: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(PIECE):
            await self._pause()
            if self.farewell and b"IDLE\r\n" in data:
                near.write(self.farewell)
                self.farewell = b""
                return
            if self.clutter and b" UID FETCH " in data.upper():
                near.write(self.clutter)  # the server is silent now: no literal is torn
            far.write(data)
            await far.drain()

    async def _down(
        self, far: asyncio.StreamReader, near: asyncio.StreamWriter, left: int | None
    ) -> None:
        while data := await far.read(PIECE):
            await self._pause()
            if left is not None:
                data, left = data[:left], left - len(data)
            near.write(data)
            await near.drain()
            if left is not None and left <= 0:
                return

    async def _pause(self) -> None:
        while self.silent:  # noqa: ASYNC110 - a switch is simpler to turn than an event
            await asyncio.sleep(0.05)
        if self.stall:
            await asyncio.sleep(self._random.uniform(0, self.stall))

    def cut(self) -> None:
        """Every connection ends now, without goodbye."""
        for writer in list(self._writers):
            writer.transport.abort()

    def heal(self) -> None:
        """As if nothing had been; connections that were hushed are cut."""
        self.silent, self.stall, self.clutter, self.farewell = False, 0.0, b"", b""
        self.cut_after.clear()
        self.cut()


@asynccontextmanager
async def linked(target: int) -> AsyncIterator[Link]:
    """A link of one's own, gone afterwards."""
    link = Link(target)
    server = await asyncio.start_server(link.serve, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        link.heal()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await server.wait_closed()
