"""Delivery reports that came back for our letters (RFC 3464)."""

from collections.abc import Sequence

from models.acts.alarming import undelivered
from models.acts.milestones import letter_lost
from models.acts.work import Work
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, TimelineKind

BOUNCEABLE = (DeliveryState.SENT, DeliveryState.MAYBE_SENT, DeliveryState.SENDING)


async def record_bounces(work: Work, message_ids: Sequence[str], report_id: int) -> int:
    """Marks our letters as bounced, inside the caller's transaction; returns how many."""
    if not message_ids:
        return 0
    mails = await OutboundMail.filter(
        message_id__in=list(message_ids)[:20], state__in=list(BOUNCEABLE)
    )
    for mail in mails:
        mail.state = DeliveryState.BOUNCED
        mail.version += 1
        await mail.save(update_fields=["state", "version"])
        await letter_lost(work, mail)
        await undelivered(work, mail)
        work.note(
            TimelineKind.DELIVERY,
            f"The letter ({mail.kind.value}) came back undelivered: the deadline keeps running.",
            request_id=mail.request_id,
            message_id=report_id,
        )
    return len(mails)
