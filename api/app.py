"""The ASGI application: routes, what runs beside them, headers of every answer."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from strawberry.http.ides import get_graphql_ide_html

from api.buckets import Buckets
from api.call import Desk
from api.callers import Callers
from api.files import file, original
from api.http import GraphQLDoor
from api.ledger import Ledger
from api.metrics import Metrics
from api.places import Places
from api.recent import Recent
from api.schema import build_schema, documents_of
from api.settings import ApiSettings
from api.sockets import SocketDoor
from api.uploads import upload
from api.watch import Watch
from models import figures
from models.acts.journal import ReadJournal
from models.database import opened, snapshot
from models.gauges import gauges
from models.house import House

log = logging.getLogger(__name__)

EXPOSED = [
    "X-Request-Id",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "Content-Disposition",
]
PAGE_URL = 'window.location.href.split("?")[0]'  # where strawberry's page sends its questions


def build_app(house: House, settings: ApiSettings, *, database_url: str | None = None) -> Starlette:
    """The application; with `database_url` it opens and closes the register itself.

    Without, the register is already open in this process (the demo runs the bot beside).
    """
    schema, metrics = build_schema(settings), Metrics()
    desk = Desk(
        house,
        settings,
        ReadJournal(),
        Ledger(),
        documents_of(schema, settings),
        Buckets(settings.points_per_minute),
        Callers(),
        Places("connections", settings.sockets_limit, settings.sockets_per_caller),
        Places("subscriptions", settings.subscriptions_limit, settings.subscriptions_per_caller),
        Recent(),
    )
    app = Starlette(
        routes=_routes(desk, GraphQLDoor(desk, schema), SocketDoor(desk, schema, metrics)),
        middleware=_middleware(settings, metrics),
        lifespan=lambda _: _running(desk, database_url),
    )
    app.state.desk = desk
    app.state.metrics = metrics
    return app


class _Door:
    """/graphql: any method goes to the one that says what it takes."""

    def __init__(self, door: GraphQLDoor) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._door.answer(Request(scope, receive))
        await response(scope, receive, send)


def _routes(desk: Desk, door: GraphQLDoor, sockets: SocketDoor) -> list[Route | WebSocketRoute]:
    routes: list[Route | WebSocketRoute] = [
        Route("/graphql", _Door(door)),
        WebSocketRoute("/graphql", sockets),
        Route("/messages/{id}.eml", original),
        Route("/files/{id}", file),
        Route("/requests/{id}/files", upload, methods=["PUT"]),
        Route("/healthz", _healthz),
        Route("/readyz", _readyz),
        Route("/metrics", _metrics),
    ]
    if desk.settings.debug:
        routes.append(Route("/graphiql", _graphiql))
    return routes


def _middleware(settings: ApiSettings, metrics: Metrics) -> list[Middleware]:
    watch = Middleware(Watch, metrics)
    if not settings.origins:
        return [watch]
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=["Authorization", "Content-Type", "Content-Digest"],
            expose_headers=EXPOSED,
        ),
        watch,  # inside, so that pages may read its answers too
    ]


@contextlib.asynccontextmanager
async def _running(desk: Desk, database_url: str | None) -> AsyncIterator[None]:
    register = opened(database_url) if database_url else contextlib.nullcontext()
    async with register:
        # started here, outside any transaction, which tasks would inherit
        lasting = (desk.journal.run(), desk.ledger.run(), desk.callers.run())
        tasks = [asyncio.create_task(one) for one in lasting]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


async def _readyz(request: Request) -> Response:
    """Red when the database is away or the bot has been silent too long."""
    silence = request.app.state.desk.settings.bot_silence_seconds
    try:
        seen = await figures.bot_seen_at()
        database = True
    except Exception:  # whatever is wrong with it, we are not ready
        seen, database = None, False
    age = None if seen is None else (datetime.now(UTC) - seen).total_seconds()
    bot = age is not None and age <= silence
    return JSONResponse(
        {"database": database, "bot": bot},
        status_code=200 if database and bot else 503,
        headers={"Cache-Control": "no-store"},
    )


async def _metrics(request: Request) -> Response:
    """Without the register its figures would be old ones: the scrape fails, and says why."""
    desk, now = request.app.state.desk, datetime.now(UTC)
    try:
        async with snapshot():
            health, found = await figures.health(now), await gauges(now, desk.house.today(now))
    except Exception as problem:  # whatever is wrong with it: /readyz is the alarm
        log.warning("the metrics cannot be read from the register (%s)", type(problem).__name__)
        return PlainTextResponse(
            "The database cannot be read: there are no metrics now.\n",
            status_code=503,
            headers={"Cache-Control": "no-store", "Retry-After": "10"},
        )
    text = request.app.state.metrics.show(health, found, desk)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _graphiql(_: Request) -> Response:
    """Its subscriptions take the token from the header editor: `{"token": "…"}`."""
    page = get_graphql_ide_html()
    return HTMLResponse(page.replace(PAGE_URL, 'new URL("/graphql", window.location.href).href'))
