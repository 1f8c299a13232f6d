"""A client of graphql-transport-ws for tests."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.api.desk import Door

CHANGES = """
subscription Changes($request: ID, $after: ID) {
  requestChanged(requestId: $request, afterEntry: $after) {
    entry { id kind summary detail actor { label } }
    request { reference version subject { displayName } } } }
"""
PATIENCE = 10


class Caller:
    """One client of graphql-transport-ws."""

    def __init__(self, ws: ClientConnection) -> None:
        self._ws = ws

    async def send(self, **message: Any) -> None:
        """One message."""
        await self._ws.send(json.dumps(message))

    async def next(self) -> Any:
        """The next message that is no ping."""
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self._ws.recv())

    async def subscribe(self, key: str = "1", query: str = CHANGES, **variables: Any) -> None:
        """Begins an operation."""
        payload = {"query": query, "variables": variables}
        await self.send(id=key, type="subscribe", payload=payload)

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server ends the connection, whatever it says before."""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self._ws.recv()
        assert self._ws.close_code is not None
        return self._ws.close_code, self._ws.close_reason or ""

    async def event(self) -> Any:
        """The next event of `requestChanged`."""
        message = await self.next()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]["requestChanged"]


@asynccontextmanager
async def stranger(address: str) -> AsyncIterator[Caller]:
    """A connection that has not said who it is."""
    async with connect(address, subprotocols=["graphql-transport-ws"]) as ws:  # type: ignore[list-item]
        yield Caller(ws)


@asynccontextmanager
async def calling(address: str, token: str | None) -> AsyncIterator[Caller]:
    """A connection that has said who it is."""
    async with stranger(address) as caller:
        await caller.send(type="connection_init", payload={"token": token})
        assert (await caller.next())["type"] == "connection_ack"
        yield caller


async def settled(door: Door) -> None:
    """Somebody waits for the timeline."""
    async with asyncio.timeout(PATIENCE):
        while not door.app.state.desk.ledger._waiting:  # noqa: ASYNC110 - a look from outside
            await asyncio.sleep(0.01)
