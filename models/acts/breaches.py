"""A possible breach is reported by a colleague, and decided: notified, or why not (Art. 33)."""

from datetime import datetime

from models.acts.alarming import tell_of_breach
from models.acts.standing import begin, check, go_on, target
from models.acts.work import Work, working
from models.breaches import BreachWish, decide_by, is_late, is_past, may_decide, may_report
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import BreachDecision, DataSubjectRequest
from models.vocabulary import BreachOutcome, RequestAction, TimelineKind

SAYS = {
    BreachOutcome.NOTIFIED: "The Inspectorate was notified of a breach (Art. 33)",
    BreachOutcome.NOT_NOTIFIED: "A breach that puts nobody at risk: not notified (Art. 33(1)).",
    BreachOutcome.NO_BREACH: "No breach of personal data was found.",
}


async def report_breach(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    note: str,
    known_at: datetime | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Shows the 72 hours of a breach nobody flagged and tells the officer at once.

    They run since `known_at`, when the letter that told of it was received, else since the
    case was. Refused with REASON_REQUIRED without a note, INVALID (a moment in the future),
    CONFLICT (one waits to be decided, or one of the same moment was), ILLEGAL_TRANSITION,
    STALE_VERSION, NOT_FOUND.
    """
    async with working(house, actor, "requestReportBreach", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.REPORT_BREACH)
        since = known_at or case.request.received_at
        check(is_past("knownAt", since, work.now))
        until = decide_by(since)
        made = BreachDecision.filter(request_id=request_id, decide_by=until)
        waits, decided = case.request.breach_decide_by is not None, await made.exists()
        check(may_report(note, waits=waits, is_decided=decided))
        await go_on(work, case, breach_decide_by=until)
        seed = f"DataSubjectRequest:{request_id}:{until.isoformat()}"
        await tell_of_breach(work, seed, case.request, decide_by=until)
        summary = f"A possible breach: to be decided by {_local(work, until)} (Art. 33(1))."
        work.note(TimelineKind.BREACH, summary, request_id=request_id, detail={"text": note})
        work.journal("request.report_breach", target(request_id))
    return ActResult(request_id=request_id, reference=case.request.reference)


def _local(work: Work, moment: datetime) -> str:
    return f"{moment.astimezone(work.house.zone):%Y-%m-%d at %H:%M}"


async def decide_breach(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    outcome: BreachOutcome,
    explanation: str,
    notified_at: datetime | None = None,
    delay_reasons: str = "",
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Records one decision; those before it stay. It is about what waits, else about what was
    decided last, else about the first letter: a case nobody flagged may be decided too.

    Refused with REASON_REQUIRED (no grounds, or late without reasons), INVALID (a
    notification without its moment, in the future or before the breach was known, a moment
    without one), CONFLICT (what was notified is not taken back), FORBIDDEN,
    ILLEGAL_TRANSITION, STALE_VERSION, NOT_FOUND.
    """
    wish = BreachWish(outcome, explanation, notified_at, delay_reasons)
    async with working(house, actor, "requestDecideBreach", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.DECIDE_BREACH)
        until = await _until(case.request)
        same = BreachDecision.filter(request_id=request_id, decide_by=until)
        was_notified = await same.filter(outcome=BreachOutcome.NOTIFIED).exists()
        stands = await BreachDecision.filter(
            outcome=BreachOutcome.NOTIFIED, notified_at=notified_at
        ).exists()
        check(may_decide(wish, until, work.now, was_notified=was_notified, stands=stands))
        await go_on(work, case, breach_decide_by=None)
        await _write(work, case.request, wish, until)
        work.note(TimelineKind.BREACH, _summary(work, wish, until), request_id=request_id)
        work.journal("request.decide_breach", target(request_id), {"outcome": outcome})
    return ActResult(request_id=request_id, reference=case.request.reference)


async def _until(request: DataSubjectRequest) -> datetime:
    """The end of the 72 hours that wait for a decision; else of those decided last."""
    if request.breach_decide_by is not None:
        return request.breach_decide_by
    last = await BreachDecision.filter(request_id=request.id).order_by("-id").first()
    return last.decide_by if last else decide_by(request.received_at)


async def _write(
    work: Work, request: DataSubjectRequest, wish: BreachWish, until: datetime
) -> None:
    vault = work.house.vault
    await BreachDecision.create(
        request_id=request.id,
        outcome=wish.outcome,
        decide_by=until,
        notified_at=wish.notified_at,
        explanation_sealed=vault.seal_text("note", wish.explanation),
        delay_sealed=vault.seal_text("note", wish.delay_reasons or None),
        decided_at=work.now,
        by_label=work.actor.label,
        by_staff_id=work.actor.staff_id,
    )


def _summary(work: Work, wish: BreachWish, until: datetime) -> str:
    says = SAYS[wish.outcome]
    if wish.notified_at is None:
        return says
    late = ", after the 72 hours" if is_late(wish.notified_at, until) else ""
    return f"{says} on {_local(work, wish.notified_at)}{late}."
