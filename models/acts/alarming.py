"""Which letters cannot wait: of a breach (Art. 33), an authority; unread ones, undelivered ones."""

from datetime import datetime

from tortoise.expressions import F, Q

from models import breaches
from models.acts.alarms import TO_STAFF, alarm
from models.acts.work import Work
from models.letters.facts import StaffAlarm
from models.tables import DataSubjectRequest, Message, OutboundMail
from models.vocabulary import Fate

NOBODY_S = (Fate.AUTOMATIC, Fate.IGNORED)


async def sound(work: Work, message: Message, request: DataSubjectRequest | None) -> None:
    """Tells the officer of a letter that came in, inside the caller's transaction."""
    if message.fate in NOBODY_S:
        return
    reference = request.reference if request else None
    seed = f"Message:{message.id}"
    if message.possible_breach:
        decide_by = breaches.decide_by(message.received_at)
        await breach(work, seed, request, decide_by=decide_by)
    if message.urgent:
        await alarm(work, StaffAlarm.AUTHORITY_LETTER, seed=seed, reference=reference)


async def breach(
    work: Work, seed: str, request: DataSubjectRequest | None, *, decide_by: datetime
) -> None:
    """Art. 33: the 72 hours may run since receipt; the case keeps the earliest end that
    nobody has decided about: a leak told of after a decision has hours of its own.
    """
    if request is not None:
        await _count(request, decide_by)
    await tell_of_breach(work, seed, request, decide_by=decide_by)


async def _count(request: DataSubjectRequest, decide_by: datetime) -> None:
    """On the case as it stands, whatever was read before: somebody may be deciding."""
    same = DataSubjectRequest.filter(id=request.id)
    if request.breach_decide_by != decide_by:  # else the case began with it
        # who decides must have read of this leak too
        await same.update(version=F("version") + 1)
    later = Q(breach_decide_by=None) | Q(breach_decide_by__gt=decide_by)
    await same.filter(later).update(breach_decide_by=decide_by)


async def tell_of_breach(
    work: Work, seed: str, request: DataSubjectRequest | None, *, decide_by: datetime
) -> None:
    """The officer, at once; of the same `seed` only once."""
    reference = request.reference if request else None
    await alarm(
        work, StaffAlarm.POSSIBLE_BREACH, seed=seed, reference=reference, decide_by=decide_by
    )


async def undelivered(work: Work, mail: OutboundMail) -> None:
    """A letter of ours failed, came back, or nobody knows; one to staff raises no alarm."""
    if mail.kind in TO_STAFF:
        return
    request = await DataSubjectRequest.get_or_none(id=mail.request_id) if mail.request_id else None
    await alarm(
        work,
        StaffAlarm.UNDELIVERED,
        seed=f"OutboundMail:{mail.id}:{mail.version}",
        reference=request.reference if request else None,
    )


async def quarantined(work: Work) -> bool:
    """A letter could not be read and its clock may run; once an hour, however many there are."""
    told = await alarm(work, StaffAlarm.QUARANTINE, seed=f"{work.now:%Y-%m-%dT%H}")
    return bool(told)
