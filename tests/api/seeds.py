"""Rows of a small desk, written straight into the tables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.acts.access import create_token, upsert_staff
from models.deadlines import clock
from models.house import House
from models.shapes import SYSTEM
from models.tables import (
    Attachment,
    CaseNumber,
    Classification,
    Client,
    ConsentEvent,
    ConsentPurpose,
    ContactAddress,
    Contract,
    DataSubjectRequest,
    Message,
    OutboundMail,
    RawLetter,
    Representative,
    RequestItem,
    Staff,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import (
    ActorKind,
    AddressKind,
    AskedPurpose,
    Assurance,
    Channel,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    Decision,
    DeliveryState,
    Fate,
    IdentifierScheme,
    ItemStatus,
    Language,
    LetterKind,
    Purpose,
    RequestStatus,
    RequestType,
    Role,
    TimelineKind,
)

NOW = datetime.now(UTC).replace(microsecond=0)
TRAINED = date(2026, 1, 15)
CODE = "36805280109"


async def seed_people(house: House) -> dict[Role, str]:
    """One trained colleague for each role, one machine; their tokens."""
    tokens = {}
    for role in Role:
        staff_id = None
        if role is not Role.INTEGRATION:
            person = await upsert_staff(
                house,
                SYSTEM,
                name=f"Person {role.value}",
                email=f"{role.value}@example.com",
                role=role,
                trained_on=TRAINED,
            )
            staff_id = person.staff_id
        made = await create_token(house, SYSTEM, name=role.value, role=role, staff_id=staff_id)
        tokens[role] = made.token
    return tokens


@dataclass
class Sample:
    """What was written."""

    mari: Client
    firm: Client
    case: DataSubjectRequest
    older: DataSubjectRequest
    letter: Message
    triage: Message
    ignored: Message
    quarantined: Message
    ack: OutboundMail
    held: OutboundMail
    file: Attachment
    event: ConsentEvent
    entry: TimelineEntry
    item: RequestItem


async def make_client(house: House, name: str, address: str, **more: Any) -> Client:
    """A client with one address."""
    client = await Client.create(
        kind=ClientKind.NATURAL_PERSON,
        display_name=name,
        name_folded=name.casefold(),
        language=Language.ET,
        created_at=NOW,
        updated_at=NOW,
        **more,
    )
    await ContactAddress.create(
        client=client,
        kind=AddressKind.EMAIL,
        value=address,
        address_index=house.vault.address_index(address),
        is_primary=True,
    )
    return client


async def make_case(
    number: int,
    received_at: datetime,
    types: tuple[RequestType, ...] = (RequestType.COPY,),
    **more: Any,
) -> DataSubjectRequest:
    """A case with its clock and items."""
    dates = clock(received_at)
    values: dict[str, Any] = {
        "reference": f"NP-2026-{number:04d}",
        "status": RequestStatus.NEW,
        "language": Language.ET,
        "channel": Channel.EMAIL,
        "received_at": received_at,
        "received_on": dates.received_on,
        "nominal_on": dates.nominal_on,
        "due_on": dates.due_on,
        "unsuspended_due_on": dates.due_on,
        "internal_target_on": dates.internal_target_on,
        "target_on": dates.due_on,
        "assurance": Assurance.CLAIMED,
        "identity_needed": Assurance.CONFIRMED,
        "updated_at": received_at,
    }
    case = await DataSubjectRequest.create(**(values | more))
    for kind in types:
        await RequestItem.create(request=case, type=kind, status=ItemStatus.OPEN)
    return case


async def make_letter(house: House, number: int, fate: Fate, **more: Any) -> Message:
    """A letter with sealed words."""
    vault = house.vault
    raw = f"Subject: secret subject {number}\r\n\r\nsecret text {number}".encode()
    received_at = more.pop("received_at", NOW - timedelta(days=number))
    dates = clock(received_at)
    stored = await RawLetter.create(
        digest=vault.index("raw", raw),
        sha256=f"{number:064x}",
        size=len(raw),
        sealed=vault.seal("raw", raw),
        stored_at=NOW,
    )
    address = more.pop("sender", f"writer{number}@example.com")
    header = {"messageId": f"<m{number}@example.com>", "from": address, "replyTo": [], "to": []}
    text = f"secret text {number}\n> quoted"
    return await Message.create(
        raw_letter=stored,
        content_index=vault.index("content", f"{number}"),
        header_sealed=vault.seal_json("header", header),
        from_index=vault.address_index(address),
        subject_sealed=vault.seal_text("subject", f"secret subject {number}"),
        text_sealed=vault.seal_text("text", text),
        new_spans=[[0, text.index("\n")]],
        sha256=f"{number:064x}",
        folder="INBOX",
        received_at=received_at,
        received_on=dates.received_on,
        due_on=dates.due_on,
        fate=fate,
        language=Language.ET,
        confidence=0.5,
        read_at=NOW,
        **more,
    )


async def make_verdict(house: House, message: Message, **more: Any) -> Classification:
    """A verdict with evidence."""
    words = [
        {
            "label": "copy",
            "text": "secret evidence",
            "start": 0,
            "end": 6,
            "weight": 2.5,
            "in_subject": False,
        }
    ]
    values: dict[str, Any] = {
        "labels": ["copy"],
        "purposes": [],
        "language": Language.ET,
        "decision": Decision.REGISTER,
        "confidence": 0.9,
        "evidence_sealed": house.vault.seal_json("evidence", words),
        "model": "test-1",
        "at": NOW,
    }
    return await Classification.create(message=message, **(values | more))


async def make_outbound(
    house: House, number: int, state: DeliveryState, case: DataSubjectRequest | None, **more: Any
) -> OutboundMail:
    """A letter of ours."""
    vault = house.vault
    values: dict[str, Any] = {
        "kind": LetterKind.ACKNOWLEDGEMENT,
        "language": Language.ET,
        "message_id": f"<ack.{number}@example.com>",
        "to_sealed": vault.seal_text("to", f"reader{number}@example.com"),
        "to_index": vault.address_index(f"reader{number}@example.com"),
        "subject_sealed": vault.seal_text("out-subject", f"Our subject {number}"),
        "text_sealed": vault.seal_text("out-text", f"our text {number}"),
        "raw_sealed": vault.seal("out-raw", b"raw"),
        "state": state,
        "queued_at": NOW + timedelta(seconds=number),
        "next_attempt_at": NOW,
    }
    return await OutboundMail.create(request=case, **(values | more))


async def make_entry(
    house: House, case: DataSubjectRequest, kind: TimelineKind, summary: str = "Something."
) -> TimelineEntry:
    """A line of a timeline."""
    return await TimelineEntry.create(
        request=case,
        kind=kind,
        at=NOW,
        actor_kind=ActorKind.BOT,
        actor_label="mailbot",
        summary=summary,
        detail_sealed=house.vault.seal_json("timeline", {"text": "secret note"}),
    )


async def make_event(
    client: Client, purpose: Purpose, kind: ConsentEventKind, at: datetime, **more: Any
) -> ConsentEvent:
    """A line of the ledger."""
    return await ConsentEvent.create(
        client=client,
        purpose=await ConsentPurpose.get(code=purpose),
        kind=kind,
        at=at,
        effective_at=at,
        method=ConsentMethod.FORM,
        actor_kind=ActorKind.SYSTEM,
        actor_label="import",
        **more,
    )


async def seed_sample(house: House) -> Sample:
    """A desk with one of everything."""
    vault = house.vault
    await CaseNumber.create(year=2026, last_number=1000)  # above the numbers given here by hand
    mari = await make_client(
        house,
        "Mari Maasikas",
        "mari@example.com",
        external_id="C-1",
        identifier_scheme=IdentifierScheme.EE_PERSONAL_CODE,
        identifier_sealed=vault.seal_text("identifier", CODE),
        identifier_masked="*********09",
        identifier_index=vault.index("identifier", CODE),
    )
    firm = await make_client(house, "Õunaaed OÜ", "aed@example.com", external_id="C-2")
    person = await Representative.create(client=firm, name="Jüri Õun", role="juhatuse liige")
    await ContactAddress.create(
        client=firm,
        representative=person,
        kind=AddressKind.PHONE,
        value="+3725550000",
        address_index=vault.address_index("+3725550000"),
    )
    await Contract.create(client=mari, number="L-1", starts_on=date(2024, 1, 1))
    handler = await Staff.get(role=Role.CASE_HANDLER)
    older = await make_case(1, NOW - timedelta(days=90), subject=mari)
    case = await make_case(
        2,
        NOW - timedelta(days=2),
        (RequestType.COPY, RequestType.ERASURE),
        subject=mari,
        assignee=handler,
        duplicate_of=older,
        acting_for_sealed=vault.seal_text("note", "secret ward"),
        identity_evidence_sealed=vault.seal_json("note", ["secret evidence of identity"]),
        identity_note_sealed=vault.seal_text("note", "secret identity note"),
    )
    letter = await make_letter(house, 1, Fate.REGISTERED, request=case, sender="mari@example.com")
    await make_verdict(house, letter)
    event = await make_event(
        mari,
        Purpose.MARKETING,
        ConsentEventKind.GIVEN,
        NOW - timedelta(days=400),
        note_sealed=vault.seal_text("note", "secret consent note"),
        message=letter,
    )
    await make_event(mari, Purpose.MARKETING, ConsentEventKind.WITHDRAWN, NOW - timedelta(days=3))
    await Suppression.create(
        address_index=vault.address_index("mari@example.com"),
        purpose=AskedPurpose.MARKETING,
        since=NOW - timedelta(days=3),
        source="mail",
    )
    triage = await make_letter(house, 2, Fate.TRIAGE)
    await make_verdict(house, triage, decision=Decision.TRIAGE, confidence=0.4)
    item = await RequestItem.get(request=case, type=RequestType.COPY)
    return Sample(
        mari=mari,
        firm=firm,
        case=case,
        older=older,
        letter=letter,
        triage=triage,
        ignored=await make_letter(house, 3, Fate.IGNORED),
        quarantined=await make_letter(house, 4, Fate.QUARANTINED),
        ack=await make_outbound(house, 1, DeliveryState.SENT, case, sent_at=NOW),
        held=await make_outbound(house, 2, DeliveryState.HELD, case),
        file=await Attachment.create(
            message=letter,
            name_sealed=vault.seal_text("attachment-name", "secret name.pdf"),
            media_type="application/pdf",
            size=7,
            sha256="f" * 64,
            content_sealed=vault.seal("attachment", b"content"),
        ),
        event=event,
        entry=await make_entry(house, case, TimelineKind.RECEIVED),
        item=item,
    )
