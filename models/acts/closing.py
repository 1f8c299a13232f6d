"""Closing a case with its letter (Art. 12(3)-(4)), taking it back, opening it again.

What the letter says of each right is put together by `FACTS`: one function per right, which
other acts extend with what they know (a package, what is kept, who was told).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from models import lifecycle
from models.acts.clocks import asked_right, purposes
from models.acts.deciding import judge, write_decision
from models.acts.erasure_answer import erasure_facts, fulfilled, told
from models.acts.fulfilment import plan_tasks
from models.acts.standing import Case, begin, check, go_on, knowledge, target
from models.acts.work import Work, working
from models.acts.writing import Draft, case_facts, language_of, rendered, send
from models.guards import GRANTS, Decision, may_close, may_withdraw, need_of, reasoned, refuse
from models.house import House
from models.identity import assurance
from models.letters.facts import (
    ClosingFacts,
    Decided,
    RefusalFacts,
    Refused,
    published,
)
from models.shapes import Actor, ActResult
from models.tables import AccessPackage, DataSubjectRequest, Message, OutboundMail, RequestItem
from models.vocabulary import (
    Assurance,
    DataCategory,
    ErrorCode,
    ItemStatus,
    Justification,
    Language,
    LetterKind,
    Outcome,
    RequestAction,
    RequestType,
    TimelineKind,
)

# (work, case, right, language) -> fields of `Decided` beside outcome, reason and answer
FactsOf = Callable[[Work, DataSubjectRequest, RequestItem, Language], Awaitable[dict[str, Any]]]


async def _nothing_more(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    return {}


async def _information(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """Art. 15(1), from the published record of processing."""
    return {"processing": tuple(published(category, language) for category in DataCategory)}


async def _file(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """The copy itself went with the access package, which the person has by now."""
    packages = AccessPackage.filter(request_id=request.id, handed_over_at__not_isnull=True)
    return {"has_file": await packages.exists()}


async def _copy(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """Art. 15(3); the information of Art. 15(1) once, where it was asked for by itself."""
    found = await _file(work, request, item, language)
    asked = RequestItem.filter(request_id=request.id, type=RequestType.INFORMATION)
    if not await asked.filter(outcome__in=list(GRANTS)).exists():
        found |= await _information(work, request, item, language)
    return found


async def _effect(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """Since when a withdrawal or objection holds."""
    since = item.effective_at or item.decided_at
    return {"effective_on": work.house.today(since) if since else None}


FACTS: dict[RequestType, FactsOf] = {
    RequestType.INFORMATION: _information,
    RequestType.COPY: _copy,
    RequestType.PORTABILITY: _file,
    RequestType.CONSENT_WITHDRAWAL: _effect,
    RequestType.OBJECTION: _effect,
    RequestType.ERASURE: erasure_facts,
    RequestType.RECTIFICATION: told,
    RequestType.RESTRICTION: told,
}


async def close_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    answer_address: str | None = None,
    handed_over: bool = False,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Closes a case of which every right is decided, with its closing letter.

    `handed_over`: the person gets the letter on paper; its text stands in the timeline.
    Refused with DECISION_INCOMPLETE, or INVALID when no address may have the answer.
    """
    async with working(house, actor, "requestClose", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.CLOSE)
        check(may_close([item.status for item in case.items]))
        check(await fulfilled(case.request, case.items))
        mail = await _end(work, case, answer_address, handed_over=handed_over)
        work.journal("request.close", target(request_id))
    return _result(case, mail)


