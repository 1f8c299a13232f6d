"""A person says what a letter asks for; the old verdict stays beside the new one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from models import deadlines
from models.acts.alarming import sound
from models.acts.answering import Answering, queue_acknowledgement
from models.acts.cases import FINAL, Asked, Opening, add_items, open_case
from models.acts.clocks import refresh
from models.acts.effects import asked_of, take_effect
from models.acts.mailbox import UNDATED
from models.acts.mailbox_tasks import redacted_task
from models.acts.questions import answered
from models.acts.signing import Proof, prove, record, restored
from models.acts.work import Work, working
from models.guards import refuse
from models.house import House
from models.identity import assurance
from models.shapes import Actor, ActRefused, ActResult, Letter, Problem
from models.tables import (
    Classification,
    ContactAddress,
    DataSubjectRequest,
    Message,
    OutboundMail,
    RawLetter,
    RequestItem,
    Sighting,
)
from models.vocabulary import (
    AddressKind,
    Answer,
    AskedPurpose,
    Assurance,
    AutomaticKind,
    Channel,
    Decision,
    ErrorCode,
    Fate,
    RequestType,
    TimelineKind,
)

BY_A_PERSON = "person"
OPEN_TO_A_PERSON = (Fate.TRIAGE, Fate.IGNORED, Fate.QUARANTINED)


async def classify_message(
    house: House,
    actor: Actor,
    *,
    message_id: int,
    version: int,
    labels: Sequence[RequestType],
    purposes: Sequence[AskedPurpose] = (),
    request_id: int | None = None,
    marketing_objection: bool = False,
    received_at: datetime | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Labels open a case; `request_id` attaches the letter to one; neither means no request.

    `received_at` is the true receipt of a letter from a file that nobody could date (R1).
    Refused with STALE_VERSION, NOT_FOUND, INVALID (purposes without a withdrawal or the
    other way round; a receipt in the future or before the GDPR, or of a letter whose receipt
    is known) or ILLEGAL_TRANSITION (the letter has a case already).
    """
    check_purposes(labels, purposes)
    async with working(house, actor, "messageClassify", now=now, call_id=call_id) as work:
        message = await _waiting(message_id, version)
        if received_at is not None:
            await _date(work, message, received_at)
        await write_verdict(work, message, labels, purposes)
        asked = asked_of(labels, purposes, marketing_objection=marketing_objection)
        if request_id is not None:
            result = await _attach(work, message, request_id, asked)
        elif labels:
            result = await _register(work, message, asked)
        else:
            result = await _let_go(work, message)
        work.journal("message.classify", [f"Message:{message.id}"], {"labels": list(labels)})
    return result


def check_purposes(labels: Sequence[RequestType], purposes: Sequence[AskedPurpose]) -> None:
    """A withdrawal names its purposes, nothing else has any; ActRefused INVALID otherwise."""
    withdraws = RequestType.CONSENT_WITHDRAWAL in labels
    if bool(purposes) != withdraws:
        raise ActRefused(
            Problem(
                ErrorCode.INVALID,
                "A consent withdrawal names its purposes (or ALL); nothing else has any.",
                ("input", "purposes"),
            )
        )
    if AskedPurpose.ALL in purposes and len(set(purposes)) > 1:
        raise ActRefused(Problem(ErrorCode.INVALID, "ALL stands alone.", ("input", "purposes")))


async def _waiting(message_id: int, version: int) -> Message:
    message = await Message.get_or_none(id=message_id)
    if message is None:
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such letter.", ("input", "messageId")))
    if message.version != version:
        raise _stale()
    if message.fate not in OPEN_TO_A_PERSON or not await _is_kept(message):
        raise ActRefused(
            Problem(
                ErrorCode.ILLEGAL_TRANSITION,
                "Only letters in triage or quarantine, or ignored and not yet erased, can be"
                " classified.",
                ("input", "messageId"),
            )
        )
    return message


