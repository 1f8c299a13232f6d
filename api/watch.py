"""The one place that sees every request: an id on its answer, a line in the log, a count.

Neither paths nor words of callers are told: an operation has a name, a file its kind of path.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from graphql import GraphQLError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Viewer
from api.call import new_call_id
from api.extensions import log_fault
from api.metrics import Metrics

events = structlog.get_logger()

QUIET = {"/healthz", "/readyz", "/metrics"}  # asked by machines, again and again
UNNAMED = "unnamed"
_SEEN = "netpro.seen"  # in the ASGI scope of a request


@dataclass(slots=True)
class Seen:
    """What is known of one request so far."""

    call_id: str = field(default_factory=new_call_id)
    viewer: Viewer | None = None
    operation: str | None = None
    codes: list[str] = field(default_factory=list)
    cost: int = 0
    deprecated: tuple[str, ...] = ()  # fields asked for that will go
    seconds: float | None = None  # of a GraphQL operation, once its body was there
    status: int = 500  # until an answer begins


def seen_of(scope: Scope) -> Seen:
    """The notes about this request."""
    found: Seen = scope[_SEEN]
    return found


def codes_of(errors: Iterable[GraphQLError]) -> list[str]:
    """Codes of errors that were masked, each once."""
    return sorted({str((error.extensions or {})["code"]) for error in errors})


def tell(metrics: Metrics, seen: Seen, name: str, took: float, event: str = "answered") -> None:
    """A line in the log and a count; `took` in seconds."""
    is_failed = bool(seen.codes) or seen.status >= 400
    metrics.operation(name, seen.status, is_failed, seen.seconds)
    metrics.deprecated(seen.deprecated)
    events.info(
        event,
        operation=name,
        caller=seen.viewer.number if seen.viewer else "nobody",
        status=seen.status,
        codes=seen.codes,
        cost=seen.cost,
        ms=round(took * 1000, 1),
        request=seen.call_id,
    )


class Watch:
    """ASGI middleware; what breaks behind it is told with the id and no words of its own."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen, began, is_begun = Seen(), time.perf_counter(), False
        scope[_SEEN] = seen

        async def answer(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun, seen.status = True, message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", seen.call_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as fault:  # whoever asked gets an answer, unless it has begun
            if is_begun:
                raise
            log_fault(fault, seen.call_id, seen.operation)
            broken = PlainTextResponse("Something went wrong on our side.\n", 500)
            await broken(scope, receive, answer)
        finally:
            self._tell(scope, seen, time.perf_counter() - began)

    def _tell(self, scope: Scope, seen: Seen, took: float) -> None:
        path = getattr(scope.get("route"), "path", None)
        if path in QUIET:
            return
        name = seen.operation or (UNNAMED if path in {None, "/graphql"} else path)
        tell(self._metrics, seen, name, took if seen.seconds is None else seen.seconds)
