"""Inputs of acts on cases; a field has the name of the act's argument."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from api.types.acts import KEY, VERSION
from api.types.scalars import EmailAddress
from models.vocabulary import (
    AskedPurpose,
    BreachOutcome,
    Channel,
    DataCategory,
    ExtensionGround,
    IdentityMethod,
    Justification,
    Language,
    Outcome,
    RequestType,
    TellingOutcome,
)

SENDING_KEY = f"{KEY} Required: a letter goes out."
IN_THEIR_LANGUAGE = "in the person's language, at most 10,000 letters."


@strawberry.input(description="A case, as it was read.")
class CaseInput:
    """What every act on a case needs."""

    request_id: strawberry.ID = strawberry.field(description="The case.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="A case, as it was read, and the key of a letter about it.")
class CaseLetterInput(CaseInput):
    """What every act that writes to the person needs."""

    answer_address: EmailAddress | None = strawberry.field(
        description="Where the letter goes: an address on file, the writer's, or one named in"
        " the signed text; null: the first that may have it.",
        default=None,
    )
    idempotency_key: str = strawberry.field(description=SENDING_KEY)


@strawberry.input(description="Who is to work on a case.")
class RequestAssignInput(CaseInput):
    """Assign, or put back."""

    staff_id: strawberry.ID | None = strawberry.field(
        description="The colleague; null puts the case back into the queue."
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A note for colleagues.")
class RequestNoteInput(CaseInput):
    """Note."""

    text: str = strawberry.field(description="The note, at most 10,000 letters.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A question about who asks (GDPR Art. 12(6)).")
class RequestAskIdentityInput(CaseLetterInput):
    """Doubt about identity."""

    text: str = strawberry.field(
        description=f"Why we are not sure who asks, {IN_THEIR_LANGUAGE} Internal matters are"
        " no ground."
    )


@strawberry.input(description="A question about the scope of information or a copy (Recital 63).")
class RequestAskClarificationInput(CaseLetterInput):
    """Scope."""

    text: str = strawberry.field(
        description=f"Which data or processing is meant: the question {IN_THEIR_LANGUAGE}"
    )


@strawberry.input(description="The answer came another way, or is no longer waited for.")
class RequestResumeInput(CaseInput):
    """Resume."""

    answered_on: date | None = strawberry.field(
        description="The day of the answer; null = today.", default=None
    )
    note: str = strawberry.field(description="How the answer came; may be empty.", default="")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="The acknowledgement of a case, whatever made it wait.")
class RequestAcknowledgeInput(CaseLetterInput):
    """Acknowledge."""


@strawberry.input(description="A reminder of our question.")
class RequestRemindInput(CaseLetterInput):
    """Remind."""


@strawberry.input(description="What a colleague checked to know who asks.")
class RequestVerifyIdentityInput(CaseInput):
    """Identity checked."""

    method: IdentityMethod = strawberry.field(description="How it was checked.")
    note: str = strawberry.field(
        description="What was checked. Never ask for a copy of an identity document."
    )
    client_id: strawberry.ID | None = strawberry.field(
        description="Whose identity it is; null: the client the case is about.", default=None
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(
    description="More time (GDPR Art. 12(3)): once, before the due date, with reasons."
)
class RequestExtendDeadlineInput(CaseLetterInput):
    """Extension; the new date is computed."""

    ground: ExtensionGround = strawberry.field(description="On which of the two grounds.")
    explanation: str = strawberry.field(description=f"The reasons, {IN_THEIR_LANGUAGE}")


@strawberry.input(description="What is decided about one right of a case.")
class RequestDecideItemInput(CaseInput):
    """Decision."""

    kind: RequestType = strawberry.field(name="type", description="Which right.")
    outcome: Outcome = strawberry.field(description="How it ends.")
    reason: Justification | None = strawberry.field(
        description="The ground of a refusal, whole or partial; null without one.", default=None
    )
    explanation: str = strawberry.field(
        description=f"How the ground applies here, {IN_THEIR_LANGUAGE}", default=""
    )
    answer: str = strawberry.field(
        description=f"What was done, or the answer, {IN_THEIR_LANGUAGE}", default=""
    )
    categories: list[DataCategory] = strawberry.field(
        description="Which data a granted RECTIFICATION or RESTRICTION is about: tasks and"
        " notices follow; empty: all.",
        default_factory=list,
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A possible breach that a colleague found in a case.")
class RequestReportBreachInput(CaseInput):
    """Reported."""

    note: str = strawberry.field(description="What was found and where, for the officer.")
    known_at: datetime | None = strawberry.field(
        description="When the letter that told of it was received; null: the case's own receipt.",
        default=None,
    )
    idempotency_key: str | None = strawberry.field(
        description=f"{KEY} Without one a repeat is STALE_VERSION: staff are alarmed once.",
        default=None,
    )


@strawberry.input(description="What is decided about a possible breach (GDPR Art. 33).")
class RequestDecideBreachInput(CaseInput):
    """Notified, or why not."""

    outcome: BreachOutcome = strawberry.field(description="What is decided.")
    explanation: str = strawberry.field(
        description="For the record (Art. 33(5)): what happened, its effects, what was done;"
        " or why nothing is notified."
    )
    notified_at: datetime | None = strawberry.field(
        description="When the Inspectorate was notified; null when it is not.", default=None
    )
    delay_reasons: str = strawberry.field(
        description="Why it was notified after the 72 hours; empty when it was not.", default=""
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="Whether the people concerned are told of a breach (GDPR Art. 34).")
class RequestDecideTellingInput(CaseInput):
    """Told, or why not."""

    outcome: TellingOutcome = strawberry.field(description="What is decided.")
    explanation: str = strawberry.field(
        description="For the record: how they were told and what (Art. 34(2): the nature of the"
        " breach, whom to ask, its likely consequences, what was done); or why they are not."
    )
    told_at: datetime | None = strawberry.field(
        description="When they were told; null when they are not.", default=None
    )
    decide_by: datetime | None = strawberry.field(
        description="Which breach of the case, by the end of its 72 hours; null: the first that"
        " was notified and waits for this, else the one that waits to be decided, else the last.",
        default=None,
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="The end of a case of which every right is decided.")
class RequestCloseInput(CaseLetterInput):
    """Close."""

    handed_over: bool = strawberry.field(
        description="True: the person gets the answer on paper; its text stands in the timeline.",
        default=False,
    )


@strawberry.input(description="A refusal of every right that is still open (GDPR Art. 12(4)).")
class RequestRefuseInput(CaseLetterInput):
    """Refuse."""

    reason: Justification = strawberry.field(description="The ground.")
    explanation: str = strawberry.field(
        description=f"How the ground applies here, {IN_THEIR_LANGUAGE}"
    )


@strawberry.input(description="The person takes the request back.")
class RequestWithdrawInput(CaseLetterInput):
    """Withdraw."""

    note: str = strawberry.field(description="How the person said so.")
    message_id: strawberry.ID | None = strawberry.field(
        description="The letter that says so; null when it was said another way.", default=None
    )


@strawberry.input(description="A finished case to open again, on its old clock.")
class RequestReopenInput(CaseInput):
    """Reopen."""

    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A letter in a colleague's own words.")
class RequestReplyInput(CaseLetterInput):
    """Reply."""

    text: str = strawberry.field(description=f"The letter, {IN_THEIR_LANGUAGE}")
    holds_data: bool = strawberry.field(
        description="True: it holds personal data, so it goes only to an address on file, or to"
        " one named in the signed text."
    )


@strawberry.input(description="A fee, told before it is charged (GDPR Art. 12(5)).")
class RequestAnnounceFeeInput(CaseLetterInput):
    """Fee."""

    ground: Justification = strawberry.field(
        description="PROCESS_UNFOUNDED or PROCESS_EXCESSIVE; the proof is ours."
    )
    reasons: str = strawberry.field(
        description=f"Why the request is manifestly so, {IN_THEIR_LANGUAGE}"
    )
    amount: Decimal = strawberry.field(description="Euros.")


@strawberry.input(description="A request that came without a letter to the mailbox.")
class RequestCreateInput:
    """Written down."""

    channel: Channel = strawberry.field(description="How it reached us.")
    received_at: datetime = strawberry.field(
        description="When it reached us, a Sunday counts; not when it is written down."
    )
    labels: list[RequestType] = strawberry.field(description="The rights asked for.")
    text: str = strawberry.field(description="What was said, at most 10,000 letters.")
    purposes: list[AskedPurpose] = strawberry.field(
        description="Purposes of a consent withdrawal; empty without one.", default_factory=list
    )
    marketing_objection: bool = strawberry.field(
        description="The objection is to direct marketing, which takes effect on receipt.",
        default=False,
    )
    client_id: strawberry.ID | None = strawberry.field(
        description="Who the person says to be; a withdrawal then takes effect at once.",
        default=None,
    )
    language: Language | None = strawberry.field(
        description="Language to answer in; null: the client's.", default=None
    )
    acting_for: str | None = strawberry.field(
        description="Whom the person acts for, in the person's words.", default=None
    )
    possible_breach: bool = strawberry.field(
        description="It reports a leak or an unlawful disclosure (Art. 33): 72 hours run.",
        default=False,
    )
    idempotency_key: str | None = strawberry.field(
        description=f"{KEY} Without one a repeat opens a second case, and alarms staff again about"
        " a possible breach; no letter to the person goes out.",
        default=None,
    )


@strawberry.input(description="Two cases of one person.")
class RequestMergeInput(CaseInput):
    """Merge."""

    into_id: strawberry.ID = strawberry.field(description="The case that stays.")
    into_version: int = strawberry.field(description="Its version as it was read.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="Rights that get a case of their own.")
class RequestSplitInput(CaseInput):
    """Split."""

    labels: list[RequestType] = strawberry.field(description="The rights of the new case.")
    is_shared: bool = strawberry.field(
        description="True: both people ask for them. False: they leave this case."
    )
    reason: str = strawberry.field(description="Why, for colleagues.")
    client_id: strawberry.ID | None = strawberry.field(
        description="Whom the new case is about; null: not known yet.", default=None
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="What a case asks for, as a person reads it.")
class RequestCorrectClassificationInput(CaseInput):
    """Correct."""

    labels: list[RequestType] = strawberry.field(
        description="All rights asked for; empty: it was no request."
    )
    purposes: list[AskedPurpose] = strawberry.field(
        description="Purposes of a consent withdrawal; empty without one.", default_factory=list
    )
    marketing_objection: bool = strawberry.field(
        description="The objection is to direct marketing, which takes effect on receipt.",
        default=False,
    )
    reason: str = strawberry.field(description="Why, for colleagues.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A letter that belongs to another case.")
class MessageMoveInput:
    """Move."""

    message_id: strawberry.ID = strawberry.field(description="The letter.")
    version: int = strawberry.field(description=VERSION)
    request_id: strawberry.ID = strawberry.field(description="The open case it belongs to.")
    reason: str = strawberry.field(description="Why, for colleagues.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A file of a letter that must not be kept.")
class MessageRedactAttachmentInput:
    """Redact."""

    attachment_id: strawberry.ID = strawberry.field(description="The file.")
    version: int = strawberry.field(description="Version of the letter as it was read.")
    note: str = strawberry.field(
        description="What it was and what was checked; no codes or numbers."
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="What a letter needs beside its words, by its kind.")
class LetterAbout:
    """For a preview."""

    extension_ground: ExtensionGround | None = strawberry.field(
        description="Ground of an extension.", default=None
    )
    reason: Justification | None = strawberry.field(
        description="Ground of a refusal or a fee.", default=None
    )
    amount: Decimal | None = strawberry.field(description="A fee, in euros.", default=None)
    lifted_on: date | None = strawberry.field(
        description="Day a restriction of the case's client is to end.", default=None
    )
    answer_address: EmailAddress | None = strawberry.field(
        description="Where it is to go; null: the first address that may have it.", default=None
    )
    holds_data: bool = strawberry.field(
        description="A reply that holds personal data.", default=False
    )
