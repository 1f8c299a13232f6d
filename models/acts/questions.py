"""Questions that pause the clock: who asks (Art. 12(6)), what is meant (Recital 63); R7.

The clock stands still from the day our letter was sent until the day of the answer. An
answer by mail ends the waiting by itself; anything else a person records.
"""

from datetime import date, datetime
from typing import Any

from tortoise.expressions import F

from models.acts.clocks import asked_right, purposes, refresh
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.work import Work, working
from models.acts.writing import Draft, case_facts, language_of, send
from models.guards import may_suspend, refuse
from models.house import House
from models.identity import satisfies, strictest
from models.letters.facts import (
    ClarificationFacts,
    IdentityCheckFacts,
    ReminderFacts,
)
from models.lifecycle import OPEN
from models.rights import needs_of
from models.shapes import Actor, ActResult, Problem
from models.tables import DataSubjectRequest, OutboundMail, Question, RequestItem
from models.vocabulary import (
    Assurance,
    DeliveryState,
    ErrorCode,
    ItemStatus,
    Justification,
    LetterKind,
    RequestAction,
    RequestStatus,
    TimelineKind,
)

IDENTITY = Justification.IDENTITY_VERIFICATION_REQUIRED
CLARIFICATION = Justification.INFORMATION_REQUIRED
_ACTIONS = {IDENTITY: RequestAction.ASK_IDENTITY, CLARIFICATION: RequestAction.ASK_CLARIFICATION}
_OPERATIONS = {IDENTITY: "requestAskIdentity", CLARIFICATION: "requestAskClarification"}
_KINDS = {IDENTITY: TimelineKind.IDENTITY, CLARIFICATION: TimelineKind.CLARIFICATION}
_AWAITS = {
    IDENTITY: RequestStatus.AWAITING_IDENTITY,
    CLARIFICATION: RequestStatus.AWAITING_CLARIFICATION,
}


