"""Inputs and payloads of acts on cases, letters, staff and tokens."""

from datetime import date, datetime

import strawberry

from api.types.base import Level, loaded, plain
from api.types.clients import Client
from api.types.consents import Consent
from api.types.letters import Message, OutboundMail
from api.types.people import Staff
from api.types.problems import UserError
from api.types.requests import DataSubjectRequest
from api.types.scalars import EmailAddress
from models.vocabulary import AskedPurpose, RequestType, Role

VERSION = "Version of the object as it was read; anything else is STALE_VERSION."
KEY = "Same key and same input: the first answer again; another input: CONFLICT."
ERRORS = "Why nothing was done; empty when it was."
AFTER = "The object after the act; null when nothing was done."


@strawberry.input(description="What a letter asks for, as a person reads it.")
class MessageClassifyInput:
    """Labels, or a case to attach to, or neither: not a request."""

    message_id: strawberry.ID = strawberry.field(description="The letter.")
    version: int = strawberry.field(description=VERSION)
    labels: list[RequestType] = strawberry.field(
        description="The rights asked for; empty and without `requestId`: not a request."
    )
    purposes: list[AskedPurpose] = strawberry.field(
        description="Purposes of a consent withdrawal; empty without one.", default_factory=list
    )
    request_id: strawberry.ID | None = strawberry.field(
        description="The open case the letter belongs to; null opens a new one.", default=None
    )
    marketing_objection: bool = strawberry.field(
        description="The objection is to direct marketing, which takes effect on receipt.",
        default=False,
    )
    received_at: datetime | None = strawberry.field(
        description="When a letter from a file that nobody could date was truly received: the"
        " clock runs from then. Null: the letter says so itself, or nobody knows better than"
        " the day it was read in.",
        default=None,
    )
    idempotency_key: str = strawberry.field(description=f"{KEY} Required: a letter may go out.")


@strawberry.input(description="A decision about a letter of ours that does not send it.")
class OutboundMailInput:
    """Drop, or confirm."""

    id: strawberry.ID = strawberry.field(description="The letter.")
    version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A decision that sends a letter of ours.")
class OutboundMailSendInput:
    """Release, or retry."""

    id: strawberry.ID = strawberry.field(description="The letter.")
    version: int = strawberry.field(description=VERSION)
    idempotency_key: str = strawberry.field(description=f"{KEY} Required: a letter goes out.")


@strawberry.input(description="A colleague, new or changed.")
class StaffUpsertInput:
    """Staff."""

    staff_id: strawberry.ID | None = strawberry.field(
        description="The colleague to change; null for a new one.", default=None
    )
    version: int | None = strawberry.field(
        description=f"{VERSION} Null for a new one.", default=None
    )
    name: str = strawberry.field(description="Name.")
    email: str = strawberry.field(description="Address.")
    role: Role = strawberry.field(description="What the colleague may do.")
    trained_on: date | None = strawberry.field(
        description="Date of the data protection training; without it nobody has a role."
    )
    is_active: bool = strawberry.field(
        description="False: no longer works here; all tokens end.", default=True
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A new token.")
class TokenCreateInput:
    """Token; only its digest is kept, so a repeat can tell everything but the token."""

    name: str = strawberry.field(description="Name of the token, unique.")
    role: Role = strawberry.field(description="The person's role; INTEGRATION for a machine.")
    staff_id: strawberry.ID | None = strawberry.field(
        description="Whose it is; null for a machine.", default=None
    )
    days: int | None = strawberry.field(
        description="Days until it ends; null = until it is revoked.", default=None
    )
    idempotency_key: str | None = strawberry.field(
        description="Same key and same input: no second token, name and end of the first, and"
        " CONFLICT in the place of the token, which is shown once; another input: CONFLICT.",
        default=None,
    )


@strawberry.input(description="A token to end.")
class TokenRevokeInput:
    """Token."""

    name: str = strawberry.field(description="Name of the token.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of messageClassify.")
class MessageClassifyPayload(Level):
    """Payload."""

    message: Message | None = loaded(AFTER)
    request: DataSubjectRequest | None = loaded("The case it opened or joined; null if none.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of an act on a letter to us.")
class MessagePayload(Level):
    """Payload."""

    message: Message | None = loaded(AFTER)
    request: DataSubjectRequest | None = loaded("The case it belongs to; null if to none.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of an act on a letter of ours.")
class OutboundMailPayload(Level):
    """Payload."""

    outbound_mail: OutboundMail | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)


# Acts that change the same objects share a payload, so that one fragment of a client reads all
# their answers; an act that has more to say has its own, as MessageClassifyPayload.
@strawberry.type(description="Answer of an act on a case: one type, one fragment, for all of them.")
class RequestPayload(Level):
    """Payload."""

    request: DataSubjectRequest | None = loaded(AFTER)
    outbound_mail: OutboundMail | None = loaded("The letter it queued; null if none.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of consentRecord and consentWithdraw.")
class ConsentPayload(Level):
    """Payload."""

    consent: Consent | None = loaded(AFTER)
    client: Client | None = loaded("The client after the act; null when nothing was done.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of clientUpsert.")
class ClientUpsertPayload(Level):
    """Payload."""

    client: Client | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)
    is_new: bool | None = strawberry.field(
        description="Whether the client was created; null when nothing was done.", default=None
    )


@strawberry.type(description="Answer of staffUpsert.")
class StaffUpsertPayload(Level):
    """Payload."""

    staff: Staff | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of tokenCreate.")
class TokenCreatePayload:
    """Payload."""

    token: str | None = plain("The token, shown this once; null in any other answer.")
    name: str | None = plain("Its name; null when there is none.")
    expires_at: datetime | None = plain("When it ends; null = until it is revoked.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of tokenRevoke.")
class TokenRevokePayload:
    """Payload."""

    name: str | None = plain("Name of the ended token; null when nothing was done.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="A letter as it would go out now; nothing was written.")
class LetterPreview:
    """What an act would send."""

    to: EmailAddress | None = plain("Where it would go; null when it cannot be written.")
    subject: str | None = plain("Its subject; null when it cannot be written.")
    text: str | None = plain("Its text; null when it cannot be written.")
    problems: list[UserError] = plain("Why the act would be refused; empty when it would not.")