async def refuse_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    reason: Justification,
    explanation: str,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Refuses every right that is still open, on one ground, and closes (Art. 12(4))."""
    async with working(house, actor, "requestRefuse", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.REFUSE)
        if not case.undecided:
            check(refuse(ErrorCode.CONFLICT, "Every right is decided: close the case."))
        for item in case.undecided:
            await _decide(work, case, item, Outcome.REFUSED, reason, explanation)
        await plan_tasks(work, request_id)
        mail = await _end(work, case, answer_address)
        work.journal("request.refuse", target(request_id), {"reason": reason})
    return _result(case, mail)


async def withdraw_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    note: str,
    message_id: int | None = None,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """The person takes the request back: what is open ends so, and is confirmed.

    `message_id` is the letter that says so; an unproven one never ends a proven case.
    """
    async with working(house, actor, "requestWithdraw", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.WITHDRAW)
        check(
            reasoned(note, "note"),
            may_withdraw(case.request.assurance, await _proof_of(work, case, message_id)),
        )
        for item in case.undecided:
            await _decide(work, case, item, Outcome.WITHDRAWN_BY_SUBJECT)
        await plan_tasks(work, request_id)
        mail = await _end(work, case, answer_address)
        detail = {"text": note}
        summary = "The person took the request back."
        work.note(TimelineKind.NOTE, summary, request_id=request_id, detail=detail)
        work.journal("request.withdraw", target(request_id))
    return _result(case, mail)


async def _proof_of(work: Work, case: Case, message_id: int | None) -> Assurance | None:
    if message_id is None:
        return None
    message = await Message.get_or_none(id=message_id, request_id=case.request.id)
    if message is None:
        check(refuse(ErrorCode.NOT_FOUND, "The case has no such letter.", "messageId"))
        return None
    known = await Message.filter(
        request_id=case.request.id, from_index=message.from_index, proven=True
    ).exists()
    return assurance(known, message.proven)


async def _decide(
    work: Work,
    case: Case,
    item: RequestItem,
    outcome: Outcome,
    reason: Justification | None = None,
    explanation: str = "",
) -> None:
    decision = Decision(item.type, outcome, purposes(item), reason, explanation)
    await judge(work, case, decision)
    await write_decision(work, item, decision)


async def _end(
    work: Work, case: Case, answer_address: str | None, *, handed_over: bool = False
) -> OutboundMail | None:
    request = case.request
    items = await RequestItem.filter(request_id=request.id).order_by("id")
    effective = [item.id for item in items if item.status is ItemStatus.EFFECTIVE]
    await RequestItem.filter(id__in=effective).update(outcome=Outcome.GRANTED)
    items = await RequestItem.filter(request_id=request.id).order_by("id")
    letter = await draft(work, request, items)
    mail = None
    if handed_over:
        _hand_over(work, request, letter)
    else:
        mail = await send(work, request, letter, answer_address=answer_address)
    outcome = lifecycle.outcome_of(Outcome(item.outcome) for item in items if item.outcome)
    today = work.house.today(work.now)
    await go_on(work, case, outcome=outcome, closed_at=work.now)
    late = request.due_on is not None and today > request.due_on
    missed = " after the due date: missed" if late else ""
    work.note(
        TimelineKind.CLOSED, f"Answered{missed}; outcome {outcome.value}.", request_id=request.id
    )
    return mail


def _hand_over(work: Work, request: DataSubjectRequest, letter: Draft) -> None:
    text = rendered(letter).text
    summary = "The answer is handed over on paper."
    work.note(TimelineKind.REPLIED, summary, request_id=request.id, detail={"text": text})


async def draft(work: Work, request: DataSubjectRequest, items: list[RequestItem]) -> Draft:
    """The letter that ends the case: a refusal when nothing else was decided."""
    language = await language_of(request)
    facts: dict[str, Any] = case_facts(work, request)
    known = await knowledge(request)
    if items and all(item.outcome is Outcome.REFUSED for item in items):
        refused = tuple(_refused(work, item) for item in items)
        return Draft(LetterKind.REFUSAL, language, RefusalFacts(**facts, refused=refused))
    decided = [await decided_of(work, request, item, language or Language.EN) for item in items]
    needs = [need_of(Decision(item.type, Outcome.GRANTED, purposes(item)), known) for item in items]
    holds_data = any(
        item.outcome in (Outcome.GRANTED, Outcome.PARTLY_GRANTED) and need is not Assurance.CLAIMED
        for item, need in zip(items, needs, strict=True)
    )
    return Draft(
        LetterKind.CLOSING, language, ClosingFacts(**facts, decided=tuple(decided)), holds_data
    )


async def decided_of(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> Decided:
    """What the closing letter says of one right."""
    vault = work.house.vault
    more: dict[str, Any] = {}
    if item.outcome in (Outcome.GRANTED, Outcome.PARTLY_GRANTED):
        more = await FACTS.get(item.type, _nothing_more)(work, request, item, language)
    answer = vault.open_text("note", item.answer_sealed) or ""
    return Decided(
        right=asked_right(item),
        outcome=item.outcome or Outcome.GRANTED,
        reason=item.reason,
        explanation=vault.open_text("note", item.explanation_sealed) or "",
        **({"done": answer} | more),
    )


def _refused(work: Work, item: RequestItem) -> Refused:
    explanation = work.house.vault.open_text("note", item.explanation_sealed) or ""
    assert item.reason is not None
    return Refused(asked_right(item), item.reason, explanation)


async def reopen_case(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    reason: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Opens a finished case again, on its old clock; not once its letters are erased."""
    async with working(house, actor, "requestReopen", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.REOPEN)
        check(reasoned(reason, "reason"), await _erased(request_id))
        await go_on(work, case, outcome=None, closed_at=None, closed_on=None)
        work.note(
            TimelineKind.REOPENED,
            "Opened again; the clock never stopped.",
            request_id=request_id,
            detail={"text": reason},
        )
        work.journal("request.reopen", target(request_id))
    return _result(case, None)


async def _erased(request_id: int) -> Any:
    letters = Message.filter(request_id=request_id)
    if await letters.exists() and not await letters.exclude(sha256="").exists():
        return refuse(ErrorCode.CONFLICT, "The letters of this case are erased.", "requestId")
    return None


def _result(case: Case, mail: OutboundMail | None) -> ActResult:
    return ActResult(
        request_id=case.request.id,
        reference=case.request.reference,
        outbound_id=mail.id if mail else None,
    )
