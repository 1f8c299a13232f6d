"""GraphQL over HTTP: one operation a POST, honest status codes, nothing cached.

`application/graphql-response+json` gets 400 for what is no operation, 422 for one that
does not fit the schema; `application/json`, for older clients, 200 with `errors`.
Without a valid token nothing is read: 401.
"""

import asyncio
import logging
import re
import time
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.access import Viewer, viewer_of
from api.call import Call, Desk, new_call_id
from api.errors import refused
from api.extensions import log_fault, masked
from api.metrics import Metrics
from api.schema import DeskSchema

log = logging.getLogger("api")

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
UNAUTHENTICATED = {"WWW-Authenticate": 'Bearer realm="netpro"'}
OVER_HTTP = (OperationType.QUERY, OperationType.MUTATION)
_UNUSED = re.compile(r"Variable '\$\w+' is never used")


def media_type(headers: Headers) -> str | None:
    """What to answer with; None when the caller takes neither form."""
    wanted = [
        part.split(";")[0].strip().lower() for part in headers.get("accept", "*/*").split(",")
    ]
    if RESPONSE_JSON in wanted:
        return RESPONSE_JSON
    return JSON if {JSON, "*/*", "application/*"} & set(wanted) else None


def bearer(headers: Headers) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def caller(headers: Headers) -> Viewer | None:
    """Who calls, or None: no token, an unknown, ended or untrained one."""
    token = bearer(headers)
    return None if token is None else await viewer_of(token)


class Refusal(Exception):
    """A request that is no operation: its status for both kinds of client."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class GraphQLDoor:
    """The POST side of /graphql."""

    def __init__(self, desk: Desk, schema: DeskSchema, metrics: Metrics) -> None:
        self._desk = desk
        self._schema = schema
        self._metrics = metrics

    async def answer(self, request: Request) -> Response:
        """One operation. Never raises: a fault is a masked error."""
        form, call_id = media_type(request.headers), new_call_id()
        try:
            if form is None:
                raise Refusal(406, f"Accept {RESPONSE_JSON} or {JSON}.")
            self._check_head(request)
            viewer = await caller(request.headers)
            if viewer is None:
                raise Refusal(401, "A valid bearer token is needed.", **UNAUTHENTICATED)
            params = self._params(await self._body(request))
            return await self._operate(params, Call(self._desk, viewer, call_id), form)
        except Refusal as refusal:
            error = GraphQLError(str(refusal))
            return _response(
                {"errors": [error.formatted]}, refusal.status, form, call_id, refusal.headers
            )
        except Exception as fault:  # the door answers whatever happens behind it
            log_fault(fault, call_id, None)
            errors = masked([GraphQLError("", original_error=fault)], call_id, None)
            return _response({"errors": [errors[0].formatted]}, 500, form, call_id)

    def _check_head(self, request: Request) -> None:
        if request.method != "POST":
            raise Refusal(405, "GraphQL takes POST only.", Allow="POST")
        kind, _, rest = request.headers.get("content-type", "").partition(";")
        charset = re.search(r'charset\s*=\s*"?([\w-]+)', rest.lower())
        if kind.strip().lower() != JSON or (charset and charset.group(1) not in {"utf-8", "utf8"}):
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
        for name, kind in (
            ("query", str),
            ("operationName", str),
            ("variables", dict),
            ("extensions", dict),
        ):
            value = params.get(name)
            if not isinstance(value, kind) and (value is not None or name == "query"):
                raise Refusal(400, f"`{name}` cannot be used as it is.")
        return params

    async def _operate(self, params: dict[str, Any], call: Call, form: str) -> Response:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._seconds(params["query"])):
                result = await self._execute(params, call)
            await call.journal_reads()
        except TimeoutError:
            error = refused("TIMEOUT", "The operation took too long: ask for less at a time.")
            result = ExecutionResult(data=None, errors=[error])
        errors = masked(result.errors or [], call.call_id, call.operation)
        status = _status(result, errors, form)
        self._seen(call, status, errors, time.perf_counter() - began)
        return _response(_payload(result, errors), status, form, call.call_id)

    async def _execute(self, params: dict[str, Any], call: Call) -> ExecutionResult:
        try:
            return await self._schema.execute(
                params["query"],
                variable_values=params.get("variables"),
                context_value=call,
                operation_name=params.get("operationName"),
                allowed_operation_types=OVER_HTTP,
            )
        except InvalidOperationTypeError:
            raise Refusal(400, "Subscriptions go over a WebSocket.") from None
        except CannotGetOperationTypeError:
            raise Refusal(400, "`operationName` names no operation of the document.") from None
        except MissingQueryError:
            raise Refusal(400, "There is no document.") from None

    def _seconds(self, document: str) -> float | None:
        # an act is one short transaction: cutting it off would leave its end unknown
        return None if "mutation" in document else self._desk.settings.operation_seconds

    def _seen(self, call: Call, status: int, errors: list[GraphQLError], seconds: float) -> None:
        codes = sorted({str((error.extensions or {}).get("code", "GRAPHQL")) for error in errors})
        self._metrics.operation(call.operation, status, bool(errors), seconds)
        log.info(
            "%s by %s: %d%s in %.1f ms, call %s",
            call.operation or "unnamed operation",
            call.viewer.label,
            status,
            f" {' '.join(codes)}" if codes else "",
            seconds * 1000,
            call.call_id,
        )


def _payload(result: ExecutionResult, errors: list[GraphQLError]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if errors:
        payload["errors"] = [error.formatted for error in errors]
    if not _before_execution(result):
        payload["data"] = result.data
    if result.extensions:
        payload["extensions"] = result.extensions
    return payload


def _before_execution(result: ExecutionResult) -> bool:
    """Syntax, validation or variables failed: such an answer has no `data` entry."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and all(error.path is None for error in result.errors or [])


def _status(result: ExecutionResult, errors: list[GraphQLError], form: str) -> int:
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


def _response(
    payload: dict[str, Any],
    status: int,
    form: str | None,
    call_id: str,
    headers: dict[str, str] | None = None,
) -> Response:
    return Response(
        orjson.dumps(payload),
        status_code=status,
        media_type=f"{form or JSON}; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Request-Id": call_id, **(headers or {})},
    )
