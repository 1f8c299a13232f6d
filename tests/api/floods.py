"""What an attacker with a token, or without one, sends; and how a colleague fares meanwhile."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.api.desk import RESPONSE_JSON
from tests.api.live import Caller, stranger

QUESTION = "query Board { requests(first: 25) { nodes { reference status } } }"
PATIENCE = 30.0
IDLE = 500


class Colleague:
    """Asks the same question again and again, as a dashboard does."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._headers = port, {"Authorization": f"Bearer {token}"}
        self.waits: list[float] = []

    async def ask(self) -> None:
        """One question; its milliseconds are kept. Raises when there is no answer in time."""
        began = time.perf_counter()
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            url = f"http://127.0.0.1:{self._port}/graphql"
            response = await http.post(url, json={"query": QUESTION}, headers=self._headers)
        assert response.status_code == 200, response.text
        assert "errors" not in response.json()
        self.waits.append((time.perf_counter() - began) * 1000)


class Attacker:
    """One caller who means no good; every flood is one coroutine."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.statuses: list[int] = []

    async def send(self, query: str) -> None:
        """A document by POST."""
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            response = await http.post(
                f"http://127.0.0.1:{self._port}/graphql",
                json={"query": query},
                headers={"Authorization": f"Bearer {self._token}", "Accept": RESPONSE_JSON},
            )
        self.statuses.append(response.status_code)

    async def cost(self) -> None:
        """Pages of a hundred within pages of a hundred."""
        inner = "nodes { id }"
        for _ in range(2):
            inner = f"nodes {{ subject {{ requests(first: 100) {{ {inner} }} }} }}"
        await self.send(f"query Cost {{ requests(first: 100) {{ {inner} }} }}")

    async def depth(self) -> None:
        """Nested far beyond what a parser likes."""
        levels = 900
        await self.send("query Deep " + "{ duplicateOf " * levels + "{ id }" + " }" * levels)

    async def aliases(self) -> None:
        """Ten thousand names for one question."""
        many = " ".join(f"a{number}: __typename" for number in range(10_000))
        await self.send(f"query Aliases {{ {many} }}")

    async def body(self) -> None:
        """Five megabytes."""
        with contextlib.suppress(httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
            await self.send(f'query Body {{ node(id: "{"x" * 5_000_000}") {{ id }} }}')

    async def points(self) -> None:
        """As many dear questions as the bucket bears, and more."""
        inside = "nodes { subject { consents { events { id } } } }"
        page = f"query Points {{ requests(first: 100) {{ {inside} }} }}"
        for _ in range(20):
            await self.send(page)


@asynccontextmanager
async def idle_sockets(port: int) -> AsyncIterator[int]:
    """Connections that say nothing."""
    opened = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", port) for _ in range(IDLE))
    )
    try:
        yield len(opened)
    finally:
        for _, writer in opened:
            writer.close()


@asynccontextmanager
async def idle_websockets(port: int) -> AsyncIterator[int]:
    """WebSockets that never say who they are."""
    async with AsyncExitStack() as opened:
        for _ in range(IDLE):
            await opened.enter_async_context(stranger(f"ws://127.0.0.1:{port}/graphql"))
        yield IDLE


async def _listen_slowly(port: int, token: str) -> None:
    """Asks on a WebSocket for long answers, without end, and takes none."""
    taking = socket.socket()
    taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taking.setblocking(False)
    await asyncio.get_running_loop().sock_connect(taking, ("127.0.0.1", port))
    one = connect(
        f"ws://127.0.0.1:{port}/graphql",
        sock=taking,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        compression=None,
        max_queue=1,
        close_timeout=0,
    )
    async with one as ws:
        caller = Caller(ws)
        await caller.send(type="connection_init", payload={"token": token})
        try:
            while True:
                await caller.subscribe("x" * 100_000, "no document")
        finally:
            ws.transport.abort()


@asynccontextmanager
async def slow_listeners(port: int, token: str) -> AsyncIterator[int]:
    """WebSockets of one caller that take nothing of what they are told."""
    listening = [asyncio.create_task(_listen_slowly(port, token)) for _ in range(20)]
    try:
        yield len(listening)
    finally:
        for one in listening:
            one.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


@asynccontextmanager
async def slow_readers(port: int, token: str) -> AsyncIterator[int]:
    """Ask for much and take nothing."""
    body = orjson.dumps({"query": "query Slow { requests(first: 100) { nodes { id reference } } }"})
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    opened = []
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write((head + body) * 20)
        opened.append(writer)
    try:
        yield len(opened)
    finally:
        for writer in opened:
            writer.transport.abort()


FLOODS: dict[str, Callable[[Attacker], Coroutine[Any, Any, None]]] = {
    "cost attack": Attacker.cost,
    "900 levels": Attacker.depth,
    "10,000 aliases": Attacker.aliases,
    "5 MB body": Attacker.body,
    "20 dear questions": Attacker.points,
}
