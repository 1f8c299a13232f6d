"""`make bench` and `make bench-peers`: the API's tables, each from interleaved rounds."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
from rich.table import Table

from tests.bench.api import compare, prepared, questions, same_answers, show, table
from tests.bench.contenders import OURS, Contender, floor, ours, peer
from tests.bench.filling import Size
from tests.bench.live import CHANGES, SUBSCRIBERS, delays, spread
from tests.bench.npm import PEERS
from tests.drill.desk import sqlite_url
from tests.servers import postgres as postgreses

KINDS = ("case", "board", "statistics")
MANY = "ten times the rows"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it takes: rounds of so many seconds, how big a register."""

    rounds: int = 5
    seconds: float = 2
    size: Size = Size()  # noqa: RUF009 - frozen itself
    factor: int = 10


def loaded(made: Table) -> Table:
    """Says what else the machine was doing."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    made.caption = f"{os.cpu_count()} cores, load of the last 1, 5, 15 minutes: {load}"
    return made


async def beside(plan: Plan, npm: Path | None) -> Table:
    """PostgreSQL: the floor, ours and, where npm has brought it, the peer."""
    made = table(f"API on PostgreSQL, {plan.size.requests} requests, one process each")
    with postgreses.running() as server:
        server.durable()
        url = server.create_database()
        token = await prepared(url, plan.size)
        await _helped(url)
        async with AsyncExitStack() as stack:
            asked = [ours(url, token), floor(url)] + ([peer(url, npm)] if npm else [])
            running = [await stack.enter_async_context(one) for one in asked]
            for kind in KINDS:
                await same_answers(running, questions(kind, plan.size)[:5])
            await _compared(made, running, plan)
    return loaded(made)


async def _helped(url: str) -> None:
    client = await asyncpg.connect(url.replace("postgres://", "postgresql://", 1))
    try:
        await client.execute((PEERS / "peer.sql").read_text())
    finally:
        await client.close()


async def _compared(
    made: Table, running: list[Contender], plan: Plan, kinds: Iterable[str] = KINDS
) -> None:
    for kind in kinds:
        found = await compare(running, kind, plan.size, plan.rounds, plan.seconds)
        show(made, kind, found, OURS)


async def on_sqlite(plan: Plan) -> Table:
    """The same questions on SQLite."""
    made = table(f"API on SQLite, {plan.size.requests} requests, one process")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = sqlite_url(Path(folder))
        async with ours(url, await prepared(url, plan.size)) as api:
            await _compared(made, [api], plan)
    return loaded(made)


async def tenfold(plan: Plan) -> Table:
    """The same pages of a desk ten times as big; both servers run, rounds in turn."""
    made = table(f"API on PostgreSQL, {plan.factor} times the rows")
    with postgreses.running() as server:
        server.durable()
        async with _filled(server, plan.size) as one, _filled(server, _many(plan)) as many:
            await _compared(made, [one, replace(many, name=MANY)], plan, KINDS[:2])
    return loaded(made)


def _many(plan: Plan) -> Size:
    return plan.size.times(plan.factor)


@asynccontextmanager
async def _filled(server: postgreses.Postgres, size: Size) -> AsyncIterator[Contender]:
    url = server.create_database()
    async with ours(url, await prepared(url, size)) as api:
        yield api


async def live(plan: Plan) -> Table:
    """What subscribers wait for a change, on both databases."""
    made = Table(title=f"{SUBSCRIBERS} subscribers, {CHANGES} changes: act asked → event received")
    for column in ("database", "p50 ms", "p95 ms", "worst ms"):
        made.add_column(column)
    with (
        postgreses.running() as server,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        server.durable()
        for name, url in (
            ("PostgreSQL", server.create_database()),
            ("SQLite", sqlite_url(Path(folder))),
        ):
            async with ours(url, await prepared(url, plan.size)) as api:
                made.add_row(name, *spread(await delays(api)))
    return loaded(made)
