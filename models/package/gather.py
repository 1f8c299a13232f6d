"""The register read for one person: database -> dossier.

Every text passes through `redact` on its way; what was taken out is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.consents import ConsentFact, fold
from models.house import House
from models.package.dossier import (
    Address,
    AskedItem,
    Case,
    ConsentLine,
    ConsentStanding,
    ContractTerm,
    Disclosed,
    Note,
    Person,
    Stop,
)
from models.package.redaction import Own, redact
from models.policy import INSPECTORATE
from models.tables import (
    Client,
    ConsentEvent,
    ConsentPurpose,
    ContactAddress,
    Contract,
    DataSubjectRequest,
    Disclosure,
    Representative,
    RequestItem,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import AddressKind, ConsentState, DataCategory, Language, TimelineKind


@dataclass
class Censor:
    """Takes other people's data out of texts, and counts how often."""

    own: Own
    names: Sequence[str]
    mark: str
    count: int = 0

    def __call__(self, text: str | None) -> str | None:
        """None stays None."""
        if text is None:
            return None
        found = redact(text, self.own, self.names, self.mark)
        self.count += found.count
        return found.text


@dataclass(frozen=True, slots=True)
class Subject:
    """The person and what belongs to the person alone."""

    client: Client
    addresses: tuple[ContactAddress, ...]
    indexes: tuple[str, ...]  # of e-mail addresses on file
    sole_indexes: tuple[str, ...]  # those no other client has
    own: Own = field(default_factory=Own)


async def subject_of(house: House, client: Client) -> Subject:
    """Addresses of the person, not of representatives."""
    found = await ContactAddress.filter(client_id=client.id, representative_id=None).order_by("id")
    mail = [one for one in found if one.kind is AddressKind.EMAIL]
    indexes = tuple(dict.fromkeys(one.address_index for one in mail))
    others = ContactAddress.filter(address_index__in=list(indexes)).exclude(client_id=client.id)
    shared = {one.address_index for one in await others}
    code = house.vault.open_text("identifier", client.identifier_sealed)
    own = Own(
        codes=(code,) if code else (),
        emails=(*(one.value for one in mail), *_published(house)),
        phones=(
            *(one.value for one in found if one.kind is AddressKind.PHONE),
            house.controller.phone,
        ),
    )
    sole = tuple(index for index in indexes if index not in shared)
    return Subject(client, tuple(found), indexes, sole, own)


def _published(house: House) -> tuple[str, ...]:
    """Addresses everybody may read."""
    return house.mail_address, house.controller.contact, INSPECTORATE.email


async def person(house: House, subject: Subject) -> Person:
    """What stands in the client's own row and the rows that hang on it."""
    client = subject.client
    contracts = await Contract.filter(client_id=client.id).order_by("starts_on", "id")
    representatives = await Representative.filter(client_id=client.id).order_by("id")
    return Person(
        name=client.display_name,
        external_id=client.external_id,
        language=client.language,
        identifier_scheme=client.identifier_scheme,
        identifier=house.vault.open_text("identifier", client.identifier_sealed),
        addresses=tuple(
            Address(one.kind, one.value, one.is_primary, one.verified_at)
            for one in subject.addresses
        ),
        contracts=tuple(ContractTerm(one.number, one.starts_on, one.ends_on) for one in contracts),
        representatives=tuple(one.role for one in representatives),
        relationship_ended_on=client.relationship_ended_on,
        erase_after=client.erase_after,
        restricted_since=client.restricted_since,
        restriction_reason=client.restriction_reason,
        created_at=client.created_at,
        updated_at=client.updated_at,
    )


async def consents(
    house: House, client_id: int, language: Language, censor: Censor
) -> tuple[ConsentStanding, ...]:
    """Every purpose that rests on consent, with its whole ledger."""
    events = (
        await ConsentEvent.filter(client_id=client_id)
        .order_by("effective_at", "id")
        .prefetch_related("policy_version")
    )
    standing = []
    for purpose in await ConsentPurpose.all().order_by("id"):
        own = [event for event in events if event.purpose_id == purpose.id]
        facts = [
            ConsentFact(purpose.code, event.kind, event.at, event.effective_at, event.id)
            for event in own
        ]
        now = fold(facts).get(purpose.code)
        standing.append(
            ConsentStanding(
                purpose=purpose.code,
                title=getattr(purpose, f"title_{language.value}"),
                state=now.state if now else ConsentState.UNKNOWN,
                since=now.since if now else None,
                events=tuple(_line(house, event, censor) for event in own),
            )
        )
    return tuple(standing)


def _line(house: House, event: ConsentEvent, censor: Censor) -> ConsentLine:
    return ConsentLine(
        kind=event.kind,
        at=event.at,
        effective_at=event.effective_at,
        expires_on=event.expires_on,
        method=event.method,
        recorded_by=event.actor_kind,
        policy_version=event.policy_version.version if event.policy_version else None,
        note=censor(house.vault.open_text("note", event.note_sealed)),
    )


async def disclosures(client_id: int) -> tuple[Disclosed, ...]:
    """To whom data were actually given (Art. 15(1)(c))."""
    found = await Disclosure.filter(client_id=client_id).order_by("at", "id")
    return tuple(
        Disclosed(
            one.at,
            one.recipient,
            tuple(DataCategory(name) for name in one.categories),
            one.purpose,
            one.basis,
        )
        for one in found
    )


async def stops(subject: Subject) -> tuple[Stop, ...]:
    """Promises not to write, by the person's own addresses."""
    by_index = {one.address_index: one.value for one in subject.addresses}
    found = await Suppression.filter(address_index__in=list(subject.indexes)).order_by("since")
    return tuple(Stop(by_index[one.address_index], one.purpose, one.since) for one in found)


async def cases(
    house: House, requests: Sequence[DataSubjectRequest], censor: Censor
) -> tuple[Case, ...]:
    """Requests of the person with their rights and the notes made on them."""
    return tuple([await _case(house, request, censor) for request in requests])


async def _case(house: House, request: DataSubjectRequest, censor: Censor) -> Case:
    vault = house.vault
    items = await RequestItem.filter(request_id=request.id).order_by("id")
    return Case(
        reference=request.reference,
        received_at=request.received_at,
        channel=request.channel,
        status=request.status,
        outcome=request.outcome,
        due_on=request.due_on,
        closed_at=request.closed_at,
        assurance=request.assurance,
        their_reference=request.their_reference,
        acting_for=censor(vault.open_text("note", request.acting_for_sealed)),
        items=tuple(
            AskedItem(
                item.type,
                item.status,
                item.outcome,
                censor(vault.open_text("note", item.explanation_sealed)),
            )
            for item in items
        ),
        notes=await _notes(house, request.id, censor),
    )


async def _notes(house: House, request_id: int, censor: Censor) -> tuple[Note, ...]:
    found = []
    for entry in await TimelineEntry.filter(request_id=request_id, kind=TimelineKind.NOTE).order_by(
        "id"
    ):
        detail = house.vault.open_json("timeline", entry.detail_sealed) or {}
        text = censor(detail.get("text"))
        if text:
            found.append(Note(entry.at, text))
    return tuple(found)
