"""Which letters of ours still lack their copy in SENT_FOLDER; bookkeeping, no act of anybody's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.database import rows
from models.house import House
from models.tables import OutboundMail

COPIED_WITHIN = timedelta(days=7)  # an older letter's copy is given up


@dataclass(frozen=True, slots=True)
class Uncopied:
    """One sent letter: our Message-ID with brackets, and the exact bytes."""

    outbound_id: int
    message_id: str
    raw: bytes


async def uncopied(house: House, limit: int, *, now: datetime | None = None) -> list[Uncopied]:
    """Sent letters without a copy, oldest first; letters already erased are not among them."""
    found = await rows(
        "SELECT id, message_id, raw_sealed FROM outbound_mail WHERE copied_at IS NULL"
        " AND sent_at > ? AND state IN ('sent', 'bounced') AND raw_sealed IS NOT NULL"
        f" ORDER BY sent_at, id LIMIT {int(limit)}",
        ((now or datetime.now(UTC)) - COPIED_WITHIN,),
    )
    return [
        Uncopied(row["id"], row["message_id"], house.vault.open("out-raw", row["raw_sealed"]))
        for row in found
    ]


async def copied(outbound_id: int, *, now: datetime | None = None) -> None:
    """The copy lies there."""
    await OutboundMail.filter(id=outbound_id).update(copied_at=now or datetime.now(UTC))
