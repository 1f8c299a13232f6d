"""What was decided about a possible breach: notified, or why not (Art. 33); never undone."""

from datetime import datetime

from models.acts.standing import begin, check, go_on, target
from models.acts.work import Work, working
from models.breaches import BreachWish, decide_by, is_late, may_decide
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import BreachDecision, DataSubjectRequest
from models.vocabulary import BreachOutcome, RequestAction, TimelineKind

SAYS = {
    BreachOutcome.NOTIFIED: "The Inspectorate was notified of a breach (Art. 33)",
    BreachOutcome.NOT_NOTIFIED: "A breach that puts nobody at risk: not notified (Art. 33(1)).",
    BreachOutcome.NO_BREACH: "No breach of personal data was found.",
}


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
    """Records one decision; those before it stay. A case nobody flagged is flagged by it.

    Refused with REASON_REQUIRED (no grounds, or late without reasons), INVALID (a
    notification without its moment or in the future, a moment without one), CONFLICT (what
    was notified is not taken back), FORBIDDEN, ILLEGAL_TRANSITION, STALE_VERSION, NOT_FOUND.
    """
    wish = BreachWish(outcome, explanation, notified_at, delay_reasons)
    async with working(house, actor, "requestDecideBreach", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.DECIDE_BREACH)
        until = case.request.breach_decide_by or decide_by(case.request.received_at)
        decided = BreachDecision.filter(request_id=request_id)
        was_notified = await decided.filter(outcome=BreachOutcome.NOTIFIED).exists()
        check(may_decide(wish, until, work.now, was_notified=was_notified))
        await go_on(work, case, breach_decide_by=until)
        await _write(work, case.request, wish)
        work.note(TimelineKind.BREACH, _summary(work, wish, until), request_id=request_id)
        work.journal("request.decide_breach", target(request_id), {"outcome": outcome})
    return ActResult(request_id=request_id, reference=case.request.reference)


async def _write(work: Work, request: DataSubjectRequest, wish: BreachWish) -> None:
    vault = work.house.vault
    await BreachDecision.create(
        request_id=request.id,
        outcome=wish.outcome,
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
    local = wish.notified_at.astimezone(work.house.zone)
    late = ", after the 72 hours" if is_late(wish.notified_at, until) else ""
    return f"{says} on {local:%Y-%m-%d at %H:%M}{late}."
