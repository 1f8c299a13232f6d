"""A letter that was filed under the wrong case goes to the right one."""

from datetime import datetime
from typing import cast

from tortoise.expressions import F

from models.acts.questions import answered
from models.acts.standing import check, target
from models.acts.work import working
from models.guards import reasoned, refuse
from models.house import House
from models.lifecycle import OPEN
from models.shapes import Actor, ActResult, Problem
from models.tables import DataSubjectRequest, Message
from models.vocabulary import ErrorCode, Fate, TimelineKind


async def move_message(
    house: House,
    actor: Actor,
    *,
    message_id: int,
    version: int,
    request_id: int,
    reason: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Moves a further letter to another open case, where it ends a waiting for an answer.

    `version` is the letter's. Refused with NOT_FOUND, STALE_VERSION, REASON_REQUIRED,
    CONFLICT for the letter that opened its case (merge or split the case instead), or is erased.
    """
    async with working(house, actor, "messageMove", now=now, call_id=call_id) as work:
        message = await _further_letter(message_id, version)
        check(reasoned(reason, "reason"))
        to = await DataSubjectRequest.get_or_none(id=request_id, status__in=list(OPEN))
        if to is None:
            check(refuse(ErrorCode.NOT_FOUND, "No such open case.", "requestId"))
        to = cast(DataSubjectRequest, to)
        source_id = cast(int, message.request_id)
        if to.id == source_id:
            check(refuse(ErrorCode.CONFLICT, "The letter belongs to this case.", "requestId"))
        changed = await Message.filter(id=message_id, version=version).update(
            request_id=to.id, version=version + 1
        )
        if not changed:
            check(_stale())
        both = DataSubjectRequest.filter(id__in=[source_id, to.id])
        await both.update(version=F("version") + 1, updated_at=work.now)
        await answered(work, to, message.received_at)
        summary = f"A letter was moved to case {to.reference}."
        work.note(TimelineKind.RECLASSIFIED, summary, request_id=source_id, detail={"text": reason})
        summary = "A letter of another case was moved to this one."
        work.note(TimelineKind.RECLASSIFIED, summary, request_id=to.id, message_id=message_id)
        cases = [*target(source_id), *target(to.id)]
        work.journal("message.move", [f"Message:{message_id}", *cases])
    return ActResult(request_id=to.id, reference=to.reference, message_id=message_id)


async def _further_letter(message_id: int, version: int) -> Message:
    message = await Message.get_or_none(id=message_id)
    if message is None:
        check(refuse(ErrorCode.NOT_FOUND, "No such letter.", "messageId"))
    message = cast(Message, message)
    if message.version != version:
        check(_stale())
    if message.request_id is None:
        text = "The letter belongs to no case: classify it."
        check(refuse(ErrorCode.CONFLICT, text, "messageId"))
    if message.fate is not Fate.FOLLOW_UP:
        text = "This letter opened its case: merge the case, or split it."
        check(refuse(ErrorCode.CONFLICT, text, "messageId"))
    if not message.sha256:  # blank once erased; its old case takes no words either
        text = "The letter was erased: its time was up."
        check(refuse(ErrorCode.CONFLICT, text, "messageId"))
    return message


def _stale() -> Problem:
    text = "Somebody changed this letter meanwhile: read it again."
    return refuse(ErrorCode.STALE_VERSION, text, "version")
