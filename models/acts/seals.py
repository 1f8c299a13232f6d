"""The journal's hash chain: batches are sealed by one sealer, in commit order.

A seal's digest covers the seal before it and every row of its batch, so a row that is
changed, removed or moved no longer fits. Gaps are judged on seal numbers.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from models.acts.mailbox import instant
from models.acts.work import LEDGER_LOCK
from models.database import CONNECTION, connection, is_postgres, rows
from models.tables import JournalSeal

BATCH = 1000
COLUMNS = "id, at, actor_kind, actor_label, staff_id, action, targets, operation, call_id, detail"


async def seal() -> int:
    """Seals what came since the last seal; returns the number of rows sealed."""
    sealed = 0
    while count := await _seal_batch():
        sealed += count
    return sealed


async def _seal_batch() -> int:
    async with in_transaction(CONNECTION):
        if is_postgres():
            await connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LEDGER_LOCK])
        last = await JournalSeal.all().order_by("-number").first()
        batch = await _entries(last.last_entry_id if last else 0, None)
        if not batch:
            return 0
        await JournalSeal.create(
            number=last.number + 1 if last else 1,
            last_entry_id=batch[-1]["id"],
            entries=len(batch),
            digest=_digest(last.digest if last else "", batch),
            sealed_at=datetime.now(UTC),
        )
    return len(batch)


async def verify() -> list[str]:
    """One sentence per seal that does not fit; empty when the chain holds."""
    problems = []
    previous: JournalSeal | None = None
    for found in await JournalSeal.all().order_by("number"):
        expected = previous.number + 1 if previous else found.number
        if found.number != expected:
            problems.append(f"journal seal {expected} is missing")
        elif previous or found.number == 1:
            batch = await _entries(previous.last_entry_id if previous else 0, found.last_entry_id)
            if len(batch) != found.entries:
                problems.append(
                    f"journal seal {found.number}: {found.entries} rows were sealed,"
                    f" {len(batch)} stand up to entry {found.last_entry_id}"
                )
            elif _digest(previous.digest if previous else "", batch) != found.digest:
                problems.append(
                    f"journal seal {found.number}: a row up to entry {found.last_entry_id}"
                    " was changed"
                )
        previous = found
    return problems


async def _entries(after: int, until: int | None) -> list[dict[str, Any]]:
    bound = " AND id <= ?" if until is not None else ""
    limit = "" if until is not None else f" LIMIT {BATCH}"
    values = (after,) if until is None else (after, until)
    return await rows(
        f"SELECT {COLUMNS} FROM journal_entry WHERE id > ?{bound} ORDER BY id{limit}", values
    )


def _digest(previous: str, batch: list[dict[str, Any]]) -> str:
    digest = hashlib.sha256(previous.encode())
    for row in batch:
        plain = {**row, "at": instant(row["at"]).isoformat()}
        for column in ("targets", "detail"):
            if isinstance(plain[column], str):
                plain[column] = json.loads(plain[column])
        digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
    return digest.hexdigest()
