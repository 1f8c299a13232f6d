"""The WebSocket side of /graphql: graphql-transport-ws, token in connection_init.

Whoever does not say in time who it is, or waits longest when too many wait, is closed with 4408;
a caller who has too many connections, or comes when the process has, with 4429 and a sentence;
one whose token has ended with 4403; what is no message of the protocol with 4400.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from inspect import isawaitable
from typing import Any, cast

import orjson
import structlog
from graphql import DocumentNode, ExecutionResult, GraphQLError, OperationType, subscribe
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage

from api.access import Viewer
from api.call import Call, Desk
from api.errors import bad_input, refused
from api.extensions import log_fault, masked
from api.limits import NUL, has_nul
from api.metrics import Metrics
from api.places import NoPlace, Strangers, TooSlow
from api.schema import DeskSchema
from api.subscriptions import TOKEN_ENDED, UNAUTHENTICATED, recheck
from api.watch import UNNAMED, Seen, codes_of, tell

events = structlog.get_logger()

SUBSCRIPTIONS_MAX = 5
INIT_SECONDS = 5.0
STRANGERS_MAX = 200
FORBIDDEN, TOO_SLOW, TAKEN = 4403, 4408, 4409
TOO_MANY = 4429  # the protocol's own "too many", for which clients do not come back at once
KINDS = {"connection_init", "ping", "pong", "subscribe", "complete"}
NOBODY = Viewer("nobody", frozenset(), None, "")
_SEAT = "netpro.seat"  # in the ASGI scope of a connection: the places it holds

Answers = AsyncGenerator[ExecutionResult, None]


def misshapen(message: Any) -> str | None:
    """What keeps this from being a message of the protocol; None when nothing does."""
    if not isinstance(message, dict):
        return "A message is one JSON object."
    kind, key, payload = message.get("type"), message.get("id"), message.get("payload")
    if not isinstance(kind, str) or kind not in KINDS:
        return "`type` is none of graphql-transport-ws."
    if kind in {"subscribe", "complete"} and not (isinstance(key, str) and key):
        return "`id` must be a JSON string, not an empty one."
    if not isinstance(payload, dict) and (payload is not None or kind == "subscribe"):
        return "`payload` must be a JSON object."
    return None


def checked(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload of `subscribe` when each member is of its kind. GraphQLError otherwise."""
    for name, kind, wanted in (
        ("query", str, "string"),
        ("operationName", str, "string"),
        ("variables", dict, "object"),
        ("extensions", dict, "object"),
    ):
        value = payload.get(name)
        if not isinstance(value, kind) and (value is not None or name == "query"):
            raise bad_input(f"`{name}` must be a JSON {wanted}.")
    if has_nul(payload.get("variables")):
        raise bad_input(NUL)
    return payload


class _Subscription(Operation[Call, None]):
    """One subscription: its call, its document, and what it was told of errors."""

    __slots__ = ("call", "errors", "tree")

    def __init__(
        self, handler: "_Protocol", key: str, call: Call, tree: DocumentNode, payload: Any
    ) -> None:
        variables = payload.get("variables") or {}
        super().__init__(handler, key, payload["query"], variables, call.operation)
        self.call, self.tree = call, tree
        self.errors: dict[str, GraphQLError] = {}  # one of each code

    async def tell(self, result: ExecutionResult) -> None:
        """One event, once its reads stand in the journal."""
        await self.call.journal_reads()
        payload: dict[str, Any] = {"data": result.data}
        if result.errors:
            errors = masked(result.errors, self.call.call_id, self.call.operation)
            self.errors |= {str((one.extensions or {})["code"]): one for one in errors}
            payload["errors"] = [one.formatted for one in errors]
        await self.send_operation_message(
            cast("Message", {"id": self.id, "type": "next", "payload": payload})
        )


