"""What a package says, before it is written down as a page or as JSON.

Instants are UTC, days local. Texts are already free of other people's data.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.letters.facts import Controller
from models.vocabulary import (
    ActorKind,
    AddressKind,
    AskedPurpose,
    Assurance,
    Channel,
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    DataCategory,
    DeliveryState,
    IdentifierScheme,
    ItemStatus,
    Language,
    LawfulBasis,
    LetterKind,
    Outcome,
    Purpose,
    RequestStatus,
    RequestType,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address on file."""

    kind: AddressKind
    value: str
    is_primary: bool
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """A contract; `ends_on` is the day after the last, None while it runs."""

    number: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """The client as the register knows it; of representatives only what they are to it."""

    name: str
    external_id: str | None
    language: Language | None
    identifier_scheme: IdentifierScheme | None
    identifier: str | None
    addresses: tuple[Address, ...]
    contracts: tuple[ContractTerm, ...]
    representatives: tuple[str | None, ...]
    relationship_ended_on: date | None
    erase_after: date | None
    restricted_since: datetime | None
    restriction_reason: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One line of the consent ledger."""

    kind: ConsentEventKind
    at: datetime
    effective_at: datetime
    expires_on: date | None
    method: ConsentMethod
    recorded_by: ActorKind
    policy_version: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """One purpose: where the consent stands, and how it came to that."""

    purpose: Purpose
    title: str
    state: ConsentState
    since: datetime | None
    events: tuple[ConsentLine, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A promise not to write to one of the person's addresses."""

    address: str
    purpose: AskedPurpose
    since: datetime


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One right asked for in a case, and how it ended."""

    type: RequestType
    status: ItemStatus
    outcome: Outcome | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What a colleague noted about a case."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A request of the person."""

    reference: str
    received_at: datetime
    channel: Channel
    status: RequestStatus
    outcome: Outcome | None
    due_on: date | None
    closed_at: datetime | None
    assurance: Assurance
    their_reference: str | None
    acting_for: str | None
    items: tuple[AskedItem, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of the package; `path` is None when its content is no longer kept."""

    name: str
    category: DataCategory
    is_provided: bool
    size: int
    sha256: str
    path: str | None


@dataclass(frozen=True, slots=True)
class LetterIn:
    """A letter to us."""

    received_at: datetime
    sender: str | None
    is_own: bool
    subject: str | None
    text: str | None
    reference: str | None
    attachments: tuple[Enclosed, ...]


@dataclass(frozen=True, slots=True)
class LetterOut:
    """A letter of ours."""

    queued_at: datetime
    sent_at: datetime | None
    kind: LetterKind
    state: DeliveryState
    to: str | None
    subject: str | None
    text: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Consultation:
    """A day on which the person's data were looked at, why, and how often; never by whom."""

    day: date
    purpose: str
    times: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What this package answers; `categories` are those the information speaks of."""

    reference: str
    language: Language
    types: tuple[RequestType, ...]
    categories: tuple[DataCategory, ...]
    built_at: datetime

    @property
    def has_information(self) -> bool:
        """Art. 15(1) goes with every copy, Art. 15(3)."""
        return bool({RequestType.INFORMATION, RequestType.COPY} & set(self.types))

    @property
    def has_copy(self) -> bool:
        """Art. 15(3)."""
        return RequestType.COPY in self.types

    @property
    def has_portable(self) -> bool:
        """Art. 20."""
        return RequestType.PORTABILITY in self.types


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Data that were given to somebody else (Art. 15(1)(c)); `basis` of Art. 6(1)."""

    at: datetime
    recipient: str
    categories: tuple[DataCategory, ...]
    purpose: str
    basis: LawfulBasis


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a package is written from."""

    scope: Scope
    controller: Controller
    person: Person
    consents: tuple[ConsentStanding, ...]
    stops: tuple[Stop, ...]
    cases: tuple[Case, ...]
    letters_in: tuple[LetterIn, ...]
    letters_out: tuple[LetterOut, ...]
    files: tuple[Enclosed, ...]
    disclosures: tuple[Disclosed, ...]
    consultations: tuple[Consultation, ...]
    redactions: int
