"""Read records: durable before `record` returns, in groups, in the order of their commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from models.acts import journal as module
from models.acts.journal import ReadJournal, ReadRecord
from models.shapes import SYSTEM
from models.tables import JournalEntry


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