async def ask(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    ground: Justification,
    text: str,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Asks the person; `text` is the stated doubt or the question, in the person's language.

    `ground` is IDENTITY or CLARIFICATION; anything else, internal discussion for example, is
    INVALID. REASON_REQUIRED without words, CONFLICT when the identity is proven already.
    """
    operation = _OPERATIONS.get(ground, "requestSuspend")
    async with working(house, actor, operation, now=now, call_id=call_id) as work:
        action = _ACTIONS.get(ground, RequestAction.ASK_CLARIFICATION)
        case = await begin(work, request_id, version, action)
        check(_may_ask(case, ground, text))
        draft = await question_draft(work, case.request, case.items, ground, text)
        mail = await send(
            work, case.request, draft, answer_address=answer_address, prefers_file=True
        )
        await Question.create(
            request_id=request_id,
            ground=ground,
            text_sealed=house.vault.seal_text("note", text),
            letter_id=mail.id,
            asked_at=work.now,
            by_label=actor.label,
            by_staff_id=actor.staff_id,
        )
        await go_on(work, case)
        await refresh(work, request_id)
        summary = f"Asked ({ground.value}): the clock stands still once the letter is sent."
        work.note(_KINDS[ground], summary, request_id=request_id, detail={"text": text})
        work.journal("request.ask", target(request_id), {"ground": ground})
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)


def _may_ask(case: Case, ground: Justification, text: str) -> Problem | None:
    undecided = case.undecided
    problem = may_suspend(ground, [item.type for item in undecided], text)
    if problem or ground is CLARIFICATION:
        return problem
    if satisfies(case.request.assurance, _needed(undecided)):
        return refuse(ErrorCode.CONFLICT, "The identity is proven as far as it can be asked.")
    return None


def _needed(items: list[RequestItem]) -> Assurance:
    return strictest(needs_of(item.type, purposes(item), doubtful=True) for item in items)


async def question_draft(
    work: Work,
    request: DataSubjectRequest,
    items: list[RequestItem],
    ground: Justification,
    text: str,
) -> Draft:
    """The letter that asks."""
    undecided = [item for item in items if item.status is ItemStatus.OPEN]
    facts: dict[str, Any] = case_facts(work, request)
    facts["rights"] = tuple(asked_right(item) for item in undecided)
    language = await language_of(request)
    if ground is IDENTITY:
        needed = _needed(undecided)
        check_facts = IdentityCheckFacts(**facts, needs=needed, doubt=text)
        return Draft(LetterKind.IDENTITY_CHECK, language, check_facts)
    return Draft(LetterKind.CLARIFICATION, language, ClarificationFacts(**facts, question=text))


async def resume(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    answered_on: date | None = None,
    note: str = "",
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """The answer came another way, or we no longer wait: the clock runs on from that day."""
    async with working(house, actor, "requestResume", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.RESUME)
        day = answered_on or house.today(work.now)
        if day > house.today(work.now):
            check(refuse(ErrorCode.INVALID, "This day is still to come.", "answeredOn"))
        await go_on(work, case)
        await _end(work, request_id, day)
        detail = {"text": note} if note.strip() else None
        summary = f"The clock runs on since {day.isoformat()}."
        work.note(TimelineKind.RESUMED, summary, request_id=request_id, detail=detail)
        work.journal("request.resume", target(request_id))
    return ActResult(request_id=request_id, reference=case.request.reference)


async def answered(work: Work, request: DataSubjectRequest, received_at: datetime) -> bool:
    """A letter of the person came in: it ends the waiting, inside the caller's transaction."""
    day = work.house.today(received_at)
    if request.status not in _AWAITS.values() or not await _end(work, request.id, day):
        return False
    await DataSubjectRequest.filter(id=request.id, status__in=list(OPEN)).update(
        status=RequestStatus.IN_PROGRESS, version=F("version") + 1
    )
    summary = f"An answer came in: the clock runs on since {day.isoformat()}."
    work.note(TimelineKind.RESUMED, summary, request_id=request.id)
    return True


async def stop_waiting(work: Work, request_id: int) -> None:
    """The question has become needless: what we waited counts, nothing waits any more."""
    await _end(work, request_id, work.house.today(work.now))


async def _end(work: Work, request_id: int, day: date) -> bool:
    """Every open question of the case ends on `day`; returns whether there was one."""
    waiting = await Question.filter(request_id=request_id, answered_on=None)
    for question in waiting:
        start = question.waiting_from or day
        await Question.filter(id=question.id).update(
            answered_on=max(day, start), waiting_from=question.waiting_from
        )
    await refresh(work, request_id)
    return bool(waiting)


async def remind(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Reminds the person of a question whose letter was sent."""
    async with working(house, actor, "requestRemind", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.REMIND)
        draft = await reminder_draft(work, case.request)
        mail = await send(
            work, case.request, draft, answer_address=answer_address, prefers_file=True
        )
        await go_on(work, case)
        work.note(TimelineKind.REPLIED, "Reminded of our question.", request_id=request_id)
        work.journal("request.remind", target(request_id))
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)


async def reminder_draft(work: Work, request: DataSubjectRequest) -> Draft:
    """The reminder; ActRefused CONFLICT while no question has reached the person."""
    asked = Question.filter(request_id=request.id, answered_on=None, waiting_from__not_isnull=True)
    question = await asked.order_by("-id").first()
    if question is None or question.waiting_from is None:
        check(refuse(ErrorCode.CONFLICT, "No question of ours has been sent."))
        raise AssertionError
    facts: dict[str, Any] = case_facts(work, request)
    reminder = ReminderFacts(
        **facts, status=_AWAITS[question.ground], asked_on=question.waiting_from
    )
    return Draft(LetterKind.REMINDER, await language_of(request), reminder)


async def question_sent(work: Work, letter_id: int, sent_at: datetime) -> None:
    """Our question went out: the clock stands still from this day."""
    question = await Question.get_or_none(letter_id=letter_id, waiting_from=None)
    if question is None or question.answered_on is not None:
        return
    day = work.house.today(sent_at)
    await Question.filter(id=question.id).update(waiting_from=day)
    await DataSubjectRequest.filter(id=question.request_id, status__in=list(OPEN)).update(
        status=_AWAITS[question.ground], version=F("version") + 1
    )
    await refresh(work, question.request_id)
    summary = f"The clock stands still since {day.isoformat()}."
    work.note(TimelineKind.SUSPENDED, summary, request_id=question.request_id)


async def question_lost(work: Work, mail: OutboundMail) -> None:
    """Our question did not arrive: nobody waits, and no day is added."""
    question = await Question.get_or_none(letter_id=mail.id)
    if question is None:
        return
    await Question.filter(id=question.id).update(waiting_from=None)
    others = Question.filter(request_id=question.request_id, answered_on=None)
    if not await others.exclude(id=question.id).exclude(letter__state__in=_LOST).exists():
        await DataSubjectRequest.filter(
            id=question.request_id, status__in=list(_AWAITS.values())
        ).update(status=RequestStatus.IN_PROGRESS, version=F("version") + 1)
    await refresh(work, question.request_id)
    summary = "Our question did not arrive: the clock never stood still for it."
    work.note(TimelineKind.RESUMED, summary, request_id=question.request_id)


_LOST = [DeliveryState.BOUNCED, DeliveryState.FAILED, DeliveryState.DROPPED]
