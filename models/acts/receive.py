"""Commit B: one stored letter becomes a case, a triage item, a follow-up, or is let go.

One transaction: message, verdict, case with items, consent events and suppressions,
timeline, journal and the queued letter. A second run of the same sighting does nothing.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError

from models.acts import mailbox
from models.acts.alarming import sound
from models.acts.answering import Answering, queue_acknowledgement
from models.acts.bounces import record_bounces
from models.acts.cases import FINAL, Asked, Opening, add_items, open_case
from models.acts.clocks import refresh
from models.acts.effects import asked_of, take_effect
from models.acts.filing import Known, write_message
from models.acts.identifying import challenge_answered
from models.acts.mailbox import Stored
from models.acts.questions import answered
from models.acts.signing import prove, record
from models.acts.wiping import is_cut, wipe
from models.acts.work import Work, working
from models.database import is_postgres, rows
from models.house import House
from models.identity import assurance
from models.shapes import BOT, ActResult, Letter, Reading
from models.tables import (
    DataSubjectRequest,
    Message,
    OutboundMail,
    RequestItem,
    Sighting,
)
from models.vocabulary import (
    Answer,
    AutomaticKind,
    Channel,
    Decision,
    Fate,
    RequestStatus,
    TimelineKind,
)

REFERENCE = re.compile(r"\bNP-\d{4}-\d{4,}\b")


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
        return await _receive(house, stored, reading, now)
    except IntegrityError:
        # the same letter came in through another bot or folder at this very moment
        return await _receive(house, stored, reading, now)


async def _receive(
    house: House, stored: Stored, reading: Reading, now: datetime | None
) -> Received:
    async with working(house, BOT, "receive", now=now) as work:
        lock = " FOR UPDATE" if is_postgres() else ""
        state = await rows(f"SELECT fate FROM sighting WHERE id = ?{lock}", (stored.sighting_id,))
        if state[0]["fate"] != Fate.STORED:
            return Received(Fate(state[0]["fate"]), ActResult())
        twin = await Message.get_or_none(raw_letter_id=stored.raw_letter_id)
        if twin is None:
            case = await _known(work, stored, reading)
            twin = await _same_by_other_road(case)
            if twin is None and await mailbox.leave_buried(stored, case.content_digest):
                return Received(Fate.ERASED, ActResult())
            if twin is None:
                return await _settle(work, case)
            if await is_cut(twin):  # this copy of its bytes must not bring back what went
                await wipe("raw_letter", "id", [stored.raw_letter_id])
        await _done(stored, Fate.DUPLICATE, twin.id)
        return Received(Fate.DUPLICATE, ActResult(request_id=twin.request_id, message_id=twin.id))


async def _known(work: Work, stored: Stored, reading: Reading) -> Known:
    letter, vault = reading.letter, work.house.vault
    received_at = stored.received_at
    if letter.own_received_at and not stored.is_replayed:
        received_at = min(received_at, letter.own_received_at)
    content = (
        letter.message_id or letter.sha256,
        str(letter.from_address),
        letter.subject,
        letter.text,
    )
    case = Known(
        stored=stored,
        reading=reading,
        received_at=received_at,
        content_digest=vault.index("content", "\0".join(content)),
        owners=await _owners(
            vault.address_index(letter.from_address) if letter.from_address else None
        ),
    )
    case.request, case.claims = await _case_of(work, case)
    return case


async def _owners(from_index: str | None) -> list[int]:
    """Clients with this address on file, directly or through a representative."""
    if from_index is None:
        return []
    found = await rows(
        "SELECT DISTINCT client_id FROM contact_address WHERE address_index = ?"
        " AND kind = 'email' ORDER BY client_id",
        (from_index,),
    )
    return [row["client_id"] for row in found]


async def _same_by_other_road(case: Known) -> Message | None:
    return await Message.filter(content_index=case.content_digest).order_by("id").first()


async def _case_of(
    work: Work, case: Known
) -> tuple[DataSubjectRequest | None, DataSubjectRequest | None]:
    """(the case it belongs to, the case it only claims to be about)."""
    letter = case.letter
    ids = [*letter.in_reply_to, *letter.references][:50]
    if ids:
        mail = (
            await OutboundMail.filter(message_id__in=ids, request_id__not_isnull=True)
            .order_by("-id")
            .first()
        )
        if mail:
            return await _standing_for(mail.request_id), None
    named = REFERENCE.search(letter.subject)
    claimed = await DataSubjectRequest.get_or_none(reference=named[0]) if named else None
    if claimed and letter.authentication.proven and await _writes_on(work, claimed, letter):
        return claimed, None
    return None, claimed


async def _standing_for(request_id: int | None) -> DataSubjectRequest | None:
    """The case itself, or the one it was merged into; None once its words are erased."""
    request = await DataSubjectRequest.get(id=request_id)
    while request.status is RequestStatus.MERGED and request.duplicate_of_id is not None:
        request = await DataSubjectRequest.get(id=request.duplicate_of_id)
    return None if request.erased_at else request


async def _writes_on(work: Work, request: DataSubjectRequest, letter: Letter) -> bool:
    """Whether the From address already stands on the case."""
    if letter.from_address is None:
        return False
    index = work.house.vault.address_index(letter.from_address)
    return await Message.filter(request_id=request.id, from_index=index).exists()


async def _settle(work: Work, case: Known) -> Received:
    fate = _fate(case)
    message = await write_message(work, case, fate)
    bounced = await record_bounces(work, case.letter.bounced_message_ids, message.id)
    request, outbound = None, None
    if fate is Fate.REGISTERED:
        request, outbound = await _register(work, case, message)
    elif fate is Fate.FOLLOW_UP:
        request = await _follow_up(work, case, message)
    elif fate is Fate.TRIAGE:
        work.note(
            TimelineKind.CLASSIFIED, "Waits for a person: the clock runs.", message_id=message.id
        )
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
    if case.claims is not None and decision is Decision.IGNORE:
        return Fate.TRIAGE
    return {
        Decision.REGISTER: Fate.REGISTERED,
        Decision.TRIAGE: Fate.TRIAGE,
        Decision.IGNORE: Fate.IGNORED,
    }[decision]


async def _register(
    work: Work, case: Known, message: Message
) -> tuple[DataSubjectRequest, OutboundMail | None]:
    verdict = case.verdict
    asked = asked_of(
        verdict.labels, verdict.purposes, marketing_objection=verdict.marketing_objection
    )
    proof = await prove(work, case.signed, message.id, verdict.labels)
    signed = proof is not None and proof.client_id is not None
    if proof and proof.client_id is not None:
        case.owners = [proof.client_id]
    level = assurance(
        bool(case.owners), case.letter.authentication.proven, signature_valid_over_request=signed
    )
    proven_owner = case.owners[0] if len(case.owners) == 1 and level.value != "claimed" else None
    request = await open_case(
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
    await _attach(work, case, message, request)
    if proof:
        await record(work, request, message.id, proof)
    await _effects(work, case, message, request, asked)
    outbound = await _acknowledge(work, case, message, request, asked)
    return request, outbound


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


async def _attach(work: Work, case: Known, message: Message, request: DataSubjectRequest) -> None:
    await Message.filter(id=message.id).update(request_id=request.id)
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


async def _follow_up(work: Work, case: Known, message: Message) -> DataSubjectRequest:
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
    return request


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
    proof = await prove(work, case.signed, message.id, kinds, request.subject_id)
    if proof and proof.client_id is not None:
        case.owners = [proof.client_id]
    if proof:
        await record(work, request, message.id, proof)


async def _done(stored: Stored, fate: Fate, message_id: int) -> None:
    await Sighting.filter(id=stored.sighting_id, fate=Fate.STORED).update(
        fate=fate, message_id=message_id
    )
