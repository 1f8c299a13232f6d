"""One act, one transaction: rows, timeline, journal and queued letters, or nothing.

The timeline and the journal are read by id ("what came after entry 7?"), so their ids
must grow in commit order. Rows are therefore collected and written last, on PostgreSQL
under one advisory lock held until commit; on SQLite the write lock does the same.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from models.database import CONNECTION, connection, is_postgres
from models.erasure_log import Line, append
from models.house import House
from models.personal import named_in
from models.shapes import Actor
from models.tables import JournalEntry, TimelineEntry
from models.vocabulary import TimelineKind

LEDGER_LOCK = 0x4E50_0001  # any constant: all writers of the ledgers share it
CHANNEL = "netpro_timeline"  # LISTEN here for new timeline entries
SUMMARY_MAX = 300
PATIENCE = "400ms"  # less than the second after which PostgreSQL ends one of two for the other


@dataclass
class Work:
    """The open transaction of one act."""

    house: House
    actor: Actor
    operation: str
    now: datetime
    call_id: str | None = None
    logs_erasures: bool = True
    lately: int | None = None  # automatic letters of the last hour, once they are counted
    _timeline: list[TimelineEntry] = field(default_factory=list)
    _journal: list[JournalEntry] = field(default_factory=list)
    _erased: list[Line] = field(default_factory=list)

    def note(
        self,
        kind: TimelineKind,
        summary: str,
        *,
        request_id: int | None = None,
        message_id: int | None = None,
        detail: Any = None,
    ) -> None:
        """One timeline entry; `summary` carries no personal data, `detail` is sealed."""
        sealed = None if detail is None else self.house.vault.seal_json("timeline", detail)
        self._timeline.append(
            TimelineEntry(
                request_id=request_id,
                message_id=message_id,
                kind=kind,
                at=self.now,
                actor_kind=self.actor.kind,
                actor_label=self.actor.label,
                staff_id=self.actor.staff_id,
                summary=summary[:SUMMARY_MAX],
                detail_sealed=sealed,
            )
        )

    def journal(self, action: str, targets: Iterable[str], detail: Any = None) -> None:
        """One journal row: `targets` like "Client:7"; ValueError for personal data in `detail`."""
        if found := named_in(detail):
            raise ValueError(f"the journal takes no personal data: {', '.join(sorted(found))}")
        self._journal.append(
            JournalEntry(
                at=self.now,
                actor_kind=self.actor.kind,
                actor_label=self.actor.label,
                staff_id=self.actor.staff_id,
                action=action,
                targets=list(targets),
                operation=self.operation,
                call_id=self.call_id,
                detail=detail,
            )
        )

    def erased(self, line: Line) -> None:
        """One line of the erasure log, on the disk before this act commits."""
        if self.logs_erasures:
            self._erased.append(line)

    async def _write_ledgers(self) -> None:
        if self._erased:
            await asyncio.to_thread(append, self.house.erasure_log, self._erased)
        if not (self._timeline or self._journal):
            return
        if is_postgres():
            # listeners are told at commit, so that a dashboard need not wait for its next poll
            told = ", pg_notify($2, '')" if self._timeline else ""
            values = [LEDGER_LOCK, CHANNEL] if self._timeline else [LEDGER_LOCK]
            await connection().execute_query(f"SELECT pg_advisory_xact_lock($1){told}", values)
        if self._timeline:
            await TimelineEntry.bulk_create(self._timeline)
        if self._journal:
            await JournalEntry.bulk_create(self._journal)


@asynccontextmanager
async def working(
    house: House,
    actor: Actor,
    operation: str,
    *,
    now: datetime | None = None,
    call_id: str | None = None,
) -> AsyncIterator[Work]:
    """Opens the act's transaction; commits with its ledgers, or leaves nothing behind."""
    async with in_transaction(CONNECTION):
        work = Work(house, actor, operation, now or datetime.now(UTC), call_id)
        yield work
        await work._write_ledgers()


async def give_way() -> None:
    """This transaction fails rather than wait long for a row: an act of somebody goes before it.

    Of two that wait for each other PostgreSQL ends either; SQLite lets one write at a time.
    """
    if is_postgres():
        await connection().execute_query(f"SET LOCAL lock_timeout = '{PATIENCE}'")
