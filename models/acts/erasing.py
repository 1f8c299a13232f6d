"""Erasure that knows retention (Art. 17): decided category by category, then carried out.

The rules propose (models.retention), staff decide; for each decision there are tasks in
other systems. Carrying it out takes the client out of our own register, or leaves what a
ground covers; the case keeps the addresses it may be answered at, and its own words until
their time is up (Art. 5(2)).
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.acts.fulfilment import ERASES, plan_tasks
from models.acts.restricting import unrestricted
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.wiping import (
    Letters,
    leave_client,
    loose_letters,
    reduce_client,
    wipe_client,
    wipe_letters,
)
from models.acts.work import Work, working
from models.guards import Erasing, erasure_complete, may_decide_category, may_erase
from models.house import House
from models.retention import Holding, Proposal, propose
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import (
    CategoryDecision,
    Client,
    ContactAddress,
    Contract,
    DataSubjectRequest,
    RequestItem,
)
from models.vocabulary import (
    AddressKind,
    DataCategory,
    ErrorCode,
    Justification,
    Outcome,
    RequestAction,
    RequestType,
    TimelineKind,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides of one category; `note` is for colleagues."""

    category: DataCategory
    outcome: Outcome
    reason: Justification | None = None
    keep_until: date | None = None
    note: str = ""


async def decide_category(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    choice: Choice,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Decides one category of an erasure, and makes its tasks; may be decided anew until done.

    Refused with NOT_FOUND (no erasure is asked for), CONFLICT (carried out already),
    LEGAL_HOLD, REASON_REQUIRED, INVALID (see models.guards).
    """
    async with working(house, actor, "requestDecideCategory", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.DECIDE)
        item = erasure_of(case)
        proposal = propose(choice.category, await holding(work, case.request))
        check(
            may_decide_category(
                Erasing(choice.outcome, choice.reason, choice.keep_until, choice.note),
                proposal,
                work.house.today(work.now),
            )
        )
        await _write(work, item, choice, proposal)
        await plan_tasks(work, request_id)
        await go_on(work, case)
        work.journal(
            "request.decide_category",
            target(request_id),
            {"category": choice.category, "outcome": choice.outcome},
        )
    return ActResult(request_id=request_id, reference=case.request.reference)


def erasure_of(case: Case) -> RequestItem:
    """The erasure a case asks for, not carried out yet."""
    found = next((item for item in case.items if item.type is RequestType.ERASURE), None)
    if found is None:
        message = "The case does not ask for an erasure."
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, message, ("input", "requestId")))
    if found.effective_at is not None:
        message = "The erasure was carried out already."
        raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", "requestId")))
    return found


async def _write(work: Work, item: RequestItem, choice: Choice, proposal: Proposal) -> None:
    await CategoryDecision.update_or_create(
        {
            "outcome": choice.outcome,
            "reason": choice.reason,
            "basis": Proposal(
                choice.category, choice.outcome, choice.keep_until, choice.reason
            ).basis,
            "keep_until": choice.keep_until,
            "note_sealed": work.house.vault.seal_text("note", choice.note or None),
            "decided_at": work.now,
            "by_label": work.actor.label,
            "by_staff_id": work.actor.staff_id,
        },
        item_id=item.id,
        category=choice.category,
    )
    differs = "" if choice.outcome is proposal.outcome else ", otherwise than proposed"
    until = f" until {choice.keep_until.isoformat()}" if choice.keep_until else ""
    work.note(
        TimelineKind.DECIDED,
        f"erasure, {choice.category.value}: {choice.outcome.value}{until}{differs}.",
        request_id=item.request_id,
    )


async def holding(work: Work, request: DataSubjectRequest) -> Holding:
    """What the register knows of the client; claims and invoices stand elsewhere."""
    client = await Client.get_or_none(id=request.subject_id) if request.subject_id else None
    contracts = await Contract.filter(client_id=request.subject_id) if client else []
    return Holding(
        today=work.house.today(work.now),
        contracts=[(one.starts_on, one.ends_on) for one in contracts],
        relationship_ended_on=client.relationship_ended_on if client else None,
        is_on_hold=await is_on_hold(request),
    )


async def is_on_hold(request: DataSubjectRequest) -> bool:
    """A hold on any case of the client holds all of the client's data."""
    if request.legal_hold or request.subject_id is None:
        return bool(request.legal_hold)
    return await DataSubjectRequest.filter(subject_id=request.subject_id, legal_hold=True).exists()


async def execute_erasure(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Takes out of our own register what was decided; journalled without names, and final.

    A tombstone and a line in the erasure log see to it that it stays so. Refused with
    DECISION_INCOMPLETE, LEGAL_HOLD, RESTRICTED, IDENTITY_REQUIRED, INVALID without a client.
    """
    async with working(house, actor, "requestErase", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.ERASE)
        item = erasure_of(case)
        decided = await CategoryDecision.filter(item_id=item.id)
        client = await _client(case.request)
        check(
            may_erase(case.request.assurance, is_on_hold=await is_on_hold(case.request)),
            erasure_complete([one.category for one in decided]),
            unrestricted(client, "requestId"),
        )
        await plan_tasks(work, request_id)  # before the addresses are gone
        await go_on(work, case, answer_to_sealed=await _answer_to(work, client))
        await _carry_out(work, case.request, client, decided)
        await RequestItem.filter(id=item.id).update(effective_at=work.now)
        summary = "The erasure was carried out in our own register."
        work.note(TimelineKind.ERASED, summary, request_id=request_id)
        work.journal("client.erase", [f"Client:{client.id}", *target(request_id)])
    return ActResult(request_id=request_id, client_id=client.id, reference=case.request.reference)


async def _client(request: DataSubjectRequest) -> Client:
    client = await Client.get_or_none(id=request.subject_id, erased_at=None)
    if client is None:
        message = "Whose data are to be erased is not known, or they are erased already."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "requestId")))
    return client


async def _answer_to(work: Work, client: Client) -> bytes:
    """Addresses on file, for the answer that still has to go out."""
    own = ContactAddress.filter(client_id=client.id, kind=AddressKind.EMAIL)
    found = [one.value.casefold() for one in await own.order_by("-is_primary", "id")]
    return work.house.vault.seal_json("answer-to", list(dict.fromkeys(found)))


async def _carry_out(
    work: Work, request: DataSubjectRequest, client: Client, decided: list[CategoryDecision]
) -> None:
    """Our register holds the client's own data; letters of no case go with communication."""
    by_category = {one.category: one for one in decided}
    letters = Letters()
    if by_category[DataCategory.COMMUNICATION].outcome in ERASES:
        letters = await wipe_letters(await loose_letters(client.id))
    own = by_category[DataCategory.CLIENT]
    if own.outcome is Outcome.GRANTED:
        await wipe_client(work, client, letters, request.reference)
    elif own.outcome is Outcome.PARTLY_GRANTED and own.reason is not None:
        await reduce_client(work, client, own.reason, own.keep_until, letters, request.reference)
    else:
        await leave_client(work, client, letters, request.reference)
