"""A person corrects what a case asks for; the verdict of the classifier stays beside it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from models.acts.cases import Asked, add_items
from models.acts.classify import check_purposes, owners_of, take_effect_of, write_verdict
from models.acts.clocks import purposes as purposes_of_item
from models.acts.clocks import refresh
from models.acts.effects import asked_of
from models.acts.fulfilment import plan_tasks
from models.acts.recording import put_into_effect
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.work import Work, working
from models.guards import may_correct, reasoned
from models.house import House
from models.lifecycle import CORRECTED_TO_NOTHING
from models.shapes import Actor, ActResult
from models.tables import CategoryDecision, Message, RequestItem
from models.vocabulary import AskedPurpose, ItemStatus, RequestAction, RequestType, TimelineKind


async def correct_rights(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    labels: Sequence[RequestType],
    reason: str,
    purposes: Sequence[AskedPurpose] = (),
    marketing_objection: bool = False,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Says which rights a case asks for; none at all: it was no request.

    What is added has its clock since the case came in, and takes effect where the law says
    so. Refused with REASON_REQUIRED, INVALID, or CONFLICT when a right that is decided or in
    effect would go.
    """
    check_purposes(labels, purposes)
    async with working(
        house, actor, "requestCorrectClassification", now=now, call_id=call_id
    ) as work:
        case = await begin(work, request_id, version, RequestAction.CORRECT_CLASSIFICATION)
        asked = asked_of(labels, purposes, marketing_objection=marketing_objection)
        have = {item.type: (item.status, purposes_of_item(item)) for item in case.items}
        check(reasoned(reason, "reason"), may_correct(asked, have))
        await _verdict(work, case, labels, purposes)
        if asked:
            await _change(work, case, asked)
        else:
            case.leads_to = CORRECTED_TO_NOTHING
        await go_on(work, case)
        await refresh(work, request_id)
        await plan_tasks(work, request_id)
        summary = f"A person corrected: {', '.join(labels) or 'no request'}."
        work.note(
            TimelineKind.RECLASSIFIED, summary, request_id=request_id, detail={"text": reason}
        )
        work.journal("request.correct", target(request_id), {"labels": list(labels)})
    return ActResult(request_id=request_id, reference=case.request.reference)


async def _verdict(
    work: Work, case: Case, labels: Sequence[RequestType], purposes: Sequence[AskedPurpose]
) -> None:
    letter = await _first_letter(case)
    if letter is not None:
        await write_verdict(work, letter, labels, purposes)


async def _first_letter(case: Case) -> Message | None:
    letters = Message.filter(request_id=case.request.id, header_sealed__not_isnull=True)
    return await letters.order_by("received_at", "id").first()


async def _change(work: Work, case: Case, asked: Sequence[Asked]) -> None:
    wanted = dict(asked)
    for item in case.items:
        row = RequestItem.filter(id=item.id)
        if item.status is not ItemStatus.OPEN:
            await row.update(purposes=list(wanted[item.type]))
        elif wanted.get(item.type) != purposes_of_item(item):
            await CategoryDecision.filter(item_id=item.id).delete()
            await row.delete()  # asked for anew below, where it may take effect
    letter = await _first_letter(case)
    owners: Collection[int] = await owners_of(letter) if letter else ()
    unsure = len(owners) > 1 or (letter is None and case.request.subject_id is None)
    await add_items(case.request, asked, case.request.received_at, shared_address=unsure)
    new = _newly_asked(case, asked)
    if letter is None:
        await put_into_effect(work, case.request, new, None)
    else:
        await take_effect_of(work, letter, case.request, new, sorted(owners))


def _newly_asked(case: Case, asked: Sequence[Asked]) -> list[Asked]:
    """Rights, or purposes of one, that the case did not have."""
    have = {item.type: purposes_of_item(item) for item in case.items}
    return [
        (kind, tuple(one for one in named if one not in have.get(kind, ())))
        for kind, named in asked
        if kind not in have or set(named) - set(have[kind])
    ]
