"""Letters in and out."""

from datetime import datetime

import strawberry

from api.access import CASES, LETTERS, Requires
from api.types.base import TOTAL, Level, Node, PageInfo, loaded, plain
from api.types.people import Staff
from api.types.requests import DataSubjectRequest, Deadline
from api.types.scalars import EmailAddress
from models.vocabulary import (
    AskedPurpose,
    AuthResult,
    AutomaticKind,
    DeliveryState,
    Fate,
    Language,
    LetterKind,
    ReadingFlag,
    RequestType,
)

_SEEN_BY = [Requires(any_of=list(CASES))]


@strawberry.type(description="The words that decided, and where they stand (Unicode code points).")
class Evidence:
    """Words that decided."""

    label: RequestType = plain("What they speak for.")
    text: str = plain("The words.")
    start: int = plain("First code point.")
    end: int = plain("The code point after the last.")
    weight: float = plain("How much they count; negative speaks against.")
    in_subject: bool = plain("In `Message.subject`, not in `Message.text`.")


@strawberry.type(
    description="What the classifier, or later a person, understood.", directives=_SEEN_BY
)
class Classification(Level):
    """A verdict."""

    types: list[RequestType] = plain("The rights asked for.")
    purposes: list[AskedPurpose] = plain("Purposes named.")
    confidence: float = plain("How sure, 0 to 1.")
    language: Language = plain("Language of the letter.")
    possible_breach: bool = plain("The letter may report a breach (Art. 33).")
    evidence: list[Evidence] | None = loaded("The words that decided.", LETTERS)
    model: str = plain("Which classifier, and its version.")
    corrected_by: Staff | None = loaded("Who corrected it; null if nobody did.")
    corrected_at: datetime | None = plain("When it was corrected; null if it was not.")


@strawberry.type(description="What our own mail server found about the sender (RFC 8601).")
class MailAuthentication:
    """Authentication results."""

    spf: AuthResult = plain("SPF.")
    dkim: AuthResult = plain("DKIM.")
    dmarc: AuthResult = plain("DMARC.")
    trusted_by: str | None = plain("The server whose word counts; null when there was none.")


@strawberry.type(description="A file that came with a letter. Content by GET /files/{id}.")
class Attachment(Level):
    """An attachment."""

    id: strawberry.ID = plain("Opaque id, for GET /files/{id}.")
    name: str = plain("Its name; only a label.")
    media_type: str = plain("What it says it is.")
    size: int = plain("Bytes.")
    sha256: str = strawberry.field(name="sha256", description="Digest of its bytes.")
    is_removed: bool = plain("The content was removed; only the digest stays.")


@strawberry.type(
    description="A digitally signed container found in the letter (XAdES in ASiC-E or BDOC)."
    " A fact holds when it holds of every signature."
)
class SignatureCheck:
    """What was verified."""

    intact: bool = plain("Digests, signed properties, certificate and signature value fit.")
    trusted: bool = plain(
        "The certificates lead to a configured authority and were valid at the time of signing."
    )
    covers_request: bool = plain("The signed files themselves hold this request.")
    signer: str | None = plain(
        "The first signer as the certificate names them; null when none could be read."
    )
    personal_code_masked: str | None = plain(
        "The first signer's personal code, masked; null when the certificate holds none."
    )
    signed_at: datetime | None = plain(
        "When the first signature was made, by its timestamp; null without one."
    )
    signatures: int = plain("How many signatures there are.")
    problems: list[str] = plain("What was found wrong, and what could not be checked.")


