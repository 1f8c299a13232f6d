"""GraphQL over HTTP: one operation a POST, honest status codes, nothing cached.

`application/graphql-response+json` gets 400 for what is no operation, 422 for one that
does not fit the schema; `application/json`, for older clients, 200 with `errors`.
Without a valid token nothing is read: 401.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
)
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api.access import Viewer
from api.buckets import Allowance
from api.call import Call, Desk
from api.completion import Answering
from api.cost import too_dear
from api.documents import Document
from api.errors import BAD_USER_INPUT, refused
from api.extensions import log_fault, masked
from api.limits import NUL, has_nul
from api.media import JSON, PLAIN_BODY, RESPONSE_JSON, is_encoded, is_json, media_type
from api.schema import DeskSchema
from api.watch import Seen, codes_of, seen_of
from models.database import snapshot

UNAUTHENTICATED = {"WWW-Authenticate": 'Bearer realm="netpro"'}
CODES = {401: "UNAUTHENTICATED", 429: "LIMIT_EXCEEDED"}  # of a refusal; else BAD_USER_INPUT
NO_HEADERS: Mapping[str, str] = {}
_UNUSED = re.compile(r"Variable '\$\w+' is never used")


def bearer(headers: Headers) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def caller(desk: Desk, headers: Headers) -> Viewer | None:
    """Who calls, or None: no token, an unknown, ended or untrained one."""
    token = bearer(headers)
    return None if token is None else await desk.callers.of(token)


class Refusal(Exception):
    """A request that is no operation: its status for both kinds of client."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = CODES.get(status, BAD_USER_INPUT)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class GraphQLDoor:
    """The POST side of /graphql."""

    def __init__(self, desk: Desk, schema: DeskSchema) -> None:
        self._desk = desk
        self._schema = schema

    async def answer(self, request: Request) -> "Answer":
        """One operation. Never raises: a fault is a masked error."""
        form, seen = media_type(request.headers), seen_of(request.scope)
        try:
            self._check_head(request, form)
            viewer = seen.viewer = await caller(self._desk, request.headers)
            if viewer is None:
                raise Refusal(401, "A valid bearer token is needed.", **UNAUTHENTICATED)
            params = self._params(await self._body(request))
            return await self._operate(params, Call(self._desk, viewer, seen.call_id), form, seen)
        except Refusal as refusal:
            seen.codes = [refusal.code]
            error = refused(refusal.code, str(refusal))
            return _answer({"errors": [error.formatted]}, refusal.status, form, refusal.headers)
        except Exception as fault:  # the door answers whatever happens behind it
            log_fault(fault, seen.call_id, None)
            errors = masked([GraphQLError("", original_error=fault)], seen.call_id, None)
            seen.codes = codes_of(errors)
            return _answer({"errors": [errors[0].formatted]}, 500, form)

    def _check_head(self, request: Request, form: str | None) -> None:
        if request.method != "POST":
            raise Refusal(405, "GraphQL takes POST only.", Allow="POST")
        if form is None:
            raise Refusal(406, f"Accept {RESPONSE_JSON} or {JSON}.")
        if is_encoded(request.headers):
            raise Refusal(415, PLAIN_BODY, Accept_Encoding="identity")
        if not is_json(request.headers):
            raise Refusal(415, f"Send {JSON}, UTF-8.", Accept=JSON)

    async def _body(self, request: Request) -> bytes:
        limit = self._desk.settings.body_limit
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise Refusal(413, f"A request has at most {limit} bytes.", Connection="close")
        return bytes(body)

    def _params(self, body: bytes) -> dict[str, Any]:
        try:
            params = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Refusal(400, "The body is not JSON.") from None
        if not isinstance(params, dict):
            raise Refusal(400, "The body is one JSON object; batches are not taken.")
        for name, kind, wanted in (
            ("query", str, "string"),
            ("operationName", str, "string"),
            ("variables", dict, "object"),
            ("extensions", dict, "object"),
        ):
            value = params.get(name)
            if not isinstance(value, kind) and (value is not None or name == "query"):
                raise Refusal(400, f"`{name}` must be a JSON {wanted}.")
        if b"\\u0000" in body and has_nul(params.get("variables")):
            raise Refusal(400, NUL)
        return params

    async def _operate(
        self, params: dict[str, Any], call: Call, form: str | None, seen: Seen
    ) -> "Answer":
        began = time.perf_counter()
        try:
            result, allowance = await self._within_limits(params, call)
        finally:
            seen.operation, seen.cost = call.operation, call.cost
            seen.deprecated = call.document.deprecated if call.document else ()
            seen.seconds = time.perf_counter() - began
        errors = masked(result.errors, call.call_id, call.operation) if result.errors else []
        seen.codes = codes_of(errors)
        payload = _payload(result, errors)
        if call.cost:
            payload["extensions"] = {"cost": {"points": call.cost, "left": allowance.remaining}}
        return _answer(payload, _status(result, errors, form), form, _rate(allowance))

    async def _within_limits(
        self, params: dict[str, Any], call: Call
    ) -> tuple[ExecutionResult, Allowance]:
        """Result and what the caller has left. Refusal when it has nothing left."""
        document = self._desk.documents.read(params["query"])
        found = document.operation(params.get("operationName"))
        call.operation = found.name.value if found and found.name else None
        if document.errors:
            call.cost = 1
            return PreExecutionError(data=None, errors=document.errors), self._take(call, 1)
        operation = self._taken(found)
        variables = params.get("variables") or {}
        call.cost = document.costs[call.operation].points(variables)
        allowance = self._take(call, call.cost)
        dear = too_dear(call.cost, self._desk.settings.cost_limit)
        if dear is not None:
            return PreExecutionError(data=None, errors=[dear]), allowance
        try:
            # an act is one short transaction: cutting it off would leave its end unknown
            is_query = operation.operation is OperationType.QUERY
            seconds = self._desk.settings.operation_seconds if is_query else None
            async with asyncio.timeout(seconds):
                result = await self._execute(document, operation, variables, call)
                await call.journal_reads()
        except TimeoutError:
            error = refused("TIMEOUT", "The operation took too long: ask for less at a time.")
            result = ExecutionResult(data=None, errors=[error])
        finally:
            if operation.operation is OperationType.MUTATION:
                self._desk.callers.forget()  # the act may have ended a token or changed a role
                self._desk.recent.forget()
        return result, allowance

    async def _execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        call: Call,
    ) -> ExecutionResult:
        assert document.tree is not None, "a document without errors has a tree"
        call.document = document
        built: Any = Answering.build(
            self._schema._schema,
            document.tree,
            context_value=call,
            raw_variable_values=variables,
            operation_name=call.operation,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            is_async_iterable=_never,  # type: ignore[arg-type]
            hide_suggestions=not self._desk.settings.debug,
        )
        if isinstance(built, list):
            return ExecutionResult(data=None, errors=built)
        built.plans = document.plans if document.is_fixed else {}
        # an answer is of one moment; acts, and letters written to be undone, open their own
        is_read = operation.operation is OperationType.QUERY and not document.has_undone
        call.has_one_root = is_read and _has_one_root(operation)
        needs_moment = is_read and call.question not in document.alone
        async with snapshot() if needs_moment else contextlib.nullcontext():
            found = built.execute_operation()
            done = await found if built.is_awaitable(found) else found
        return ExecutionResult(data=done.data, errors=done.errors)

    def _taken(self, operation: OperationDefinitionNode | None) -> OperationDefinitionNode:
        if operation is None:
            raise Refusal(400, "`operationName` names no operation of the document.")
        if operation.operation is OperationType.SUBSCRIPTION:
            raise Refusal(400, "Subscriptions go over a WebSocket.")
        if operation.name is None and not self._desk.settings.debug:
            raise Refusal(400, "Give the operation a name: `query Board { … }`.")
        return operation

    def _take(self, call: Call, points: int) -> Allowance:
        allowance = self._desk.buckets.take(call.viewer.digest, points, time.monotonic())
        if allowance.wait:
            raise Refusal(
                429,
                f"You have asked for more than a minute gives: wait {allowance.wait} s.",
                Retry_After=str(allowance.wait),
                **_rate(allowance),
            )
        return allowance


