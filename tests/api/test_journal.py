"""Read records: durable before `record` returns, in groups, in the order of their commits."""

import asyncio
import contextvars
import gc
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from models.acts import journal as module
from models.acts.journal import GROUP_MAX, ReadJournal, ReadRecord, write_reads
from models.acts.work import LEDGER_LOCK
from models.database import CONNECTION, connection
from models.shapes import SYSTEM
from models.tables import JournalEntry
from tests.registers import Registers, in_use


@pytest.fixture
async def journal(register: str) -> AsyncIterator[ReadJournal]:
    """A running journal."""
    found = ReadJournal()
    task = asyncio.create_task(found.run())
    yield found
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_record_is_durable_when_it_is_acknowledged(journal: ReadJournal) -> None:
    """Who, what, under which call."""
    await journal.record(ReadRecord(SYSTEM, ("Client:7",), "Look", "c1"))
    row = await JournalEntry.get()
    assert (row.action, row.targets, row.operation, row.call_id) == (
        "read",
        ["Client:7"],
        "Look",
        "c1",
    )


async def test_records_that_come_together_share_a_commit(
    journal: ReadJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first goes alone, the others wait for its commit and go together."""

    groups: list[int] = []
    write = module.write_reads

    async def counted(entries: Any) -> None:
        groups.append(len(entries))
        await write(entries)

    monkeypatch.setattr(module, "write_reads", counted)
    await asyncio.gather(*(journal.record(ReadRecord(SYSTEM, (f"Client:{n}",))) for n in range(50)))
    assert await JournalEntry.all().count() == 50
    assert sum(groups) == 50
    assert len(groups) <= 3


async def test_what_waits_when_it_is_stopped_is_written_all_the_same(register: str) -> None:
    """More than one commit takes."""
    journal = ReadJournal()
    waiting = [journal.begin(ReadRecord(SYSTEM, (f"Client:{n}",))) for n in range(4 * GROUP_MAX)]
    running = asyncio.create_task(journal.run())
    await waiting[0]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert all(one.done() for one in waiting)
    written = sum(one.exception() is None for one in waiting)
    assert await JournalEntry.all().count() >= written > GROUP_MAX


async def test_a_record_that_cannot_be_written_is_an_error_of_its_reader(
    journal: ReadJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next one is written again."""

    write = module.write_reads

    async def broken(_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(module, "write_reads", broken)
    with pytest.raises(ConnectionError):
        await journal.record(ReadRecord(SYSTEM, ("Client:1",)))
    monkeypatch.setattr(module, "write_reads", write)
    await journal.record(ReadRecord(SYSTEM, ("Client:2",)))
    assert await JournalEntry.all().count() == 1


async def test_a_record_may_be_begun_before_it_is_waited_for(
    journal: ReadJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When nobody waits any more, nobody is told of a lost exception either."""
    begun = journal.begin(ReadRecord(SYSTEM, ("Client:1",)))
    assert not begun.done()
    await begun
    assert await JournalEntry.all().count() == 1

    async def broken(_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(module, "write_reads", broken)
    lost: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
    left = journal.begin(ReadRecord(SYSTEM, ("Client:2",)))
    await asyncio.wait([left])
    del left
    gc.collect()
    assert lost == []


async def test_a_read_that_waited_for_another_commit_stands_after_it_on_postgresql(
    registers: Registers,
) -> None:
    """Its number is drawn under the lock: whoever resumes by number misses nothing."""
    async with in_use(registers.postgres()):
        await (await _held_back())
        found = [row.targets for row in await JournalEntry.all().order_by("id")]
    assert found == [["Client:1"], ["Client:2"], ["Client:3"]]


async def _held_back() -> "asyncio.Task[None]":
    """Two reads in one group, begun while another transaction holds the lock and then writes."""
    reads = [ReadRecord(SYSTEM, (f"Client:{number}",)) for number in (2, 3)]
    loop = asyncio.get_running_loop()
    outside = contextvars.copy_context()
    async with in_transaction(CONNECTION):
        await connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LEDGER_LOCK])
        waiting = loop.create_task(write_reads(reads), context=outside)
        async with asyncio.timeout(10):
            while not await _is_waited_for():  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.01)
        await JournalEntry.create(
            at=datetime.now(UTC),
            actor_kind=SYSTEM.kind,
            actor_label=SYSTEM.label,
            action="read",
            targets=["Client:1"],
        )
    return waiting


async def _is_waited_for() -> bool:
    found = await connection().execute_query_dict(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return bool(found)
