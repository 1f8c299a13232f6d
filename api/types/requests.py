"""Cases: the request, its items, deadline, identity, timeline."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import CASES, LETTERS, Requires
from api.types.base import TOTAL, After, First, Level, Node, PageInfo, child, loaded, plain
from api.types.breaches import Breach
from api.types.clients import Client
from api.types.fulfilment import CategoryDecision, FulfilmentTask
from api.types.people import Actor, Staff
from api.types.scalars import JSON
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    Channel,
    DataCategory,
    DeadlineState,
    ExtensionGround,
    IdentityMethod,
    ItemStatus,
    Justification,
    Language,
    Outcome,
    RequestAction,
    RequestStatus,
    RequestType,
    TimelineKind,
)

if TYPE_CHECKING:
    from api.types.letters import Classification, MessageConnection, OutboundMail
    from api.types.packages import AccessPackage, CaseFile

_SEEN_BY = [Requires(any_of=list(CASES))]


@strawberry.type(description="More time, with reasons (GDPR Art. 12(3)).")
class Extension(Level):
    """An extension of the time to answer."""

    until: date = plain("The new due date.")
    is_pending: bool = plain("True until its letter was sent.")
    ground: ExtensionGround = plain("On which ground.")
    explanation: str | None = loaded("The reasons given to the person; null once erased.", LETTERS)
    notified_on: date | None = plain("When its letter was sent; null until then.")
    by: Actor = loaded("Who extended it.")


@strawberry.type(description="The legal clock of a case or letter.")
class Deadline(Level):
    """When an answer is due."""

    received_on: date = plain("Day of receipt, local.")
    nominal_on: date = plain("End of the month, before days of rest are skipped.")
    due_on: date = plain("Last day to answer.")
    internal_target_on: date = plain("Our own, earlier target.")
    extension: Extension | None = loaded("Null while the time was not extended.")
    suspended_days: int = plain("Days the clock stood still.")
    unsuspended_due_on: date = plain("The due date without them.")
    days_left: int = plain("Days until the due date; negative once it has passed.")
    state: DeadlineState = plain("Where it stands.")
    basis: str = loaded("One sentence for a person: the rule applied.")


@strawberry.type(description="How sure we are who writes, and how we know.")
class Identity(Level):
    """Identity of the writer."""

    assurance: Assurance = plain("How sure we are.")
    method: IdentityMethod | None = plain("How it was checked; null if it was not.")
    evidence: list[str] | None = loaded("What was and was not checked.", LETTERS)
    needed: Assurance = plain("How sure we must be.")
    verified_at: datetime | None = plain("When it was checked; null if it was not.")
    by: Actor | None = plain("Who checked it; null if nobody did.")
    note: str | None = loaded("A note; null if there is none.", LETTERS)


@strawberry.type(description="One right asked for, with its own outcome.", directives=_SEEN_BY)
class RequestItem(Level, Node):
    """One right of a case."""

    type: RequestType = plain("Which right.")
    article: str | None = plain("Article of the GDPR; null where none is used.")
    clause: str | None = plain("Clause of the policy; null where it names none.")
    purposes: list[AskedPurpose] = plain("Purposes named in the letter.")
    categories: list[DataCategory] = plain(
        "Which data a granted rectification or restriction is about; empty: all."
    )
    status: ItemStatus = plain("Where it stands.")
    outcome: Outcome | None = plain("How it ended; null until decided.")
    reason: Justification | None = plain("Why it was refused or delayed; null if it was not.")
    explanation: str | None = loaded("The reasons in words; null if there are none.", LETTERS)
    effective_at: datetime | None = plain("When it took effect; null if it has not.")
    decided_at: datetime | None = plain("When it was decided; null until then.")
    decisions: list[CategoryDecision] = loaded(
        "Of an erasure, each data category: decided by staff, else proposed by the rules."
    )
    tasks: list[FulfilmentTask] = loaded(
        "Work of people for this right, the oldest first; one search may serve two rights."
    )
    decided_by: Staff | None = loaded("Who decided it; null until then.")


@strawberry.type(description="What happened to a case, without personal data.", directives=_SEEN_BY)
class TimelineEntry(Level, Node):
    """A line of the timeline."""

    kind: TimelineKind = plain("What kind of thing happened.")
    at: datetime = plain("When.")
    actor: Actor = loaded("Who did it.")
    summary: str = plain("One sentence, without personal data.")
    detail: JSON | None = loaded("Details; null if there are none.", LETTERS)


@strawberry.type(description="One line of a page.")
class TimelineEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the line stands.")
    node: TimelineEntry = loaded("The line.")


@strawberry.type(description="A page of a timeline.")
class TimelineConnection(Level):
    """Relay connection."""

    edges: list[TimelineEdge] = loaded("The lines with their cursors.")
    nodes: list[TimelineEntry] = loaded("The lines, the oldest first.")
    page_info: PageInfo = loaded("Where the page stands.")


def _timeline(
    root: Level,
    info: strawberry.Info,
    first: First = 50,
    after: After = None,
    kinds: Annotated[
        list[TimelineKind] | None, strawberry.argument(description="Only these kinds.")
    ] = None,
) -> object:
    return child(root, info)


def _earlier(root: Level, info: strawberry.Info, first: First = 10, after: After = None) -> object:
    return child(root, info)


@strawberry.type(
    description="One case: what a person asked for, and what became of it.", directives=_SEEN_BY
)
class DataSubjectRequest(Level, Node):
    """A case (GDPR Art. 12, 15-22)."""

    reference: str = plain("The number printed in letters, e.g. NP-2026-0042.")
    their_reference: str | None = plain("The writer's own reference; null if none was given.")
    items: list[RequestItem] = loaded("One case, many rights: each has its own outcome.")
    types: list[RequestType] = loaded("The rights asked for.")
    status: RequestStatus = plain("Where it stands.")
    outcome: Outcome | None = plain("Derived from the items when closed; null until then.")
    language: Language | None = plain("Language we write in; null = all three.")
    channel: Channel = plain("How it reached us.")
    subject: Client | None = loaded("Whose data it is about; null while unknown.")
    acting_for: str | None = loaded(
        "Whom the writer acts for, in the writer's words; null if nobody is named.", LETTERS
    )
    received_at: datetime = plain("When our mail server, or a colleague, took it.")
    acknowledged_at: datetime | None = plain("When the acknowledgement went out; null until then.")
    closed_at: datetime | None = plain("When it was answered; null until then.")
    deadline: Deadline | None = loaded(
        "Null only when every item is an inquiry or complaint: see internalTargetOn."
    )
    internal_target_on: date = plain("Our own target.")
    breach_decide_by: datetime | None = plain(
        "Art. 33: a letter may report a breach, to be decided by then; null when nothing waits."
    )
    breach: Breach | None = loaded(
        "The 72 hours of a possible breach and what was decided; null when none is in sight."
    )
    identity: Identity = loaded("How sure we are who writes.")
    assignee: Staff | None = loaded("Who works on it; null while nobody does.")
    classification: Annotated["Classification", strawberry.lazy("api.types.letters")] | None = (
        loaded("What was understood of the first letter; null when there is none.")
    )
    messages: Annotated["MessageConnection", strawberry.lazy("api.types.letters")] = loaded(
        "Letters to us, the oldest first.", paged=True
    )
    acknowledgement: Annotated["OutboundMail", strawberry.lazy("api.types.letters")] | None = (
        loaded("The legal milestone; null until the letter is queued.")
    )
    outbound: list[Annotated["OutboundMail", strawberry.lazy("api.types.letters")]] = loaded(
        "Letters of ours, the oldest first."
    )
    files: list[Annotated["CaseFile", strawberry.lazy("api.types.packages")]] | None = loaded(
        "Files colleagues added, the oldest first.", LETTERS
    )
    packages: list[Annotated["AccessPackage", strawberry.lazy("api.types.packages")]] | None = (
        loaded("Access packages of the case, the oldest first.", LETTERS)
    )
    tasks: list[FulfilmentTask] = loaded("Work of people for this case, the oldest first.")
    timeline: TimelineConnection = loaded("What happened, in order.", resolver=_timeline)
    last_entry: TimelineEntry | None = loaded(
        "The newest line of the timeline, what a board shows; null while there is none."
    )
    earlier_requests: Annotated["RequestConnection", strawberry.lazy("api.types.requests")] = (
        loaded(
            "Earlier requests of the same person: what staff need to judge 'excessive'.",
            resolver=_earlier,
        )
    )
    duplicate_of: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] | None = (
        loaded("The earlier case it repeats; null if it repeats none.")
    )
    duplicates: list[Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")]] = (
        loaded("Later cases that repeat this one.")
    )
    legal_hold: bool = plain("Nothing of it may be erased.")
    allowed_actions: list[RequestAction] = loaded("What the viewer may do now; drives buttons.")
    updated_at: datetime = plain("When it last changed.")
    version: int = plain("Optimistic lock; send it back in mutations.")


@strawberry.type(description="One request of a page.")
class RequestEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the request stands in its list.")
    node: DataSubjectRequest = loaded("The request.")


@strawberry.type(description="A page of requests.")
class RequestConnection(Level):
    """Relay connection."""

    edges: list[RequestEdge] = loaded("The requests with their cursors.")
    nodes: list[DataSubjectRequest] = loaded("The requests.")
    page_info: PageInfo = loaded("Where the page stands.")
    total_count: int | None = loaded(TOTAL)
