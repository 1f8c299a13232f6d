"""The application on a real socket, in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    """A listening server."""

    server: uvicorn.Server
    port: int

    def url(self, scheme: str = "http") -> str:
        """Where GraphQL is."""
        return f"{scheme}://127.0.0.1:{self.port}/graphql"

    def cut(self) -> int:
        """Ends every connection without a word, as a broken line does; returns how many."""
        open_ones = list(self.server.server_state.connections)
        for one in open_ones:
            one.transport.abort()
        return len(open_ones)


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[Served]:
    """Until the end of the test; the application's lifespan runs elsewhere."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="websockets-sansio")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield Served(server, listener.getsockname()[1])
        server.should_exit = True
        await running
