"""Commit B: a stored letter becomes a case, a triage item, a follow-up, or is let go.

One transaction: message, verdict, case with items, consent events and suppressions,
timeline, journal and the queued letter. A second run of the same sighting does nothing.
Several letters may share the transaction: then all of them are done, or none is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.acts import mailbox
from models.acts.alarming import sound
from models.acts.answering import Answering, queue_acknowledgement
from models.acts.bounces import record_bounces
from models.acts.cases import FINAL, Asked, Opening, add_items, open_case
from models.acts.clocks import refresh
from models.acts.effects import asked_of, take_effect
from models.acts.filing import OF_A_CASE, Known, write_message
from models.acts.identifying import challenge_answered
from models.acts.mailbox import Stored
from models.acts.questions import answered
from models.acts.recognising import find_case, recognise
from models.acts.signing import Proof, prove, record
from models.acts.wiping import is_cut, wipe
from models.acts.work import Work, give_way, working
from models.database import OUTRUN, rows
from models.house import House
from models.identity import assurance
from models.shapes import BOT, ActResult, Reading
from models.tables import (
    DataSubjectRequest,
    Message,
    OutboundMail,
    RequestItem,
)
from models.vocabulary import (
    Answer,
    AutomaticKind,
    Channel,
    Decision,
    Fate,
    TimelineKind,
)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one letter, for the running log."""

    fate: Fate
    result: ActResult
    labels: tuple[str, ...] = ()
    answer: str = ""


async def receive(
    house: House, stored: Stored, reading: Reading, *, now: datetime | None = None
) -> Received:
    """Works one stored letter off; see the module for what is written."""
    try:
        [received] = await receive_all(house, [(stored, reading)], now=now)
    except OUTRUN:
        # the same letter came in through another bot or folder at this very moment, or
        # PostgreSQL ended this transaction for a colleague's
        [received] = await receive_all(house, [(stored, reading)], now=now)
    return received


async def receive_all(
    house: House, letters: Sequence[tuple[Stored, Reading]], *, now: datetime | None = None
) -> list[Received]:
    """Works letters off in one commit, in order; whatever one of them raises undoes them all.

    Several letters hold rows of several cases, in no order that others keep: they give way.
    """
    async with working(house, BOT, "receive", now=now) as work:
        if len(letters) > 1:
            await give_way()
        return [await _receive(work, stored, reading) for stored, reading in letters]


async def _receive(work: Work, stored: Stored, reading: Reading) -> Received:
    place, case = await recognise(work, stored, reading)
    if place.fate is not Fate.STORED:
        return Received(place.fate, ActResult())
    if place.twin_id is None and place.is_buried:
        await mailbox.leave_buried(stored)
        return Received(Fate.ERASED, ActResult())
    if place.twin_id is None:
        await find_case(work, case)
        return await _settle(work, case)
    twin = await Message.get(id=place.twin_id)
    if await is_cut(twin):  # this copy of its bytes must not bring back what went
        await wipe("raw_letter", "id", [stored.raw_letter_id])
    await _done(stored, Fate.DUPLICATE, twin.id)
    return Received(Fate.DUPLICATE, ActResult(request_id=twin.request_id, message_id=twin.id))


async def _settle(work: Work, case: Known) -> Received:
    fate = _fate(case)
    opened = await _open(work, case) if fate is Fate.REGISTERED else None
    message = await write_message(work, case, fate)
    bounced = await record_bounces(work, case.letter.bounced_message_ids, message.id)
    outbound = None
    if opened is not None:
        outbound = await _register(work, case, message, opened)
    elif fate is Fate.FOLLOW_UP:
        await _follow_up(work, case, message)
    elif fate is Fate.TRIAGE:
        work.note(
            TimelineKind.CLASSIFIED, "Waits for a person: the clock runs.", message_id=message.id
        )
    request = case.request if fate in OF_A_CASE else None
    await sound(work, message, request)
    work.journal(
        "letter.receive", _targets(message, request), {"fate": fate.value, "bounced": bounced}
    )
    await _done(case.stored, fate, message.id)
    return Received(
        fate,
        ActResult(
            request_id=request.id if request else None,
            reference=request.reference if request else None,
            message_id=message.id,
            outbound_id=outbound.id if outbound else None,
            created=fate is Fate.REGISTERED,
        ),
        tuple(case.verdict.labels),
        outbound.state.value if outbound else "",
    )


