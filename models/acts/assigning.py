"""Who works on a case: a trained colleague, or nobody (clause 6.2)."""

from datetime import datetime

from models.acts.fulfilment import plan_tasks
from models.acts.standing import begin, check, go_on, target
from models.acts.work import working
from models.guards import refuse
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import Staff
from models.vocabulary import ErrorCode, RequestAction, TimelineKind


async def assign(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    staff_id: int | None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Gives the case to a trained person, or back to the queue with None.

    The work that comes before a decision is there from then on, once who asks is proven.
    Refused with INVALID for somebody who is not trained or not at work.
    """
    async with working(house, actor, "requestAssign", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.ASSIGN)
        if staff_id is not None and not await _may_take(staff_id):
            message = "Only active staff with a training date can take a case."
            check(refuse(ErrorCode.INVALID, message, "staffId"))
        await go_on(work, case, assignee_id=staff_id)
        await plan_tasks(work, request_id)
        summary = "Assigned to a member of staff." if staff_id else "Put back into the queue."
        work.note(TimelineKind.ASSIGNED, summary, request_id=request_id)
        work.journal("request.assign", target(request_id))
    return ActResult(request_id=request_id)


async def _may_take(staff_id: int) -> bool:
    person = await Staff.get_or_none(id=staff_id, is_active=True)
    return person is not None and person.trained_on is not None
