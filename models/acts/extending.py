"""Extending the time to answer (Art. 12(3), R4, R5): pending until its letter is sent."""

from datetime import datetime
from typing import Any

from models.acts.clocks import refresh
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.work import Work, working
from models.acts.writing import Draft, case_facts, language_of, send
from models.caseclock import case_clock
from models.guards import may_extend
from models.house import House
from models.letters.facts import ExtensionFacts
from models.shapes import Actor, ActResult
from models.tables import DataSubjectRequest, Extension, OutboundMail, Question, RequestItem
from models.vocabulary import ExtensionGround, LetterKind, RequestAction, TimelineKind


async def extend_deadline(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    ground: ExtensionGround,
    explanation: str,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Queues the notice; the new date counts once it is sent by the unsuspended due date.

    `explanation` goes to the person, in the person's language. Refused with TOO_LATE,
    ALREADY_EXTENDED, REASON_REQUIRED, or INVALID without a statutory clock.
    """
    async with working(house, actor, "requestExtendDeadline", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.EXTEND)
        await _check(work, case, explanation)
        draft = await extension_draft(work, case.request, ground, explanation)
        mail = await send(work, case.request, draft, answer_address=answer_address)
        until = draft.facts.extended_due_on  # type: ignore[attr-defined]
        await Extension.create(
            request_id=request_id,
            until=until,
            ground=ground,
            explanation_sealed=house.vault.seal_text("note", explanation),
            letter_id=mail.id,
            by_label=actor.label,
            by_staff_id=actor.staff_id,
        )
        await go_on(work, case)
        summary = f"Extension to {until.isoformat()} ({ground.value}): pending until sent."
        work.note(TimelineKind.EXTENDED, summary, request_id=request_id)
        work.journal("request.extend", target(request_id), {"ground": ground})
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)


async def _check(work: Work, case: Case, explanation: str) -> None:
    extended = await Extension.exists(request_id=case.request.id)
    check(
        may_extend(
            case.request.unsuspended_due_on,
            work.house.today(work.now),
            explanation,
            is_extended=extended,
        )
    )


async def extension_draft(
    work: Work, request: DataSubjectRequest, ground: ExtensionGround, explanation: str
) -> Draft:
    """The notice: original date, new date, ground, reasons."""
    items = await RequestItem.filter(request_id=request.id)
    questions = await Question.filter(request_id=request.id)
    extended = case_clock(
        [(item.type, item.received_at or request.received_at) for item in items],
        work.house.zone,
        [(one.waiting_from, one.answered_on) for one in questions if one.waiting_from],
        is_extended=True,
    )
    facts: dict[str, Any] = case_facts(work, request)
    return Draft(
        LetterKind.EXTENSION,
        await language_of(request),
        ExtensionFacts(
            **facts,
            due_on=request.due_on or request.target_on,
            extended_due_on=extended.target_on,
            ground=ground,
            reasons=explanation,
        ),
    )


async def extension_sent(work: Work, letter_id: int, sent_at: datetime) -> None:
    """The notice went out: in time it counts, later it does not (R5)."""
    extension = await Extension.get_or_none(letter_id=letter_id, notified_on=None)
    if extension is None:
        return
    request = await DataSubjectRequest.get(id=extension.request_id)
    sent_on = work.house.today(sent_at)
    if request.unsuspended_due_on is None or sent_on > request.unsuspended_due_on:
        await _undo(
            work, extension, "The notice of extension went out too late: it does not count."
        )
        return
    extension.notified_on = sent_on
    await extension.save(update_fields=["notified_on"])
    clock = await refresh(work, request.id)
    assert clock is not None
    await Extension.filter(id=extension.id).update(until=clock.target_on)
    summary = f"The time is extended to {clock.target_on.isoformat()}."
    work.note(TimelineKind.EXTENDED, summary, request_id=request.id)


async def extension_lost(work: Work, mail: OutboundMail) -> None:
    """The notice did not arrive: the question is open again, the old date stands."""
    extension = await Extension.get_or_none(letter_id=mail.id)
    if extension is not None:
        message = "The notice of extension did not arrive: the time is not extended."
        await _undo(work, extension, message)


async def _undo(work: Work, extension: Extension, summary: str) -> None:
    await extension.delete()
    await refresh(work, extension.request_id)
    work.note(TimelineKind.EXTENDED, summary, request_id=extension.request_id)
