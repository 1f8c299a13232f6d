"""Which letters of cases lack their keyword in the mailbox; bookkeeping, no act of anybody's."""

from collections.abc import Sequence
from datetime import UTC, datetime

from models.database import rows
from models.tables import Sighting


async def unmarked(folder: str, uidvalidity: int, limit: int) -> dict[int, int]:
    """Letters that belong to a case and were never marked: ledger row by UID."""
    found = await rows(
        "SELECT s.uid, s.id FROM sighting s JOIN message m ON m.id = s.message_id"
        " WHERE s.folder = ? AND s.uidvalidity = ? AND s.marked_at IS NULL"
        f" AND m.request_id IS NOT NULL ORDER BY s.uid LIMIT {int(limit)}",
        (folder, uidvalidity),
    )
    return {row["uid"]: row["id"] for row in found}


async def marked(sighting_ids: Sequence[int], *, now: datetime | None = None) -> None:
    """They carry it; whoever takes it off again is left alone."""
    await Sighting.filter(id__in=list(sighting_ids)).update(marked_at=now or datetime.now(UTC))
