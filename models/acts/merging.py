"""Two cases of one person become one, which keeps the earliest clock (law: what counts)."""

from datetime import datetime
from typing import Any, cast

from models.acts.cases import touch
from models.acts.clocks import purposes, refresh
from models.acts.fulfilment import plan_tasks
from models.acts.standing import Case, begin, check, go_on, stale, target
from models.acts.work import Work, working
from models.guards import Party, may_merge, refuse
from models.house import House
from models.lifecycle import OPEN
from models.shapes import Actor, ActResult
from models.tables import (
    BreachDecision,
    BreachTelling,
    CaseFile,
    DataSubjectRequest,
    FulfilmentTask,
    Message,
    RequestItem,
)
from models.vocabulary import ErrorCode, ItemStatus, RequestAction, TimelineKind


async def merge_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    into_id: int,
    into_version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Merges a case into another open one: rights, letters, files and tasks go there.

    Refused with SELF_MERGE, CONFLICT (two clients), IDENTITY_REQUIRED (the less proven case
    would add rights to the proven one), NOT_FOUND, STALE_VERSION, ILLEGAL_TRANSITION.
    """
    async with working(house, actor, "requestMerge", now=now, call_id=call_id) as work:
        await _hold(request_id, into_id)
        case = await begin(work, request_id, version, RequestAction.MERGE)
        into = await _other(case, into_id, into_version)
        await touch(work, into.request.id, into.request.version, **_inherited(case, into))
        await _add_rights(case, into)
        await Message.filter(request_id=request_id).update(request_id=into_id)
        await CaseFile.filter(request_id=request_id).update(request_id=into_id)
        await FulfilmentTask.filter(request_id=request_id).update(request_id=into_id)
        await BreachDecision.filter(request_id=request_id).update(request_id=into_id)
        await BreachTelling.filter(request_id=request_id).update(request_id=into_id)
        await go_on(work, case, duplicate_of_id=into_id)
        await refresh(work, into_id)
        await plan_tasks(work, into_id)
        _note(work, case, into)
        work.journal("request.merge", [*target(request_id), *target(into_id)])
    return ActResult(request_id=into_id, reference=into.request.reference)


async def _hold(*request_ids: int) -> None:
    """Both rows in one order, so that two mergers across cannot wait for each other."""
    await DataSubjectRequest.filter(id__in=request_ids).order_by("id").select_for_update()


async def _other(case: Case, into_id: int, version: int) -> Case:
    request = await DataSubjectRequest.get_or_none(id=into_id)
    if request is None or (request.status not in OPEN and request.id != case.request.id):
        check(refuse(ErrorCode.NOT_FOUND, "No such open case.", "intoId"))
    request = cast(DataSubjectRequest, request)
    items = await RequestItem.filter(request_id=into_id).order_by("id")
    into = Case(request, items, request.status)
    check(may_merge(_party(case), _party(into)))
    if request.version != version:
        raise stale("intoVersion")
    return into


def _party(case: Case) -> Party:
    request = case.request
    kinds = frozenset(item.type for item in case.items)
    return Party(request.id, request.subject_id, request.assurance, kinds)


def _inherited(case: Case, into: Case) -> dict[str, Any]:
    """What the case that stays takes over: holds and earliest moments, never an identity."""
    source, stays = case.request, into.request
    breach = [at for at in (source.breach_decide_by, stays.breach_decide_by) if at is not None]
    first = min(source, stays, key=lambda one: one.received_at)
    return {
        "subject_id": stays.subject_id or source.subject_id,
        "legal_hold": stays.legal_hold or source.legal_hold,
        "breach_decide_by": min(breach, default=None),
        "received_at": first.received_at,
        "received_on": first.received_on,
    }


async def _add_rights(case: Case, into: Case) -> None:
    """Each right once, since its earliest receipt; what was decided elsewhere is open here."""
    mine = {item.type: item for item in into.items}
    for item in into.items:  # its own receipt, before the case takes over an earlier one
        item.received_at = item.received_at or into.request.received_at
    for item in case.items:
        since = item.received_at or case.request.received_at
        twin = mine.get(item.type)
        if twin is None:
            mine[item.type] = _copy(item, into.request.id, since)
            continue
        assert twin.received_at is not None
        twin.received_at = min(twin.received_at, since)
        twin.purposes = sorted({*purposes(twin), *purposes(item)})
    for item in mine.values():
        await item.save()


def _copy(item: RequestItem, request_id: int, since: datetime) -> RequestItem:
    effective = item.status is ItemStatus.EFFECTIVE
    return RequestItem(
        request_id=request_id,
        type=item.type,
        purposes=item.purposes,
        status=ItemStatus.EFFECTIVE if effective else ItemStatus.OPEN,
        received_at=since,
        effective_at=item.effective_at,
    )


def _note(work: Work, case: Case, into: Case) -> None:
    here, there = case.request, into.request
    summary = f"Merged into {there.reference}."
    work.note(TimelineKind.MERGED, summary, request_id=here.id)
    summary = f"Case {here.reference} was merged into this one; the earliest clock rules."
    work.note(TimelineKind.MERGED, summary, request_id=there.id)