@strawberry.type(
    description="A letter to us. The original by GET /messages/{id}.eml.", directives=_SEEN_BY
)
class Message(Level, Node):
    """A letter in."""

    message_id: str | None = loaded("Its Message-ID; null when it has none.", LETTERS)
    received_at: datetime = plain("When our mail server took it.")
    deadline: Deadline = loaded("The clock it has, or would have as a request.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    folder: str = plain("Mailbox folder it was found in.")
    fate: Fate = plain("What became of it.")
    sender: EmailAddress | None = loaded(
        "Who wrote it; null when the address could not be read.", LETTERS, name="from"
    )
    subject: str | None = loaded(
        "Its subject; null when it could not be read, or once erased.", LETTERS
    )
    text: str | None = loaded(
        "Its whole readable text; null when it could not be read, or once erased.", LETTERS
    )
    new_text: str | None = loaded(
        "The writer's own new words; null when it could not be read, or once erased.", LETTERS
    )
    automatic: AutomaticKind | None = plain(
        "Why it counts as written by a machine; null: it does not."
    )
    authentication: MailAuthentication = loaded("What is proven about the sender.")
    signature: SignatureCheck | None = loaded(
        "What was found about its signed container; null when it has none.", LETTERS
    )
    flags: list[ReadingFlag] = plain("What a person should know about how it was read.")
    answer_reasons: list[str] = plain("Why no automatic letter went out, in short codes.")
    is_urgent: bool = plain("From an authority, or otherwise urgent.")
    possible_breach: bool = plain("It may report a breach (Art. 33).")
    confidence: float = plain("How sure the classifier was, 0 to 1.")
    language: Language = plain("Its language.")
    attachments: list[Attachment] | None = loaded("Files that came with it.", LETTERS)
    request: DataSubjectRequest | None = loaded("The case it belongs to; null if to none.")
    claims_request: DataSubjectRequest | None = loaded(
        "The case it says it is about, without proof; null if it names none."
    )
    classification: Classification | None = loaded("What was understood; null if nothing was.")
    verdicts: list[Classification] = loaded(
        "Every verdict, the oldest first: a corrected one stays beside its correction."
    )
    sha256: str = strawberry.field(name="sha256", description="Digest of its bytes.")


@strawberry.type(description="One letter of a page.")
class MessageEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the letter stands in its list.")
    node: Message = loaded("The letter.")


@strawberry.type(description="A page of letters.")
class MessageConnection(Level):
    """Relay connection."""

    edges: list[MessageEdge] = loaded("The letters with their cursors.")
    nodes: list[Message] = loaded("The letters.")
    page_info: PageInfo = loaded("Where the page stands.")
    total_count: int | None = loaded(TOTAL)


@strawberry.type(description="How far a letter of ours got.")
class Delivery:
    """State of delivery."""

    state: DeliveryState = plain("Where it stands.")
    attempts: int = plain("How often it was tried.")
    sent_at: datetime | None = plain("When the mail server took it; null until then.")
    next_attempt_at: datetime | None = plain("When it is tried again; null if it is not.")
    last_response: str | None = plain(
        "What the mail server said last, which may name the address; null if nothing.", LETTERS
    )
    hold_reasons: list[str] = plain("Why a person has to look, in short codes.")


@strawberry.type(description="A letter of ours.", directives=_SEEN_BY)
class OutboundMail(Level, Node):
    """A letter out."""

    kind: LetterKind = plain("What kind of letter it is.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    to: EmailAddress | None = loaded("Whom it goes to; null once erased.", LETTERS)
    subject: str | None = loaded("Its subject; null once erased.", LETTERS)
    text: str | None = loaded("Its text; null once erased.", LETTERS)
    language: Language = plain("Its language.")
    is_automatic: bool = plain("No person wrote it.")
    queued_at: datetime = plain("When it was queued.")
    delivery: Delivery = loaded("How far it got.")
    request: DataSubjectRequest | None = loaded("The case it belongs to; null if to none.")


@strawberry.type(description="One letter of a page.")
class OutboundMailEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the letter stands in its list.")
    node: OutboundMail = loaded("The letter.")


@strawberry.type(description="A page of letters of ours.")
class OutboundMailConnection(Level):
    """Relay connection."""

    edges: list[OutboundMailEdge] = loaded("The letters with their cursors.")
    nodes: list[OutboundMail] = loaded("The letters.")
    page_info: PageInfo = loaded("Where the page stands.")
    total_count: int | None = loaded(TOTAL)
