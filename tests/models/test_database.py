"""The faults of the database layer we stand on, each guarded."""

import asyncio
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.acts.work import working
from models.database import (
    CONNECTION,
    DatabaseProblem,
    config,
    connection,
    is_postgres,
    is_unwell,
    numbered,
    rows,
)
from models.house import House
from models.shapes import SYSTEM
from models.tables import Classification, Heartbeat, TimelineEntry
from models.vocabulary import Decision, Language, TimelineKind
from tests.registers import NOW, Registers, in_use

COUNT_UP = """
import asyncio, sys
from tortoise.transactions import in_transaction
from models.database import CONNECTION, opened
from models.tables import CaseNumber

async def main():
    async with opened(sys.argv[1]):
        for _ in range(100):
            async with in_transaction(CONNECTION):
                row = await CaseNumber.get(year=2026)
                await asyncio.sleep(0)
                await CaseNumber.filter(year=2026).update(last_number=row.last_number + 1)

asyncio.run(main())
"""


def test_a_url_of_another_kind_is_refused() -> None:
    with pytest.raises(DatabaseProblem, match="sqlite:// or postgres://"):
        config("mysql://localhost/x")


def test_placeholders_are_numbered_for_postgresql() -> None:
    assert numbered("a = ? AND b = ?") == "a = $1 AND b = $2"


async def test_two_processes_that_read_then_write_lose_nothing_on_sqlite(
    registers: Registers, tmp_path: Path
) -> None:
    url = registers.sqlite(tmp_path)
    with sqlite3.connect(url.removeprefix("sqlite://")) as direct:
        direct.execute("INSERT INTO case_number VALUES (2026, 0)")
    both = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", COUNT_UP, url) for _ in range(2)
    ]
    assert [await one.wait() for one in both] == [0, 0]
    with sqlite3.connect(url.removeprefix("sqlite://")) as direct:
        assert direct.execute("SELECT last_number FROM case_number").fetchone() == (200,)


async def test_a_cancelled_wait_does_not_release_another_task_s_transaction(
    registers: Registers, tmp_path: Path
) -> None:
    async with in_use(registers.sqlite(tmp_path)):
        async with in_transaction(CONNECTION):

            async def another() -> None:
                async with in_transaction(CONNECTION):
                    raise AssertionError("the lock is held")

            waiting = asyncio.create_task(another())
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await Heartbeat.create(name="x", seen_at=NOW)
        assert await Heartbeat.exists(name="x")


async def test_a_transaction_cancelled_at_any_step_gives_its_connection_back(
    register_url: str,
) -> None:
    async def transaction() -> None:
        async with in_transaction(CONNECTION):
            await rows("SELECT 1 AS one")

    one_connection = f"{register_url}&maxsize=1" if "?" in register_url else register_url
    async with in_use(one_connection):
        for steps in range(40):
            task = asyncio.create_task(transaction())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
            async with asyncio.timeout(10):
                await transaction()


async def test_a_commit_that_fails_on_sqlite_leaves_the_connection_usable(
    registers: Registers, tmp_path: Path
) -> None:
    async def refused_at_commit() -> None:
        async with in_transaction(CONNECTION):
            # the one failure of COMMIT itself that can be had at will
            await connection().execute_query("PRAGMA defer_foreign_keys = ON")
            await Classification.create(
                message_id=404, labels=[], purposes=[], language=Language.ET,
                decision=Decision.IGNORE, confidence=0.5, model="x", at=NOW,
            )  # fmt: skip

    async with in_use(registers.sqlite(tmp_path)):
        with pytest.raises(IntegrityError):
            await refused_at_commit()
        async with in_transaction(CONNECTION):
            await Heartbeat.create(name="x", seen_at=NOW)
        assert not await Classification.all().exists()
        assert await Heartbeat.exists(name="x")


@pytest.mark.usefixtures("register")
async def test_an_instant_of_another_zone_compares_as_utc() -> None:
    local = datetime.fromisoformat("2026-03-05T12:00:00+02:00")
    await Heartbeat.create(name="x", seen_at=local)
    assert await Heartbeat.filter(seen_at__lt=local.astimezone(UTC) + timedelta(seconds=1)).exists()
    assert not await Heartbeat.filter(seen_at__lt=local.astimezone(UTC)).exists()


@pytest.mark.usefixtures("register")
async def test_a_failed_act_leaves_nothing_behind(house: House) -> None:
    async def failing() -> None:
        async with working(house, SYSTEM, "test") as work:
            work.note(TimelineKind.NOTE, "never")
            await Heartbeat.create(name="x", seen_at=NOW)
            raise ValueError

    with pytest.raises(ValueError):
        await failing()
    assert not await Heartbeat.exists(name="x")
    assert await TimelineEntry.all().count() == 0


async def test_ledger_ids_grow_in_commit_order_even_when_an_act_waits_on_postgresql(
    registers: Registers, house: House
) -> None:
    """An act that began first and commits last has the higher id."""
    async with in_use(registers.postgres()):
        began, may_end = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            async with working(house, SYSTEM, "slow") as work:
                work.note(TimelineKind.NOTE, "slow")
                began.set()
                await may_end.wait()

        async def quick() -> None:
            async with working(house, SYSTEM, "quick") as work:
                work.note(TimelineKind.NOTE, "quick")

        task = asyncio.create_task(slow())
        await began.wait()
        await quick()
        first = await rows("SELECT max(id) AS id FROM timeline_entry")
        may_end.set()
        await task
        later = await rows("SELECT summary FROM timeline_entry WHERE id > ?", (first[0]["id"],))
        assert [row["summary"] for row in later] == ["slow"]


@pytest.mark.usefixtures("register")
async def test_no_foreign_key_cascades() -> None:
    """A rebuilt table on SQLite would take its children along."""
    dialect = connection().capabilities.dialect
    if dialect == "postgres":
        sql = "SELECT count(*) AS n FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'"
    else:
        sql = "SELECT count(*) AS n FROM sqlite_master WHERE sql LIKE '%ON DELETE CASCADE%'"
    assert (await rows(sql))[0]["n"] == 0


async def test_a_statement_it_cannot_run_is_the_database_s_fault(register: str) -> None:
    with pytest.raises(Exception) as told:
        await rows("SELECT no_such_column FROM heartbeat")
    assert is_unwell(told.value)


async def test_a_value_it_will_not_have_is_not_its_fault(register: str) -> None:
    for name in ("a" * 81, "a\0b") if is_postgres() else ("a" * 81,):
        with pytest.raises(Exception) as told:
            await Heartbeat.create(name=name, seen_at=NOW, detail={})
        assert not is_unwell(told.value)


async def test_a_full_disk_is_the_database_s_fault(registers: Registers, tmp_path: Path) -> None:
    async with in_use(registers.sqlite(tmp_path)):
        [size] = await rows("PRAGMA page_count")
        await rows(f"PRAGMA max_page_count = {size['page_count']}")
        with pytest.raises(Exception, match="full") as told:
            await Heartbeat.create(name="x", seen_at=NOW, detail={"long": "x" * 100_000})
    assert is_unwell(told.value)