class _Protocol(BaseGraphQLTransportWSHandler[Call, None]):
    """strawberry's own, with our documents, refusals and log."""

    view: "SocketDoor"
    is_over = False

    def on_request_accepted(self) -> None:
        """The door keeps the time."""

    async def handle_message(self, message: Any) -> None:
        """Closes the connection for what is no message of the protocol."""
        if self.is_over:
            return
        wrong = misshapen(message)
        if wrong is None:
            await super().handle_message(message)
        else:
            await self.handle_invalid_message(wrong)

    async def send_message(self, message: Message) -> None:
        """Nothing after the close."""
        if not self.is_over:
            await super().send_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begins a subscription or says why not; the connection and its others go on."""
        key = message["id"]
        if not self.connection_acknowledged:
            await self.websocket.close(code=4401, reason="Unauthorized")
            return
        if key in self.operations:
            # strawberry's reason quotes the id, which may be too long for a close
            await self.websocket.close(code=TAKEN, reason="A subscription has this `id` already.")
            return
        began, call = time.perf_counter(), self.context.fresh()
        try:
            operation = self._read(key, message["payload"], call)
        except GraphQLError as refusal:
            operation = [refusal]
        if isinstance(operation, list):
            await self._refuse(key, call, operation, began)
            return
        operation.task = asyncio.create_task(self.run_operation(operation))
        operation.task.add_done_callback(self._task_done)
        self.operations[key] = operation

    def _read(self, key: str, payload: Any, call: Call) -> _Subscription | list[GraphQLError]:
        """The subscription that is asked for, or errors of its document; other refusals raise."""
        if len(self.operations) >= SUBSCRIPTIONS_MAX:
            words = (
                f"A connection carries at most {SUBSCRIPTIONS_MAX} subscriptions: end one first."
            )
            raise refused("LIMIT_EXCEEDED", words)
        asked = checked(payload)
        document = call.desk.documents.read(asked["query"])
        if document.errors:
            return document.errors
        operation = document.operation(asked.get("operationName"))
        if operation is None:
            raise bad_input("`operationName` names no operation of the document.")
        if operation.operation is not OperationType.SUBSCRIPTION:
            raise bad_input("A WebSocket carries subscriptions only: send the rest by POST.")
        if operation.name is None and not call.desk.settings.debug:
            raise bad_input("Give the operation a name: `subscription Changes { … }`.")
        call.operation = operation.name.value if operation.name else None
        call.cost = document.costs[call.operation].points(asked.get("variables") or {})
        assert document.tree is not None, "a document without errors has a tree"
        return _Subscription(self, key, call, document.tree, asked)

    async def _refuse(self, key: str, call: Call, errors: list[GraphQLError], began: float) -> None:
        told = masked(errors, call.call_id, call.operation)
        payload = [error.formatted for error in told]
        await self.send_message({"id": key, "type": "error", "payload": payload})
        self.view.tell(call, 400, told, time.perf_counter() - began)

    async def run_operation(self, operation: Operation[Call, None]) -> None:
        """From the check of the token to the last event."""
        assert isinstance(operation, _Subscription)
        call, began = operation.call, time.perf_counter()
        try:
            answers = await self._begin(operation)
            if isinstance(answers, list):
                self.operations.pop(operation.id, None)
                await self._refuse(operation.id, call, answers, began)
                codes = {str((one.extensions or {}).get("code")) for one in answers}
            else:
                await self._follow(operation, answers, began)
                codes = set(operation.errors)
            if UNAUTHENTICATED in codes:
                await self._end()
        except (WebSocketDisconnected, WebSocketDisconnect):
            return
        except Exception as fault:  # nobody waits for this task
            log_fault(fault, call.call_id, call.operation)
            if self.operations.get(operation.id) is operation:
                del self.operations[operation.id]

    async def _begin(self, operation: _Subscription) -> Answers | list[GraphQLError]:
        """The stream of answers, or why there is none."""
        call = operation.call
        try:
            await recheck(call)
            found: Any = subscribe(
                self.schema._schema,  # type: ignore[attr-defined]
                operation.tree,
                context_value=call,
                variable_values=operation.variables,
                operation_name=call.operation,
                executor_class=self.schema.execution_context_class,  # type: ignore[attr-defined]
                hide_suggestions=not call.desk.settings.debug,
            )
            found = await found if isawaitable(found) else found
        except Exception as fault:
            return [_told(fault)]
        return (found.errors or []) if isinstance(found, ExecutionResult) else found

    async def _follow(self, operation: _Subscription, answers: Answers, began: float) -> None:
        """Every answer, with a line of the log before the first and after the last."""
        call = operation.call
        name, caller = call.operation or UNNAMED, call.viewer.number
        events.info(
            "subscribed", operation=name, caller=caller, cost=call.cost, request=call.call_id
        )
        try:
            async with aclosing(answers):
                try:
                    async for result in answers:
                        await operation.tell(result)
                except WebSocketDisconnected:
                    raise
                except Exception as fault:
                    await operation.tell(ExecutionResult(None, [_told(fault)]))
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        finally:
            seconds = time.perf_counter() - began
            errors = list(operation.errors.values())
            self.view.tell(call, 200, errors, seconds, is_live=True)

    async def _end(self) -> None:
        """The token has ended: so do the other subscriptions, and the connection."""
        if self.is_over:
            return
        self.is_over = True
        for key in list(self.operations):
            await self.cleanup_operation(key)
        await self.websocket.close(code=FORBIDDEN, reason=TOKEN_ENDED)


def _told(fault: Exception) -> GraphQLError:
    return fault if isinstance(fault, GraphQLError) else GraphQLError("", original_error=fault)


class SocketDoor(GraphQL[Call, None]):
    """strawberry's WebSocket protocol with our callers and limits."""

    graphql_transport_ws_handler_class = _Protocol

    def __init__(self, desk: Desk, schema: DeskSchema, metrics: Metrics) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            allowed_origins=desk.settings.origins,
        )
        self._desk, self._metrics = desk, metrics
        self._strangers = Strangers(STRANGERS_MAX, INIT_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its handshake to its end."""
        try:
            async with self._strangers.waiting() as known:
                with ExitStack() as seat:
                    seat.callback(known)
                    await super().__call__({**scope, _SEAT: seat}, receive, send)
        except NoPlace as full_up:
            await send({"type": "websocket.close", "code": TOO_MANY, "reason": str(full_up)})
        except WebSocketDisconnect:
            return  # it has gone before it was told
        except TooSlow:
            reason = "Send connection_init at once."
            await send({"type": "websocket.close", "code": TOO_SLOW, "reason": reason})

    def decode_json(self, data: str | bytes) -> object:
        """As over HTTP: neither depth nor a number of many digits is more than a wrong message."""
        return orjson.loads(data)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Call:
        """A connection without a caller yet."""
        return Call(self._desk, NOBODY, connection_params={}, seat=request.scope[_SEAT])

    def tell(
        self,
        call: Call,
        status: int,
        errors: list[GraphQLError],
        seconds: float,
        is_live: bool = False,
    ) -> None:
        """Counts a subscription and writes its line: one refused, or one that has ended."""
        notes = Seen(call.call_id, call.viewer, codes=codes_of(errors), cost=call.cost)
        notes.status, notes.seconds = status, None if is_live else seconds
        event = "ended" if is_live else "answered"
        tell(self._metrics, notes, call.operation or UNNAMED, seconds, event)

    async def on_ws_connect(self, context: Call) -> Any:
        """Who is calling; the connection is closed with 4403 when nobody is."""
        token = (context.connection_params or {}).get("token")
        viewer = await self._desk.callers.of(token) if isinstance(token, str) else None
        context.connection_params = {}  # the token is not kept
        if viewer is None:
            raise ConnectionRejectionError
        context.viewer = viewer
        assert context.seat is not None, "a WebSocket has a seat"
        context.seat.close()  # no stranger any more
        context.seat.enter_context(self._desk.sockets.one(viewer.digest))
        return await super().on_ws_connect(context)
