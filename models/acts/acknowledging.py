"""A colleague lets the acknowledgement of a case go: the one that waits, or one nobody wrote.

Never twice: a letter of ours that went out, is on its way or may have arrived stands in the
way, and the Message-ID is the one the automatic letter would have.
"""

from datetime import datetime
from typing import cast

from models.acts.answering import Answered, acknowledgement
from models.acts.classify import owners_of
from models.acts.clocks import asked_right
from models.acts.outgoing import queue
from models.acts.recipients import Thread, recipient, thread_of
from models.acts.standing import Case, begin, check, go_on, target
from models.acts.work import Work, working
from models.acts.writing import language_of
from models.guards import refuse
from models.house import House
from models.letters.wire import acknowledgement_id, letter_id
from models.shapes import Actor, ActResult, Problem
from models.tables import Message, OutboundMail
from models.vocabulary import (
    AutomaticKind,
    Channel,
    DeliveryState,
    ErrorCode,
    ItemStatus,
    Language,
    LetterKind,
    RequestAction,
    RequestStatus,
    TimelineKind,
)


async def acknowledge(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Queues the acknowledgement; whatever made it wait or be silent, a person has judged.

    Refused with CONFLICT (acknowledged, on its way, or lost: then that letter is decided
    about), INVALID (the request was spoken, a machine wrote it, or no address may have it).
    """
    async with working(house, actor, "requestAcknowledge", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.ACKNOWLEDGE)
        thread = await thread_of(work, case.request)
        message = await Message.get_or_none(id=thread.message_id) if thread.message_id else None
        check(_answerable(case, message))
        assert message is not None
        own_id = _own_id(work, case, message)
        standing = await _standing(request_id, own_id)
        if standing is None:
            mail = await _write(work, case, message, thread, own_id, answer_address)
        else:
            check(_may_go(standing))
            mail = await _let_go(work, standing)
        await go_on(work, case)
        summary = "A colleague let the acknowledgement go."
        work.note(TimelineKind.DELIVERY, summary, request_id=request_id)
        work.journal("request.acknowledge", [*target(request_id), f"OutboundMail:{mail.id}"])
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)


def _answerable(case: Case, message: Message | None) -> Problem | None:
    if case.request.acknowledged_at is not None:
        return refuse(ErrorCode.CONFLICT, "The case is acknowledged.", "requestId")
    if message is None or case.request.channel is not Channel.EMAIL:
        text = "This acknowledgement answers a letter to the mailbox: write a reply instead."
        return refuse(ErrorCode.INVALID, text, "requestId")
    automatic = cast(AutomaticKind | None, message.automatic)
    if automatic is not None:
        text = "A machine wrote this letter (RFC 3834): write a reply to the person instead."
        return refuse(ErrorCode.INVALID, text, "requestId")
    return None


def _own_id(work: Work, case: Case, message: Message) -> str:
    """Of the letter itself; a case that came out of another one has an answer of its own."""
    key, domain = work.house.vault.mail_id_key, work.house.mail_domain
    if message.request_id != case.request.id or message.content_index is None:
        return letter_id(f"acknowledgement:{case.request.id}", key, domain)
    return acknowledgement_id(message.content_index, key, domain)


async def _standing(request_id: int, own_id: str) -> OutboundMail | None:
    """The acknowledgement of this case there is, the one that got farthest."""
    mine = OutboundMail.filter(request_id=request_id, kind=LetterKind.ACKNOWLEDGEMENT)
    found = await mine.order_by("-id")
    others = [mail for mail in found if not _waits(mail)]
    return next(iter([*others, *found]), None) or await OutboundMail.get_or_none(message_id=own_id)


def _waits(mail: OutboundMail) -> bool:
    """Nobody can have got it: it was held, or dropped before any server saw it."""
    untried = mail.attempts == 0 and mail.last_response is None and mail.sent_at is None
    return mail.state in (DeliveryState.HELD, DeliveryState.DROPPED) and untried


def _may_go(mail: OutboundMail) -> Problem | None:
    if mail.raw_sealed is None:
        return refuse(ErrorCode.CONFLICT, "The letter was erased: its time was up.", "requestId")
    if _waits(mail):
        return None
    lost = mail.state in (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.MAYBE_SENT)
    text = (
        f"The acknowledgement stands as {mail.state.value}: decide about that letter."
        if lost
        else f"The acknowledgement is {mail.state.value}: nobody is acknowledged twice."
    )
    return refuse(ErrorCode.CONFLICT, text, "requestId")


async def _let_go(work: Work, mail: OutboundMail) -> OutboundMail:
    changed = await OutboundMail.filter(id=mail.id, version=mail.version).update(
        state=DeliveryState.QUEUED,
        version=mail.version + 1,
        next_attempt_at=work.now,
        claimed_by=None,
    )
    if not changed:
        text = "Somebody decided about this letter meanwhile: read it again."
        check(refuse(ErrorCode.STALE_VERSION, text, "version"))
    return mail


async def _write(
    work: Work,
    case: Case,
    message: Message,
    thread: Thread,
    own_id: str,
    answer_address: str | None,
) -> OutboundMail:
    request = case.request
    to = await recipient(work, request, thread, answer_address, holds_data=False)
    language = await language_of(request)
    shared = len(await owners_of(message)) > 1
    settled = all(item.status is ItemStatus.EFFECTIVE for item in case.items)
    closes = settled and not shared and request.status is RequestStatus.NEW
    answered = Answered(
        request,
        tuple(asked_right(item) for item in case.items),
        tuple(asked_right(item) for item in case.items if item.effective_at),
        is_pure_withdrawal=closes,
    )
    return await queue(
        work,
        acknowledgement(work, language, answered),
        kind=LetterKind.ACKNOWLEDGEMENT,
        language=language or Language.EN,
        to=to,
        own_id=own_id,
        request_id=request.id,
        answers_id=message.id,
        in_reply_to=thread.in_reply_to,
        references=(),
        reasons=(),
        automatic=True,
    )
