"""Writes the dates and the needed identity of a case anew, from what stands on it."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from models import identity, rights
from models.acts.work import Work
from models.caseclock import CaseClock, Since, case_clock
from models.letters.facts import AskedRight
from models.tables import DataSubjectRequest, Extension, Question, RequestItem
from models.vocabulary import AskedPurpose, Justification


async def refresh(work: Work, request_id: int) -> CaseClock | None:
    """Dates, target and needed identity, inside the caller's transaction; no new version."""
    request = await DataSubjectRequest.get(id=request_id)
    items = await RequestItem.filter(request_id=request_id)
    if not items:
        return None
    questions = await Question.filter(request_id=request_id)
    extended = await Extension.exists(request_id=request_id, notified_on__not_isnull=True)
    found = clock_of(request, items, questions, work.house.zone, is_extended=extended)
    doubtful = is_doubted(questions)
    await DataSubjectRequest.filter(id=request_id).update(
        **columns(found),
        identity_needed=identity.strictest(
            rights.needs_of(item.type, purposes(item), doubtful=doubtful) for item in items
        ),
        updated_at=work.now,
    )
    return found


def clock_of(
    request: DataSubjectRequest,
    items: Sequence[RequestItem],
    questions: Sequence[Question],
    zone: ZoneInfo,
    *,
    is_extended: bool,
) -> CaseClock:
    """The clock of a case as its rights, questions and notice of extension make it."""
    return case_clock(
        [_since(request, item) for item in items],
        zone,
        [(one.waiting_from, one.answered_on) for one in questions if one.waiting_from],
        is_extended=is_extended,
    )


def columns(clock: CaseClock) -> dict[str, Any]:
    """The columns of `request` that hold these dates."""
    return {
        "nominal_on": clock.nominal_on,
        "due_on": clock.due_on,
        "unsuspended_due_on": clock.unsuspended_due_on,
        "internal_target_on": clock.internal_target_on,
        "target_on": clock.target_on,
        "suspended_days": clock.suspended_days,
    }


def is_doubted(questions: list[Question]) -> bool:
    """Whether staff stated a doubt about who asks."""
    ground = Justification.IDENTITY_VERIFICATION_REQUIRED
    return any(question.ground is ground for question in questions)


def purposes(item: RequestItem) -> tuple[AskedPurpose, ...]:
    """The purposes of one right, as words of the vocabulary."""
    return tuple(AskedPurpose(one) for one in item.purposes)


def asked_right(item: RequestItem) -> AskedRight:
    """One right as letters name it."""
    return AskedRight(item.type, purposes(item))


def _since(request: DataSubjectRequest, item: RequestItem) -> Since:
    return item.type, item.received_at or request.received_at
