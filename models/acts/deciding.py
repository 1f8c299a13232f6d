"""Deciding one right of a case (Art. 12(3)-(4)); the rules stand in models.guards."""

from collections.abc import Sequence
from datetime import datetime

from models.acts.clocks import purposes
from models.acts.consents import ConsentRecord, append_event
from models.acts.effects import suppress
from models.acts.erasure_answer import agrees
from models.acts.fulfilment import plan_tasks
from models.acts.restricting import restrict
from models.acts.standing import Case, begin, check, go_on, knowledge, roles_of, target
from models.acts.work import Work, working
from models.consents import purposes_of
from models.fulfilment import may_narrow
from models.guards import GRANTS, Decision, may_decide
from models.house import House
from models.lifecycle import may_act
from models.rights import is_marketing_objection
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import ContactAddress, DataSubjectRequest, RequestItem
from models.vocabulary import (
    AddressKind,
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    DataCategory,
    ErrorCode,
    ItemStatus,
    Justification,
    Outcome,
    RequestAction,
    RequestType,
    TimelineKind,
)


async def decide_item(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    kind: RequestType,
    outcome: Outcome,
    reason: Justification | None = None,
    explanation: str = "",
    answer: str = "",
    categories: Sequence[DataCategory] = (),
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Decides one right; until the case is closed it may be decided anew.

    `reason` and `explanation` for a refusal, whole or partial; `answer` is what was done, or
    the answer, in the recipient's language. `categories` narrow a rectification or restriction
    that is granted: people work only there, and only recipients of such data are told; on our
    own register a restriction freezes the whole client.

    Refused with IDENTITY_REQUIRED, REASON_REQUIRED, DECISION_INCOMPLETE, INVALID (a ground or
    categories this right does not know), FORBIDDEN (a refusal by somebody who is not the data
    protection officer).
    """
    async with working(house, actor, "requestDecideItem", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.DECIDE)
        item = _item(case, kind)
        decision = Decision(kind, outcome, purposes(item), reason, explanation, answer)
        await judge(work, case, decision)
        check(may_narrow(kind, outcome, categories), await agrees(item, outcome))
        await write_decision(work, item, decision, categories)
        await plan_tasks(work, request_id)
        await go_on(work, case)
        work.journal("request.decide", target(request_id), {"type": kind, "outcome": outcome})
    return ActResult(request_id=request_id, reference=case.request.reference)


async def judge(work: Work, case: Case, decision: Decision) -> None:
    """ActRefused when this actor may not decide so."""
    check(may_decide(decision, await knowledge(case.request)))
    officer = may_act(RequestAction.REFUSE, roles_of(work.actor))
    if decision.outcome is Outcome.REFUSED and not officer:
        message = "A refusal is decided by the data protection officer."
        raise ActRefused(Problem(ErrorCode.FORBIDDEN, message, ("input", "outcome")))


def _item(case: Case, kind: RequestType) -> RequestItem:
    found = next((item for item in case.items if item.type is kind), None)
    if found is None:
        message = "The case does not ask for this right."
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, message, ("input", "type")))
    if found.status is ItemStatus.EFFECTIVE:
        message = "This took effect on receipt: nothing is left to decide."
        raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", "type")))
    return found


async def write_decision(
    work: Work, item: RequestItem, decision: Decision, categories: Sequence[DataCategory] = ()
) -> None:
    """The decision onto the right, and what it changes at once."""
    vault = work.house.vault
    await RequestItem.filter(id=item.id).update(
        status=ItemStatus.DECIDED,
        outcome=decision.outcome,
        categories=[one.value for one in categories],
        reason=decision.reason,
        explanation_sealed=vault.seal_text("note", decision.explanation or None),
        answer_sealed=vault.seal_text("note", decision.answer or None),
        decided_at=work.now,
        decided_by_id=work.actor.staff_id,
    )
    ground = f" ({decision.reason.value})" if decision.reason else ""
    work.note(
        TimelineKind.DECIDED,
        f"{decision.kind.value}: {decision.outcome.value}{ground}.",
        request_id=item.request_id,
    )
    if decision.outcome in GRANTS:
        await _put_into_effect(work, item, decision)


async def _put_into_effect(work: Work, item: RequestItem, decision: Decision) -> None:
    """What a decision changes in the register by itself, for the client of the case."""
    if is_marketing_objection(decision.kind, decision.purposes):
        await stop_marketing(work, item.request_id)
    if decision.kind is RequestType.CONSENT_WITHDRAWAL:
        await _end_consents(work, item, decision)
    if decision.kind is RequestType.RESTRICTION:
        await restrict(work, await DataSubjectRequest.get(id=item.request_id))


async def _end_consents(work: Work, item: RequestItem, decision: Decision) -> None:
    """A withdrawal whose client a person had to find (shared address): since its receipt."""
    request = await DataSubjectRequest.get(id=item.request_id)
    if request.subject_id is None:
        return
    at = item.received_at or request.received_at
    for purpose in sorted(purposes_of(decision.purposes or (AskedPurpose.ALL,))):
        record = ConsentRecord(purpose, ConsentEventKind.WITHDRAWN, ConsentMethod.STAFF, at)
        await append_event(work.house, work.actor, request.subject_id, record)


async def stop_marketing(work: Work, request_id: int) -> None:
    """Art. 21(3): no address of the client is written to for marketing from now on."""
    addresses = ContactAddress.filter(
        client__requests__id=request_id, kind=AddressKind.EMAIL
    ).distinct()
    for index in await addresses.values_list("address_index", flat=True):
        await suppress(str(index), [AskedPurpose.MARKETING], work.now, "staff")
