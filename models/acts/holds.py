"""Legal hold: nothing of a case and its client is erased while it stands (Art. 17(3)(e))."""

from datetime import datetime

from models.acts.standing import begin, check, go_on, target
from models.acts.work import working
from models.guards import reasoned, refuse
from models.house import House
from models.shapes import Actor, ActResult
from models.vocabulary import ErrorCode, RequestAction, TimelineKind


async def set_hold(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    reason: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Holds the data of a case; `reason` is for colleagues. Refused with CONFLICT when held."""
    return await _hold(house, actor, True, request_id, version, reason, now, call_id)


async def lift_hold(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    reason: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Ends the hold: retention and erasure go on. Refused with CONFLICT when nothing is held."""
    return await _hold(house, actor, False, request_id, version, reason, now, call_id)


async def _hold(
    house: House,
    actor: Actor,
    holds: bool,
    request_id: int,
    version: int,
    reason: str,
    now: datetime | None,
    call_id: str | None,
) -> ActResult:
    operation = "requestHold" if holds else "requestLiftHold"
    action = RequestAction.LEGAL_HOLD if holds else RequestAction.LIFT_LEGAL_HOLD
    async with working(house, actor, operation, now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, action)
        check(reasoned(reason, "reason"))
        if case.request.legal_hold is holds:
            message = f"The case is {'held already' if holds else 'not held'}."
            check(refuse(ErrorCode.CONFLICT, message, "requestId"))
        await go_on(work, case, legal_hold=holds)
        summary = "Legal hold: nothing may be erased." if holds else "The legal hold has ended."
        work.note(TimelineKind.LEGAL_HOLD, summary, request_id=request_id, detail={"text": reason})
        work.journal("request.hold" if holds else "request.lift_hold", target(request_id))
    return ActResult(request_id=request_id, reference=case.request.reference)
