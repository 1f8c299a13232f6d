"""The frozen shapes that cross a door: what was read, what was understood, what an act did."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.vocabulary import (
    ActorKind,
    Answer,
    AskedPurpose,
    AuthResult,
    AutomaticKind,
    Decision,
    ErrorCode,
    Language,
    ReadingFlag,
    RequestType,
    Role,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One sighting of a letter in a mailbox.

    `received_at` is IMAP INTERNALDATE in UTC; `raw` the bytes as fetched, at most
    the size cap (`size` is what the server says the whole letter has).
    """

    folder: str
    uidvalidity: int
    uid: int
    size: int
    received_at: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment; `name` is only a label, `text` what could be read out of it."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Authentication:
    """What our own server proved about the sender (RFC 8601); `aligned` = DMARC sense.

    `trusted_by` is the authserv-id whose header was believed, None when there was none.
    `proven` is true for dmarc=pass, or dkim/spf pass aligned with the From domain.
    """

    spf: AuthResult = AuthResult.NONE
    dkim: AuthResult = AuthResult.NONE
    dmarc: AuthResult = AuthResult.NONE
    trusted_by: str | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature of a container (XAdES, ETSI EN 319 132), and what was found wrong with it.

    `intact`: digests, signed properties, certificate digest and signature value fit.
    `trusted`: the certificate leads to a configured authority, was good by the embedded
    OCSP response, and the time is proven by an embedded timestamp; `signed_at` is that
    time in UTC, None when nothing proves one. `digest` is the SHA-256 of what was signed:
    the same however the container is packed.
    """

    intact: bool
    trusted: bool
    covers_all_files: bool
    signer: str | None = None
    personal_code: str | None = None
    signed_at: datetime | None = None
    problems: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ContainerCheck:
    """A signed container (ASiC-E, ETSI EN 319 162): `accepted` when all of it stands.

    `digest` is the SHA-256 of its bytes. Problems are sentences without personal data.
    """

    signatures: tuple[SignatureCheck, ...]
    accepted: bool
    digest: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as read, before anybody judged it.

    `headers` are (lower-case name, unfolded decoded value) in the order on the wire.
    `text` is the whole readable text; `new_spans` are half-open code-point ranges of
    it that hold the writer's own new words (no quotes, signatures, footers).
    Addresses are lower case. `own_received_at` is the time in our own topmost
    Received header, if there is one. `signature` is what was found about the one signed
    container that speaks for the letter, `signed_texts` the text of its data files.
    """

    sha256: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_addresses: tuple[str, ...]
    reply_to: tuple[str, ...]
    to: tuple[str, ...]
    subject: str
    text: str
    new_spans: tuple[tuple[int, int], ...]
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    authentication: Authentication = field(default_factory=Authentication)
    own_received_at: datetime | None = None
    bounced_message_ids: tuple[str, ...] = ()
    flags: frozenset[ReadingFlag] = frozenset()
    signature: ContainerCheck | None = None
    signed_texts: tuple[str, ...] = ()

    @property
    def from_address(self) -> str | None:
        """The one From address, or None when it is missing, doubled or unreadable."""
        return self.from_addresses[0] if len(self.from_addresses) == 1 else None

    @property
    def new_text(self) -> str:
        """The writer's own new words."""
        return "\n".join(self.text[a:b] for a, b in self.new_spans).strip()

    def header_values(self, name: str) -> tuple[str, ...]:
        """All values of one header, by lower-case name."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that decided; `start` and `end` are code points of the subject or of `Letter.text`."""

    label: RequestType
    text: str
    start: int
    end: int
    weight: float
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier understood. `confidence` is 0..1, of the decision taken."""

    labels: tuple[RequestType, ...]
    purposes: tuple[AskedPurpose, ...]
    language: Language
    decision: Decision
    confidence: float
    evidence: tuple[Evidence, ...]
    model: str
    language_sure: bool = True
    possible_breach: bool = False
    urgent: bool = False
    withdraws_request: bool = False
    passed_on: bool = False  # a letter that asks, forwarded under a note that does not
    marketing_objection: bool = False
    their_reference: str | None = None
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """May the automatic letter go out, and why not; `reasons` are short codes of the table."""

    answer: Answer
    reasons: tuple[str, ...]
    automatic: AutomaticKind | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the reading child says about one letter.

    `signed_verdict_labels` is what the signed data files ask for by themselves.
    """

    letter: Letter
    screening: Screening
    verdict: Verdict
    signed_verdict_labels: tuple[RequestType, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it. `staff_id` only for people."""

    kind: ActorKind
    label: str
    staff_id: int | None = None
    roles: frozenset[Role] = frozenset()


BOT = Actor(ActorKind.BOT, "mailbot")
SYSTEM = Actor(ActorKind.SYSTEM, "system")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an act was refused: `path` names the input field."""

    code: ErrorCode
    message: str
    path: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


class ActRefused(Exception):
    """An act that would break a rule; nothing was written."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ActResult:
    """What an act did: ids of the rows it touched, by noun."""

    request_id: int | None = None
    reference: str | None = None
    message_id: int | None = None
    outbound_id: int | None = None
    client_id: int | None = None
    staff_id: int | None = None
    created: bool = False
    file_id: int | None = None
    package_id: int | None = None
    task_id: int | None = None
    disclosure_id: int | None = None
    policy_version_id: int | None = None
    token_id: int | None = None
