"""What the fate of a letter of ours means for its case, inside the outbox's own commit."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from models import lifecycle
from models.acts.extending import extension_lost, extension_sent
from models.acts.questions import question_lost, question_sent
from models.acts.restricting import lifting_lost, lifting_stands
from models.acts.work import Work
from models.tables import DataSubjectRequest, Extension, OutboundMail, RequestItem
from models.vocabulary import (
    DeliveryState,
    ItemStatus,
    LetterKind,
    Outcome,
    RequestStatus,
    TimelineKind,
)

LOST = (DeliveryState.BOUNCED, DeliveryState.FAILED, DeliveryState.DROPPED)
ASKING = (LetterKind.IDENTITY_CHECK, LetterKind.CLARIFICATION)
ENDING = (LetterKind.CLOSING, LetterKind.REFUSAL)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter of ours that went out at `sent_at`."""

    outbound_id: int
    kind: LetterKind
    request_id: int | None
    sent_at: datetime


async def letter_sent(work: Work, sent: Sent) -> None:
    """Notices begin to count, answers are given."""
    if sent.kind is LetterKind.EXTENSION:
        await extension_sent(work, sent.outbound_id, sent.sent_at)
    elif sent.kind in ASKING:
        await question_sent(work, sent.outbound_id, sent.sent_at)
    elif sent.kind in ENDING and sent.request_id is not None:
        await _answered(work, sent.request_id, sent.sent_at)


async def letter_lost(work: Work, mail: OutboundMail) -> None:
    """The letter did not arrive, or a person decided that it does not go."""
    if mail.kind is LetterKind.EXTENSION:
        await extension_lost(work, mail)
    elif mail.kind in ASKING:
        await question_lost(work, mail)
    elif mail.kind is LetterKind.RESTRICTION_LIFTED:
        await lifting_lost(work, mail)
    elif mail.kind in ENDING and mail.request_id is not None:
        await _unanswered(work, mail)


async def may_go_again(mail: OutboundMail) -> bool:
    """A notice of extension that was lost is not repeated: the question is decided anew (R5).

    Nor is the notice that a restriction ends.
    """
    if mail.kind is LetterKind.RESTRICTION_LIFTED:
        return await lifting_stands(mail)
    if mail.kind is not LetterKind.EXTENSION or mail.state not in LOST:
        return True
    return await Extension.exists(letter_id=mail.id)


async def _answered(work: Work, request_id: int, sent_at: datetime) -> None:
    """The day of the answer is the day its letter went out."""
    items = await RequestItem.filter(request_id=request_id)
    if any(item.status is ItemStatus.OPEN for item in items):
        return
    outcome = lifecycle.outcome_of(Outcome(item.outcome) for item in items if item.outcome)
    statuses = [*lifecycle.OPEN, RequestStatus.CLOSED]
    await DataSubjectRequest.filter(id=request_id, status__in=statuses).update(
        status=RequestStatus.CLOSED,
        outcome=outcome,
        closed_at=sent_at,
        closed_on=work.house.today(sent_at),
        updated_at=work.now,
    )


async def _unanswered(work: Work, mail: OutboundMail) -> None:
    """Without its closing letter a case is not closed; a later letter of it may have arrived."""
    later = OutboundMail.filter(
        request_id=mail.request_id, kind__in=list(ENDING), id__gt=mail.id
    ).exclude(state__in=list(LOST))
    if await later.exists():
        return
    changed = await DataSubjectRequest.filter(
        id=mail.request_id, status=RequestStatus.CLOSED
    ).update(
        status=RequestStatus.IN_PROGRESS,
        outcome=None,
        closed_at=None,
        closed_on=None,
        version=F("version") + 1,
        updated_at=work.now,
    )
    if changed:
        summary = "The answer did not arrive: the case is open again."
        work.note(TimelineKind.REOPENED, summary, request_id=mail.request_id)
