"""The API under load: one request, the board page, the statistics; beside the floor and the peer.

Rounds are interleaved, so that whatever else the machine does meets all of them.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

import orjson
from rich.table import Table
from tortoise.backends.base.executor import EXECUTOR_CACHE

from models.acts.access import create_token, upsert_staff
from models.migrate import migrate
from models.shapes import SYSTEM
from models.vocabulary import Role
from tests.bench.contenders import Contender, Question, since
from tests.bench.filling import Size, fill, reference
from tests.processes import ROOT
from tests.registers import house, in_use

QUESTIONS = 500
CONNECTIONS = (1, 16)
SEED = 20260305


@dataclass
class Measured:
    """Waits in milliseconds over all rounds."""

    waits: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # processor ms of the server, a request

    @property
    def per_second(self) -> float:
        """Median of the rounds."""
        return median(self.rates)

    def percentile(self, which: int) -> float:
        """Of all waits."""
        return quantiles(self.waits, n=100)[which - 1]


async def prepared(url: str, size: Size) -> str:
    """A migrated, filled register; returns a case handler's token."""
    EXECUTOR_CACHE.clear()
    await migrate(url)
    await fill(url, house(), size)
    return await a_token(url)


async def a_token(url: str) -> str:
    """Of a trained case handler."""
    async with in_use(url):
        person = await upsert_staff(
            house(),
            SYSTEM,
            name="Bench",
            email="bench@example.com",
            role=Role.CASE_HANDLER,
            trained_on=date(2026, 1, 15),
        )
        made = await create_token(
            house(), SYSTEM, name="bench", role=Role.CASE_HANDLER, staff_id=person.staff_id
        )
    return made.token


def questions(kind: str, size: Size) -> list[Question]:
    """The same ones for everybody."""
    dice = random.Random(SEED)
    if kind == "case":
        numbers = [dice.randint(1, size.requests) for _ in range(QUESTIONS)]
        return [(kind, {"reference": reference(number)}) for number in numbers]
    if kind == "board":
        return [(kind, {"since": since(dice.randint(0, 50))}) for _ in range(QUESTIONS)]
    until = datetime.now(UTC).date() + timedelta(days=1)
    period = {"from": (until - timedelta(days=30)).isoformat(), "until": until.isoformat()}
    return [(kind, period)] * QUESTIONS


class Load:
    """The process that asks."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator["Load"]:
        """Until the end of the bench."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.load",
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**26,
        )
        try:
            yield cls(process)
        finally:
            process.kill()
            await process.wait()

    async def ask(
        self, one: Contender, kind: str, bodies: list[str], connections: int, seconds: float
    ) -> Any:
        """One round."""
        order = {
            "port": one.port,
            "path": one.path(kind),
            "headers": dict(one.headers),
            "connections": connections,
            "seconds": seconds,
            "bodies": bodies,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        found = orjson.loads(await self._process.stdout.readline())
        if found["failed"]:
            raise RuntimeError(f"{one.name} failed {found['failed']} of {found['count']} questions")
        return found


async def compare(
    contenders: Sequence[Contender], kind: str, size: Size, rounds: int, seconds: float
) -> dict[tuple[str, int], Measured]:
    """Rounds in turn. Who has the same rows must be known to answer the same before."""
    asked = questions(kind, size)
    found: dict[tuple[str, int], Measured] = {}
    async with Load.running() as load:
        for one in contenders:
            await load.ask(one, kind, one.bodies(asked), 4, seconds / 4)
        # a document that the server meets in the first round
        bodies = {one.name: one.bodies(asked) for one in contenders}
        for _ in range(rounds):
            for connections in CONNECTIONS:
                for one in contenders:
                    before = one.cpu_ms()
                    got = await load.ask(one, kind, bodies[one.name], connections, seconds)
                    into = found.setdefault((one.name, connections), Measured())
                    into.waits += got["waits"]
                    into.rates.append(got["count"] / got["seconds"])
                    into.costs.append((one.cpu_ms() - before) / got["count"])
    return found


async def same_answers(contenders: Sequence[Contender], asked: Sequence[Question]) -> None:
    """Whoever answers something else is not compared."""
    for question in asked:
        answers = [await one.answer(question) for one in contenders]
        for one, answer in zip(contenders[1:], answers[1:], strict=True):
            if answer != answers[0]:
                raise RuntimeError(f"{one.name} and {contenders[0].name} differ on {question}")


def table(title: str) -> Table:
    """Columns of every comparison."""
    made = Table(title=title)
    columns = (
        "question",
        "server",
        "conn.",
        "req/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "cpu ms",
        "of ours",
    )
    for column in columns:
        made.add_column(column)
    return made


def show(into: Table, kind: str, found: dict[tuple[str, int], Measured], ours: str) -> None:
    """One row a server and number of connections; `of ours` = our rate by its rate."""
    for (name, connections), one in found.items():
        share = found[ours, connections].per_second / one.per_second
        into.add_row(
            kind,
            name,
            str(connections),
            f"{one.per_second:.0f}",
            f"{one.percentile(50):.1f}",
            f"{one.percentile(95):.1f}",
            f"{one.percentile(99):.1f}",
            f"{median(one.costs):.2f}",
            "" if name == ours else f"{share:.2f}×",
        )
