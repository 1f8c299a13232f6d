"""Whether the people concerned are told of a breach, or why not (Art. 34); never undone."""

from datetime import datetime

from models.acts.standing import begin, check, go_on, target
from models.acts.work import Work, working
from models.breaches import TOLD, TellingWish, may_tell, to_tell_of
from models.guards import refuse
from models.house import House
from models.shapes import Actor, ActRefused, ActResult
from models.tables import BreachDecision, BreachTelling, DataSubjectRequest
from models.vocabulary import ErrorCode, RequestAction, TellingOutcome, TimelineKind

SAYS = {
    TellingOutcome.TOLD: "The people concerned were told of the breach (Art. 34)",
    TellingOutcome.TOLD_PUBLICLY: "The breach was made public (Art. 34(3)(c))",
    TellingOutcome.NO_HIGH_RISK: "No high risk: the people concerned are not told (Art. 34(1)).",
    TellingOutcome.UNINTELLIGIBLE: "Nobody can read it: they are not told (Art. 34(3)(a)).",
    TellingOutcome.AVERTED: "The high risk is gone: they are not told (Art. 34(3)(b)).",
}


async def decide_telling(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    outcome: TellingOutcome,
    explanation: str,
    told_at: datetime | None = None,
    decide_by: datetime | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Records one decision; those before it stay. The letters themselves go out elsewhere.

    `decide_by` says which breach of the case, by the end of its 72 hours; else the first that
    was notified and waits for it, else what waits to be decided, else the last that was one.

    Refused with REASON_REQUIRED (no word on how, or why not), INVALID (told without a moment, in
    the future or before the breach was known, a moment without telling), CONFLICT (no breach in
    sight; who was told stays told), FORBIDDEN, ILLEGAL_TRANSITION, STALE_VERSION, NOT_FOUND.
    """
    wish = TellingWish(outcome, explanation, told_at)
    async with working(house, actor, "requestDecideTelling", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.DECIDE_TELLING)
        until = await _breach(case.request, decide_by)
        same = BreachTelling.filter(request_id=request_id, decide_by=until)
        was_told = await same.filter(outcome__in=list(TOLD)).exists()
        stands = await BreachTelling.filter(outcome__in=list(TOLD), told_at=told_at).exists()
        check(may_tell(wish, until, work.now, was_told=was_told, stands=stands))
        await go_on(work, case)
        await _write(work, request_id, wish, until)
        work.note(TimelineKind.BREACH, _summary(work, wish), request_id=request_id)
        work.journal("request.decide_telling", target(request_id), {"outcome": outcome})
    return ActResult(request_id=request_id, reference=case.request.reference)


async def _breach(request: DataSubjectRequest, named: datetime | None) -> datetime:
    """The breach it is about, by the end of its 72 hours; ActRefused when none is in sight."""
    made = await BreachDecision.filter(request_id=request.id).order_by("id")
    told = await BreachTelling.filter(request_id=request.id)
    found = to_tell_of(
        {one.decide_by: one.outcome for one in made},
        {one.decide_by for one in told},
        request.breach_decide_by,
        named,
    )
    if found is None:
        message = "No such breach is in sight: record first that there was one."
        path = "outcome" if named is None else "decideBy"
        raise ActRefused(refuse(ErrorCode.CONFLICT, message, path))
    return found


async def _write(work: Work, request_id: int, wish: TellingWish, until: datetime) -> None:
    await BreachTelling.create(
        request_id=request_id,
        outcome=wish.outcome,
        decide_by=until,
        told_at=wish.told_at,
        explanation_sealed=work.house.vault.seal_text("note", wish.explanation),
        decided_at=work.now,
        by_label=work.actor.label,
        by_staff_id=work.actor.staff_id,
    )


def _summary(work: Work, wish: TellingWish) -> str:
    says = SAYS[wish.outcome]
    if wish.told_at is None:
        return says
    return f"{says} on {wish.told_at.astimezone(work.house.zone):%Y-%m-%d at %H:%M}."
