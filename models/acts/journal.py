"""Reads of personal data, journalled: one row an operation, durable before the answer leaves.

Rows that arrive while a commit is under way go together into the next one, so a lone
reader waits for one commit and many readers share it. A row that cannot be written is
an error of the operation that read: its answer must not go out.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from tortoise.transactions import in_transaction

from models.acts.work import LEDGER_LOCK
from models.database import CONNECTION, is_postgres, reader, rows
from models.shapes import Actor
from models.tables import JournalEntry

GROUP_MAX = 50  # the server prepares a statement for each size
TURNS = 3  # of the loop, in which those come whose rows have just arrived


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """What one operation read: `targets` like "Client:7", no personal data."""

    actor: Actor
    targets: tuple[str, ...]
    operation: str | None = None
    call_id: str | None = None
    action: str = "read"
    at: datetime | None = None


class ReadJournal:
    """Writes read records in groups; `run` must be running, outside any transaction."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[ReadRecord, asyncio.Future[None]]] = asyncio.Queue()
        self._is_busy = False

    async def record(self, entry: ReadRecord) -> None:
        """Returns when the record is durable; raises what the database raised."""
        await self.begin(entry)

    def begin(self, entry: ReadRecord) -> "asyncio.Future[None]":
        """Done when the record is durable; fails as the database failed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_heard)
        self._waiting.put_nowait((entry, done))
        return done

    async def run(self) -> None:
        """Writes until cancelled; what waits then is written before it ends."""
        try:
            while True:
                await self._write_group([await self._waiting.get()])
        finally:
            while not self._waiting.empty():
                await self._write_group([self._waiting.get_nowait()])

    async def _write_group(self, group: list[tuple[ReadRecord, asyncio.Future[None]]]) -> None:
        problem: BaseException | None = None
        try:
            await self._fill(group)
            await write_reads([entry for entry, _ in group])
        except asyncio.CancelledError as cancelled:
            problem = ConnectionError("the journal was stopped")
            raise cancelled
        except Exception as failure:  # every operation of the group has to hear of it
            problem = failure
        finally:
            for _, done in group:
                if done.done():
                    continue
                if problem is None:
                    done.set_result(None)
                else:
                    done.set_exception(problem)

    async def _fill(self, group: list[tuple[ReadRecord, asyncio.Future[None]]]) -> None:
        """Takes whoever waits; one who came alone the last time is not kept waiting for others."""
        for _ in range(TURNS if self._is_busy else 0):
            await asyncio.sleep(0)
        while len(group) < GROUP_MAX and not self._waiting.empty():
            group.append(self._waiting.get_nowait())
        self._is_busy = len(group) > 1


def _heard(done: "asyncio.Future[None]") -> None:
    """Who began it may have been cut off: then nobody asks how it ended."""
    if not done.cancelled():
        done.exception()


_COLUMNS = "at, actor_kind, actor_label, staff_id, action, targets, operation, call_id"
_ROW = "(?::timestamptz, ?::text, ?::text, ?::int, ?::text, ?::jsonb, ?::text, ?::text)"


@lru_cache(maxsize=GROUP_MAX)
def _statement(count: int) -> str:
    """The lock comes before the numbers are drawn, so ids are in commit order like all others."""
    return (
        "WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(?::bigint))"
        f" INSERT INTO journal_entry ({_COLUMNS}) SELECT one.* FROM locked"
        f" CROSS JOIN (VALUES {', '.join([_ROW] * count)}) AS one"
    )


async def write_reads(entries: Sequence[ReadRecord]) -> None:
    """One transaction for all of them; on PostgreSQL one statement, so one way to the server."""
    client = reader()
    if is_postgres(client):
        values = [value for entry in entries for value in _values(entry)]
        await rows(_statement(len(entries)), [LEDGER_LOCK, *values], client)
        return
    async with in_transaction(CONNECTION):
        await JournalEntry.bulk_create(map(_row, entries))


def _values(entry: ReadRecord) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    at, actor = entry.at or datetime.now(UTC), entry.actor
    targets = orjson.dumps(entry.targets).decode()
    who = (actor.kind.value, actor.label, actor.staff_id)
    return at, *who, entry.action, targets, entry.operation, entry.call_id


def _row(entry: ReadRecord) -> JournalEntry:
    return JournalEntry(
        at=entry.at or datetime.now(UTC),
        actor_kind=entry.actor.kind,
        actor_label=entry.actor.label,
        staff_id=entry.actor.staff_id,
        action=entry.action,
        targets=list(entry.targets),
        operation=entry.operation,
        call_id=entry.call_id,
    )


def targets_of(kind: str, keys: Iterable[object]) -> list[str]:
    """Journal targets of many rows of one noun."""
    return [f"{kind}:{key}" for key in keys]
