"""The WebSocket side of /graphql: graphql-transport-ws, token in connection_init.

A handshake is answered 503 while too many strangers wait to say who they are; a caller who has
too many connections, or comes when the process has, is closed with 4429 and a sentence.
"""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage

from api.access import Viewer, viewer_of
from api.call import Call, Desk
from api.errors import refused
from api.places import SOON, NoPlace, Places
from api.schema import DeskSchema

SUBSCRIPTIONS_MAX = 5
INIT_PATIENCE = timedelta(seconds=10)
STRANGERS_MAX = 200  # each leaves, or says who it is, within INIT_PATIENCE
TOO_MANY = 4429  # the protocol's own "too many", for which clients do not come back at once
NOBODY = Viewer("nobody", frozenset(), None, "")
_SEAT = "netpro.seat"  # in the ASGI scope of a connection: the places it holds


class _Protocol(BaseGraphQLTransportWSHandler[Call, None]):
    """strawberry's own, whose refusal of one subscription too many carries no code."""

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Refuses what is above the limit; the connection and its subscriptions go on."""
        known = message["id"] in self.operations
        if known or len(self.operations) < SUBSCRIPTIONS_MAX:
            await super().handle_subscribe(message)
            return
        words = f"A connection carries at most {SUBSCRIPTIONS_MAX} subscriptions: end one first."
        error = refused("LIMIT_EXCEEDED", words)
        await self.send_message(
            {"id": message["id"], "type": "error", "payload": [error.formatted]}
        )


class SocketDoor(GraphQL[Call, None]):
    """strawberry's WebSocket protocol with our callers and limits."""

    graphql_transport_ws_handler_class = _Protocol

    def __init__(self, desk: Desk, schema: DeskSchema) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            allowed_origins=desk.settings.origins,
            connection_init_wait_timeout=INIT_PATIENCE,
        )
        self._desk = desk
        self._strangers = Places("connections without a caller", STRANGERS_MAX, STRANGERS_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its handshake to its end."""
        with ExitStack() as seat:
            try:
                seat.enter_context(self._strangers.one(""))
            except NoPlace:
                full = PlainTextResponse(f"{SOON}\n", 503, {"Retry-After": "60"})
                await WebSocket(scope, receive, send).send_denial_response(full)
                return
            try:
                await super().__call__({**scope, _SEAT: seat}, receive, send)
            except NoPlace as full_up:
                closing = {"type": "websocket.close", "code": TOO_MANY, "reason": str(full_up)}
                await send(closing)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Call:
        """A connection without a caller yet."""
        return Call(self._desk, NOBODY, connection_params={}, seat=request.scope[_SEAT])

    async def on_ws_connect(self, context: Call) -> Any:
        """Who is calling; the connection is closed with 4403 when nobody is."""
        token = (context.connection_params or {}).get("token")
        viewer = await viewer_of(token) if isinstance(token, str) else None
        context.connection_params = {}  # the token is not kept
        if viewer is None:
            raise ConnectionRejectionError
        context.viewer = viewer
        assert context.seat is not None, "a WebSocket has a seat"
        context.seat.close()  # no stranger any more
        context.seat.enter_context(self._desk.sockets.one(viewer.digest))
        return await super().on_ws_connect(context)
