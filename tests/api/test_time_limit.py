"""A question that takes too long is answered in time, and its SQL ends with it."""

import asyncio
import contextlib
import time
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from api.app import build_app
from api.settings import ApiSettings
from models.database import CONNECTION, connection, is_postgres, rows, snapshot
from models.house import House
from models.tables import Heartbeat
from tests.api.desk import Door
from tests.api.seeds import NOW

LIMIT = 0.5
# many times the limit on any machine
SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000)"
    " SELECT count(*) AS slow FROM n"
)
AT_WORK = (
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%AS slow FROM n'"
    " AND datname = current_database() AND pid <> pg_backend_pid()"
)


async def slow_read(in_snapshot: bool) -> None:
    """Alone, or as one of several of one moment."""
    async with snapshot() if in_snapshot else contextlib.nullcontext():
        await rows(SLOW)


async def given_up(in_snapshot: bool) -> None:
    """Waits a moment for a slow read."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slow_read(in_snapshot), 0.3)


async def test_a_question_that_takes_too_long_is_answered_in_time(
    door: Door, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with a code; nothing of it is left at work in the database, the next one is answered."""

    async def slow(*_: Any) -> Any:
        return await rows(SLOW)

    monkeypatch.setattr("api.reads.figures.figures.health", slow)
    app = build_app(house, ApiSettings.load({"OPERATION_SECONDS": str(LIMIT)}, None))
    async with app.router.lifespan_context(app), Door.over(app, door.tokens) as hasty:
        began = time.monotonic()
        asking = asyncio.create_task(hasty.post("{ health { database } }"))
        if is_postgres():
            await asyncio.sleep(LIMIT / 2)
            assert len(await rows(AT_WORK)) == 1
        response = await asking
        assert time.monotonic() - began < LIMIT + 1
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        assert await hasty.ask("{ requests { nodes { id } } }") == {"requests": {"nodes": []}}
    if is_postgres():
        assert await rows(AT_WORK) == []


@pytest.mark.parametrize("in_snapshot", [False, True])
async def test_who_waits_behind_a_read_that_is_given_up_loses_nothing(
    register: str, in_snapshot: bool
) -> None:
    """Acts and reads of others begin when it has ended, and are not ended with it."""

    async def act(name: str) -> None:
        async with in_transaction(CONNECTION):
            await Heartbeat.create(name=name, seen_at=NOW)
            await asyncio.sleep(0.01)

    began = time.monotonic()
    await asyncio.gather(
        given_up(in_snapshot),
        *(act(f"bot {number}") for number in range(5)),
        *(connection().execute_query_dict("SELECT 1") for _ in range(5)),
    )
    assert time.monotonic() - began < 3
    assert await Heartbeat.all().count() == 5


async def test_giving_up_at_any_moment_harms_no_act(register: str) -> None:
    """Also in the moment in which a read begins, waits for its turn, or has just ended."""
    for number in range(60):
        async with in_transaction(CONNECTION):
            await Heartbeat.create(name=f"bot {number}", seen_at=NOW)
        reading = asyncio.create_task(rows("SELECT count(*) AS n FROM heartbeat"))
        await asyncio.sleep(number / 60_000)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    assert await Heartbeat.all().count() == 60