def _has_one_root(operation: OperationDefinitionNode) -> bool:
    roots = operation.selection_set.selections
    return len(roots) == 1 and isinstance(roots[0], FieldNode)


def _never(_: Any) -> bool:
    """We have no lists that come piece by piece."""
    return False


def _rate(allowance: Allowance) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(allowance.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Reset": str(allowance.full_in),
    }


def _payload(result: ExecutionResult, errors: list[GraphQLError]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if errors:
        payload["errors"] = [error.formatted for error in errors]
    if not _before_execution(result):
        payload["data"] = result.data
    return payload


def _before_execution(result: ExecutionResult) -> bool:
    """Syntax, validation or variables failed: such an answer has no `data` entry."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and all(error.path is None for error in result.errors or [])


def _status(result: ExecutionResult, errors: list[GraphQLError], form: str | None) -> int:
    codes = {(error.extensions or {}).get("code") for error in errors}
    if form == JSON or not _before_execution(result):
        return 200
    if "TIMEOUT" in codes:
        return 503
    if "INTERNAL" in codes:
        return 500
    if not isinstance(result, PreExecutionError):
        return 400  # variables
    if any(isinstance(error, GraphQLSyntaxError) for error in errors):
        return 400
    # an unused variable does not contradict the schema: the request itself is odd
    return 400 if all(_UNUSED.match(error.message) for error in errors) else 422


def _answer(
    payload: dict[str, Any],
    status: int,
    form: str | None,
    headers: Mapping[str, str] = NO_HEADERS,
) -> "Answer":
    body = orjson.dumps(payload, option=orjson.OPT_UTC_Z)
    heads = {
        "content-type": f"{form or JSON}; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **headers,
    }
    return Answer(status, heads, body)


@dataclass(slots=True)
class Answer:
    """What goes out, as ASGI has it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        heads = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": heads})
        await send({"type": "http.response.body", "body": self.body})
