"""One letter of several people, or a person's request inside a company's: a case of its own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from models.acts.cases import Opening, open_case
from models.acts.clocks import purposes, refresh
from models.acts.fulfilment import plan_tasks
from models.acts.recipients import thread_of
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.work import Work, working
from models.guards import may_split, reasoned, refuse
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import Client, DataSubjectRequest, RequestItem
from models.vocabulary import (
    Assurance,
    ErrorCode,
    RequestAction,
    RequestType,
    TimelineKind,
)


async def split_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    labels: Collection[RequestType],
    is_shared: bool,
    reason: str,
    client_id: int | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Opens a second case with these rights, on the same clock and about the same letter.

    `is_shared`: both ask for them, so the first case keeps its own; else they leave it.
    `client_id` is whom the new case is about; nobody's identity is taken over. The result
    names the new case. Refused with REASON_REQUIRED, NOT_FOUND, INVALID or CONFLICT when
    these rights cannot leave.
    """
    async with working(house, actor, "requestSplit", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.SPLIT)
        statuses = {item.type: item.status for item in case.items}
        check(reasoned(reason, "reason"), may_split(labels, statuses, is_shared=is_shared))
        if client_id is not None and not await Client.exists(id=client_id, erased_at=None):
            check(refuse(ErrorCode.NOT_FOUND, "No such client.", "clientId"))
        chosen = [item for item in case.items if item.type in labels]
        made = await _open(work, case.request, chosen, client_id)
        if not is_shared:
            await _move(case.request, chosen, made)
        await go_on(work, case)
        for one in (case.request, made):
            await refresh(work, one.id)
            await plan_tasks(work, one.id)
        await _note(work, case, made, reason)
        work.journal("request.split", [*target(request_id), *target(made.id)])
    return ActResult(request_id=made.id, reference=made.reference, created=True)


async def _open(
    work: Work, request: DataSubjectRequest, chosen: Sequence[RequestItem], client_id: int | None
) -> DataSubjectRequest:
    """With nothing in effect: whose consents end, a person decides."""
    made = await open_case(
        work,
        Opening(
            asked=[(item.type, purposes(item)) for item in chosen],
            received_at=min(item.received_at or request.received_at for item in chosen),
            channel=request.channel,
            language=request.language,
            subject_id=client_id,
            assurance=Assurance.CLAIMED,
            their_reference=request.their_reference,
            shared_address=True,
        ),
    )
    await RequestItem.filter(request_id=made.id).update(effective_at=None)
    return made


async def _move(
    request: DataSubjectRequest, chosen: Sequence[RequestItem], made: DataSubjectRequest
) -> None:
    """The rights themselves go over, with what is in effect already."""
    await RequestItem.filter(request_id=made.id).delete()
    for item in chosen:
        since = item.received_at or request.received_at
        await RequestItem.filter(id=item.id).update(request_id=made.id, received_at=since)


async def _note(work: Work, case: Case, made: DataSubjectRequest, reason: str) -> None:
    thread = await thread_of(work, case.request)
    work.note(
        TimelineKind.SPLIT,
        f"Case {made.reference} came out of this one.",
        request_id=case.request.id,
        detail={"text": reason},
    )
    work.note(
        TimelineKind.SPLIT,
        f"Came out of case {case.request.reference}.",
        request_id=made.id,
        message_id=thread.message_id,
    )