async def _date(work: Work, message: Message, received_at: datetime) -> None:
    """The clock of a letter that came as a file begins when it truly came in."""
    problem = deadlines.may_begin(received_at, work.now)
    if message.folder != UNDATED:
        known = "Our mail server says when this letter was received."
        problem = refuse(ErrorCode.INVALID, known, "receivedAt")
    if problem:
        raise ActRefused(problem)
    clock = deadlines.clock(received_at, work.house.zone)
    message.received_at, message.received_on = received_at.astimezone(UTC), clock.received_on
    message.due_on = clock.due_on
    await Message.filter(id=message.id, version=message.version).update(
        received_at=message.received_at,
        received_on=message.received_on,
        due_on=message.due_on,
    )
    summary = f"A person found out that it was received on {clock.received_on.isoformat()}."
    work.note(TimelineKind.RECEIVED, summary, message_id=message.id)


async def _is_kept(message: Message) -> bool:
    """Whether a person can still read it: its words, or the original nobody could read."""
    if message.text_sealed is not None:
        return True
    return await RawLetter.filter(id=message.raw_letter_id, sealed__not_isnull=True).exists()


def header_of(work: Work, message: Message) -> dict[str, Any]:
    """What the header says; nothing of a letter that could not be read."""
    found = work.house.vault.open_json("header", message.header_sealed)
    return found or {"from": None, "messageId": None}


def _stale() -> ActRefused:
    return ActRefused(
        Problem(
            ErrorCode.STALE_VERSION,
            "Somebody classified this letter meanwhile: read it again.",
            ("input", "version"),
        )
    )


async def write_verdict(
    work: Work, message: Message, labels: Sequence[RequestType], purposes: Sequence[AskedPurpose]
) -> None:
    """A person's verdict beside the old one."""
    await Classification.create(
        message_id=message.id,
        labels=[label.value for label in labels],
        purposes=[purpose.value for purpose in purposes],
        language=message.language,
        decision=Decision.REGISTER if labels else Decision.IGNORE,
        confidence=1.0,
        possible_breach=message.possible_breach,
        evidence_sealed=work.house.vault.seal_json("evidence", []),
        model=BY_A_PERSON,
        at=work.now,
        corrected_by_id=work.actor.staff_id,
    )


async def _place(
    work: Work, message: Message, fate: Fate, request: DataSubjectRequest | None
) -> None:
    changed = await Message.filter(id=message.id, version=message.version).update(
        fate=fate, request_id=request.id if request else None, version=message.version + 1
    )
    if not changed:
        raise _stale()
    message.fate = fate
    await Sighting.filter(message_id=message.id).exclude(fate=Fate.DUPLICATE).update(fate=fate)
    work.note(
        TimelineKind.RECLASSIFIED,
        f"A person decided: {fate.value}.",
        request_id=request.id if request else None,
        message_id=message.id,
    )
    if request is not None:
        await redacted_task(work, request.id, message)


async def _let_go(work: Work, message: Message) -> ActResult:
    await _place(work, message, Fate.IGNORED, None)
    return ActResult(message_id=message.id)


async def _attach(
    work: Work, message: Message, request_id: int, asked: Sequence[Asked]
) -> ActResult:
    request = await DataSubjectRequest.get_or_none(id=request_id)
    if request is None or request.status in FINAL:
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such open case.", ("input", "requestId")))
    owners = await owners_of(message)
    new = await add_items(request, asked, message.received_at, shared_address=len(owners) > 1)
    await refresh(work, request.id)
    await _place(work, message, Fate.FOLLOW_UP, request)
    header = header_of(work, message)
    kinds = [item.type for item in await RequestItem.filter(request_id=request.id)]
    proof = await _signed(work, message, header, kinds, request.subject_id)
    if proof:
        await record(work, request, message.id, proof)
    if proof and proof.client_id is not None:
        owners = [proof.client_id]
    await take_effect_of(work, message, request, new, owners)
    await sound(work, message, request)
    await answered(work, request, message.received_at)
    return ActResult(request_id=request.id, reference=request.reference, message_id=message.id)


