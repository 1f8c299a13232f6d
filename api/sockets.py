"""The WebSocket side of /graphql: graphql-transport-ws, token in connection_init."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.access import Viewer, viewer_of
from api.call import Call, Desk
from api.schema import DeskSchema

SUBSCRIPTIONS_MAX = 5
INIT_PATIENCE = timedelta(seconds=10)
NOBODY = Viewer("nobody", frozenset(), None, "")


class SocketDoor(GraphQL[Call, None]):
    """strawberry's WebSocket protocol with our callers and limits."""

    def __init__(self, desk: Desk, schema: DeskSchema) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            max_subscriptions_per_connection=SUBSCRIPTIONS_MAX,
            allowed_origins=desk.settings.origins,
            connection_init_wait_timeout=INIT_PATIENCE,
        )
        self._desk = desk

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Call:
        """A connection without a caller yet."""
        return Call(self._desk, NOBODY, connection_params={})

    async def on_ws_connect(self, context: Call) -> Any:
        """Who is calling; the connection is closed with 4403 when nobody is."""
        token = (context.connection_params or {}).get("token")
        viewer = await viewer_of(token) if isinstance(token, str) else None
        context.connection_params = {}  # the token is not kept
        if viewer is None:
            raise ConnectionRejectionError
        context.viewer = viewer
        return await super().on_ws_connect(context)
