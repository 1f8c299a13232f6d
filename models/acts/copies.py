"""Which letters of ours still lack their copy in SENT_FOLDER; bookkeeping, no act of anybody's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.house import House
from models.tables import OutboundMail
from models.vocabulary import DeliveryState

COPIED_WITHIN = timedelta(days=7)  # an older letter's copy is given up


@dataclass(frozen=True, slots=True)
class Uncopied:
    """One sent letter: our Message-ID with brackets, and the exact bytes."""

    outbound_id: int
    message_id: str
    sent_at: datetime
    raw: bytes


async def uncopied(house: House, limit: int, *, now: datetime | None = None) -> list[Uncopied]:
    """Sent letters without a copy, oldest first; letters already erased are not among them."""
    found = (
        await OutboundMail.filter(
            copied_at__isnull=True,
            sent_at__gt=(now or datetime.now(UTC)) - COPIED_WITHIN,
            state__in=(DeliveryState.SENT, DeliveryState.BOUNCED),
            raw_sealed__isnull=False,
        )
        .order_by("sent_at", "id")
        .limit(limit)
        .values_list("id", "message_id", "sent_at", "raw_sealed")
    )
    return [
        Uncopied(number, message_id, sent_at, house.vault.open("out-raw", raw))
        for number, message_id, sent_at, raw in found
    ]


async def copied(outbound_id: int, *, now: datetime | None = None) -> None:
    """The copy lies there."""
    await OutboundMail.filter(id=outbound_id).update(copied_at=now or datetime.now(UTC))