async def _register(work: Work, message: Message, asked: Sequence[Asked]) -> ActResult:
    owners = await owners_of(message)
    header = header_of(work, message)
    proof = await _signed(work, message, header, [kind for kind, _ in asked])
    signed = proof is not None and proof.client_id is not None
    if proof and proof.client_id is not None:
        owners = [proof.client_id]
    level = assurance(bool(owners), message.proven, signature_valid_over_request=signed)
    owner = owners[0] if len(owners) == 1 and level is not Assurance.CLAIMED else None
    request = await open_case(
        work,
        Opening(
            asked=asked,
            received_at=message.received_at,
            channel=Channel.EMAIL,
            language=message.language if message.header_sealed else None,
            subject_id=owner,
            assurance=level if owner else Assurance.CLAIMED,
            their_reference=header.get("theirReference"),
            acting_for=header.get("actingFor"),
            possible_breach=message.possible_breach,
            shared_address=len(owners) > 1,
        ),
    )
    await _place(work, message, Fate.REGISTERED, request)
    if proof:
        await record(work, request, message.id, proof)
    await take_effect_of(work, message, request, asked, owners)
    await sound(work, message, request)
    outbound = await _acknowledge(work, message, request, asked)
    return ActResult(
        request_id=request.id,
        reference=request.reference,
        message_id=message.id,
        outbound_id=outbound.id if outbound else None,
        created=True,
    )


async def _signed(
    work: Work,
    message: Message,
    header: dict[str, Any],
    asked: Sequence[RequestType],
    subject_id: int | None = None,
) -> Proof | None:
    """What the container of the letter proves, as it was checked when the letter came in."""
    kept = work.house.vault.open_json("signature", message.signature_sealed)
    if kept is None:
        return None
    found = restored(kept, message.received_at, header.get("actingFor"))
    return await prove(work, found, asked, subject_id)


async def owners_of(message: Message) -> list[int]:
    """Clients with the writer's address on file."""
    if message.from_index is None:
        return []
    found = ContactAddress.filter(address_index=message.from_index, kind=AddressKind.EMAIL)
    return sorted({address.client_id for address in await found})


async def take_effect_of(
    work: Work,
    message: Message,
    request: DataSubjectRequest,
    asked: Sequence[Asked],
    owners: Sequence[int],
) -> None:
    """What a letter changes by itself, once a person said what it asks for."""
    header = header_of(work, message)
    await take_effect(
        work,
        asked,
        from_address=header["from"],
        owners=owners,
        received_at=message.received_at,
        language=message.language,
        message_id=message.id,
        evidence_sha256=message.sha256,
        request_id=request.id,
    )


async def _acknowledge(
    work: Work, message: Message, request: DataSubjectRequest, asked: Sequence[Asked]
) -> OutboundMail | None:
    """The person's judgement replaces the screening's doubts, but never answers a machine."""
    automatic = cast(AutomaticKind | None, message.automatic)
    if automatic is not None or message.content_index is None:
        return None
    header = header_of(work, message)
    letter = Letter(
        sha256=message.sha256,
        message_id=header["messageId"],
        in_reply_to=(),
        references=tuple(header.get("references", ())),
        from_addresses=(header["from"],) if header["from"] else (),
        reply_to=(),
        to=(),
        subject="",
        text="",
        new_spans=(),
    )
    return await queue_acknowledgement(
        work,
        Answering(
            request=request,
            asked=asked,
            letter=letter,
            content_digest=message.content_index,
            shared_address=len(await owners_of(message)) > 1,
            message_id=message.id,
            language=message.language,
            language_sure=True,
            answer=Answer.HOLD if message.answer_reasons else Answer.SEND,
            reasons=tuple(message.answer_reasons),
        ),
    )