def _targets(message: Message, request: DataSubjectRequest | None) -> list[str]:
    found = [f"Message:{message.id}"]
    return [*found, f"DataSubjectRequest:{request.id}"] if request else found


def _fate(case: Known) -> Fate:
    screening, decision = case.reading.screening, case.verdict.decision
    automatic = screening.automatic
    if automatic is AutomaticKind.DELIVERY_REPORT or "own_message" in screening.reasons:
        return Fate.AUTOMATIC
    if automatic in (AutomaticKind.AUTO_REPLY, AutomaticKind.OWN):
        # a machine may carry a person's request: nobody is answered, a person looks
        return Fate.AUTOMATIC if decision is Decision.IGNORE else Fate.TRIAGE
    matters = case.request is not None or decision is not Decision.IGNORE
    if matters and case.stored.folder == mailbox.UNDATED:
        return Fate.TRIAGE  # a person knows, or finds out, since when its clock runs
    if case.request is not None:
        return Fate.FOLLOW_UP
    if (case.claims is not None or case.takes_back) and decision is Decision.IGNORE:
        return Fate.TRIAGE
    return {
        Decision.REGISTER: Fate.REGISTERED,
        Decision.TRIAGE: Fate.TRIAGE,
        Decision.IGNORE: Fate.IGNORED,
    }[decision]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A new case, the rights it asks for, and what its container proves."""

    request: DataSubjectRequest
    asked: list[Asked]
    proof: Proof | None


async def _open(work: Work, case: Known) -> _Opened:
    """The case comes first, so that the letter is written once, with its case on it."""
    verdict = case.verdict
    asked = asked_of(
        verdict.labels, verdict.purposes, marketing_objection=verdict.marketing_objection
    )
    proof = await prove(work, case.signed, verdict.labels)
    signed = proof is not None and proof.client_id is not None
    if proof and proof.client_id is not None:
        case.owners = [proof.client_id]
    level = assurance(
        bool(case.owners), case.letter.authentication.proven, signature_valid_over_request=signed
    )
    proven_owner = case.owners[0] if len(case.owners) == 1 and level.value != "claimed" else None
    case.request = await open_case(
        work,
        Opening(
            asked=asked,
            received_at=case.received_at,
            channel=Channel.EMAIL,
            language=verdict.language,
            subject_id=proven_owner,
            assurance=level if proven_owner else assurance(False, False),
            their_reference=verdict.their_reference,
            acting_for=verdict.acting_for,
            possible_breach=verdict.possible_breach,
            duplicate_of=await _earlier(proven_owner, asked),
            shared_address=len(case.owners) > 1,
        ),
    )
    return _Opened(case.request, asked, proof)


async def _register(
    work: Work, case: Known, message: Message, opened: _Opened
) -> OutboundMail | None:
    request, asked = opened.request, opened.asked
    _note_case(work, case, message, request)
    if opened.proof:
        await record(work, request, message.id, opened.proof)
    await _effects(work, case, message, request, asked)
    return await _acknowledge(work, case, message, request, asked)


async def _earlier(client_id: int | None, asked: list[Asked]) -> DataSubjectRequest | None:
    """An open case of the same proven person that asks for all of this already."""
    if client_id is None:
        return None
    wanted = {kind for kind, _ in asked}
    candidates = DataSubjectRequest.filter(
        subject_id=client_id, status__not_in=list(FINAL), duplicate_of_id=None
    )
    for request in await candidates.order_by("received_at", "id"):
        have = {item.type for item in await RequestItem.filter(request_id=request.id)}
        if wanted <= have:
            return request
    return None


def _note_case(work: Work, case: Known, message: Message, request: DataSubjectRequest) -> None:
    work.note(
        TimelineKind.RECEIVED,
        f"Letter received on {request.received_on.isoformat()}.",
        request_id=request.id,
        message_id=message.id,
    )
    work.note(
        TimelineKind.CLASSIFIED,
        f"Understood as: {', '.join(case.verdict.labels) or 'no request'}.",
        request_id=request.id,
        message_id=message.id,
    )


async def _effects(
    work: Work, case: Known, message: Message, request: DataSubjectRequest, asked: list[Asked]
) -> None:
    await take_effect(
        work,
        asked,
        from_address=case.letter.from_address,
        owners=case.owners,
        received_at=case.received_at,
        language=case.verdict.language,
        message_id=message.id,
        evidence_sha256=case.letter.sha256,
        request_id=request.id,
    )


async def _acknowledge(
    work: Work, case: Known, message: Message, request: DataSubjectRequest, asked: list[Asked]
) -> OutboundMail | None:
    screening = case.reading.screening
    return await queue_acknowledgement(
        work,
        Answering(
            request=request,
            asked=asked,
            letter=case.letter,
            content_digest=case.content_digest,
            shared_address=len(case.owners) > 1,
            message_id=message.id,
            language=case.verdict.language,
            language_sure=case.verdict.language_sure,
            answer=screening.answer,
            reasons=screening.reasons if screening.answer is Answer.HOLD else (),
        ),
    )


async def _follow_up(work: Work, case: Known, message: Message) -> None:
    """A reply never restarts the clock and gets no second letter; a new right adds an item."""
    request, verdict = case.request, case.verdict
    assert request is not None
    work.note(
        TimelineKind.RECEIVED,
        "A further letter came in for this case.",
        request_id=request.id,
        message_id=message.id,
    )
    if request.status not in FINAL:
        await challenge_answered(work, case, request, message.id)
        await answered(work, request, case.received_at)
        if verdict.decision is Decision.REGISTER:
            await _add(work, case, message, request)
    elif verdict.decision is Decision.REGISTER:
        summary = "A letter came in that may ask for more: the case is finished."
        work.note(TimelineKind.HELD, summary, request_id=request.id, message_id=message.id)
    if verdict.withdraws_request:
        summary = "The letter seems to take the request back: a person decides."
        work.note(TimelineKind.HELD, summary, request_id=request.id, message_id=message.id)
    await DataSubjectRequest.filter(id=request.id).update(updated_at=work.now)


async def _add(work: Work, case: Known, message: Message, request: DataSubjectRequest) -> None:
    """Rights the case did not ask for yet; their clock runs since this letter."""
    verdict = case.verdict
    asked = asked_of(
        verdict.labels, verdict.purposes, marketing_objection=verdict.marketing_objection
    )
    shared = len(case.owners) > 1
    new = await add_items(request, asked, case.received_at, shared_address=shared)
    await refresh(work, request.id)
    await _prove_again(work, case, message, request)
    await _effects(work, case, message, request, new)
    if new:
        names = ", ".join(kind.value for kind, _ in new)
        work.note(
            TimelineKind.CLASSIFIED,
            f"The letter adds: {names}.",
            request_id=request.id,
            message_id=message.id,
        )


async def _prove_again(
    work: Work, case: Known, message: Message, request: DataSubjectRequest
) -> None:
    """A signed follow-up raises the level when its files ask for everything the case has."""
    kinds = [item.type for item in await RequestItem.filter(request_id=request.id)]
    proof = await prove(work, case.signed, kinds, request.subject_id)
    if proof and proof.client_id is not None:
        case.owners = [proof.client_id]
    if proof:
        await record(work, request, message.id, proof)


async def _done(stored: Stored, fate: Fate, message_id: int) -> None:
    await rows(
        "UPDATE sighting SET fate = ?, message_id = ? WHERE id = ? AND fate = 'stored'",
        (fate.value, message_id, stored.sighting_id),
    )
