"""How soon fifty subscribers hear of a change: from the asking of the act to each one's event."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from statistics import median, quantiles
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.bench.contenders import Contender
from tests.bench.filling import reference

SUBSCRIBERS = 50
CHANGES = 30
PATIENCE = 20
_PROTOCOL = Subprotocol("graphql-transport-ws")
_LIVE = """subscription Live { requestChanged {
  entry { id kind summary } request { reference status version subject { displayName } } } }"""
_CASE = (
    "query Case($reference: String!) { requestByReference(reference: $reference) { id version }}"
)
_NOTE = """mutation Note($input: RequestNoteInput!) {
  requestNote(input: $input) { request { id version } userErrors { code message } } }"""


class Subscriber:
    """One socket; keeps when it heard of each version of the case."""

    def __init__(self, socket: ClientConnection, token: str) -> None:
        self._socket, self._token = socket, token
        self.heard: asyncio.Queue[float] = asyncio.Queue()

    async def begin(self) -> None:
        """Says who it is and subscribes."""
        await self._send(type="connection_init", payload={"token": self._token})
        await self._socket.recv()
        await self._send(id="1", type="subscribe", payload={"query": _LIVE})

    async def listen(self) -> None:
        """Until the socket ends."""
        async for message in self._socket:
            if json.loads(message)["type"] == "next":
                self.heard.put_nowait(time.perf_counter())

    async def _send(self, **message: Any) -> None:
        await self._socket.send(json.dumps(message))


class Writer:
    """Adds notes to one case by mutation."""

    def __init__(self, http: httpx.AsyncClient, api: Contender) -> None:
        self._http, self._url = http, f"http://127.0.0.1:{api.port}/graphql"
        self._headers = dict(api.headers)
        self._case: dict[str, Any] = {}

    async def find(self) -> None:
        """The case and its version."""
        found = await self._ask(_CASE, {"reference": reference(7)})
        self._case = found["requestByReference"]

    async def note(self, number: int) -> None:
        """One change."""
        given = {"requestId": self._case["id"], "version": self._case["version"]}
        found = await self._ask(_NOTE, {"input": {**given, "text": f"Change {number}."}})
        payload = found["requestNote"]
        if payload["userErrors"]:
            raise RuntimeError(str(payload["userErrors"]))
        self._case = payload["request"]

    async def _ask(self, query: str, variables: dict[str, Any]) -> Any:
        body = {"query": query, "variables": variables}
        response = await self._http.post(self._url, json=body, headers=self._headers)
        found = response.json()
        if "errors" in found:
            raise RuntimeError(response.text[:500])
        return found["data"]


async def delays(api: Contender) -> list[float]:
    """Milliseconds of every subscriber for every change."""
    token = api.headers["Authorization"].removeprefix("Bearer ")
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE))
        subscribers = []
        for _ in range(SUBSCRIBERS):
            socket = await stack.enter_async_context(
                connect(f"ws://127.0.0.1:{api.port}/graphql", subprotocols=[_PROTOCOL])
            )
            subscribers.append(Subscriber(socket, token))
            await subscribers[-1].begin()
        listening = [asyncio.create_task(one.listen()) for one in subscribers]
        try:
            return await _changes(Writer(http, api), subscribers)
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)


async def _changes(writer: Writer, subscribers: list[Subscriber]) -> list[float]:
    waits: list[float] = []
    await writer.find()
    for number in range(CHANGES + 1):
        began = time.perf_counter()
        await writer.note(number)
        async with asyncio.timeout(PATIENCE):
            heard = [await one.heard.get() for one in subscribers]
        if number:  # the first one only shows that all of them listen
            waits += [(at - began) * 1000 for at in heard]
    return waits


def spread(waits: list[float]) -> tuple[str, str, str]:
    """Median, p95, worst."""
    return f"{median(waits):.0f}", f"{quantiles(waits, n=20)[18]:.0f}", f"{max(waits):.0f}"
