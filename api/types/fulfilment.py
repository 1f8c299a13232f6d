"""What an erasure decides, the work of people, and who was given data."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import CASES, LETTERS, Requires
from api.types.base import TOTAL, Level, Node, PageInfo, loaded, plain
from api.types.people import Actor
from models.vocabulary import DataCategory, Justification, LawfulBasis, Outcome, TaskKind

if TYPE_CHECKING:
    from api.types.clients import Client
    from api.types.requests import DataSubjectRequest


@strawberry.type(
    description="What becomes of one data category of an erasure: proposed by the rules, decided"
    " by staff (GDPR Art. 17)."
)
class CategoryDecision(Level):
    """One line of the closing letter."""

    category: DataCategory = plain("Which data (policy clause 3).")
    outcome: Outcome = plain("GRANTED: erased; PARTLY_GRANTED: all but the rest; REFUSED: kept.")
    basis: LawfulBasis | None = plain("Basis of what stays; null when nothing does.")
    reason: Justification | None = plain("Ground of what stays; null when nothing does.")
    keep_until: date | None = plain("Last day of what stays; null when nobody knows it yet.")
    source: str | None = plain("Paragraph the proposal rests on; null once it is decided.")
    is_proposal: bool = plain("True until a person decided.")
    note: str | None = loaded("A note for colleagues; null if there is none.", LETTERS)
    decided_by: Actor | None = loaded("Who decided; null while it is a proposal.")
    decided_at: datetime | None = plain("When; null while it is a proposal.")


@strawberry.type(
    description="Work for people: a system to be searched, cleared or marked, a letter to be"
    " deleted in the mailbox, a recipient to be told (GDPR Art. 19). A granted erasure is"
    " answered once all of it is settled.",
    directives=[Requires(any_of=list(CASES))],
)
class FulfilmentTask(Level, Node):
    """A task of a case."""

    request: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] = loaded(
        "Its case; `version` of the case is what taskComplete takes."
    )
    kind: TaskKind = plain("What is to be done.")
    system: str = plain("Where, or who is to be told.")
    category: DataCategory | None = plain("Which data; null for a recipient.")
    instruction: str | None = loaded(
        "One sentence for whoever does it; null once it was settled.", LETTERS
    )
    created_at: datetime = plain("Since when it waits.")
    done_at: datetime | None = plain("When it was settled: done or skipped; null until then.")
    is_skipped: bool = plain("True: nobody has to do it; `note` says why.")
    done_by: Actor | None = loaded("Who settled it; null until then.")
    note: str | None = loaded("A note, or the reason; null if there is none.", LETTERS)


@strawberry.type(description="One task of a page.")
class TaskEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the task stands in its list.")
    node: FulfilmentTask = loaded("The task.")


@strawberry.type(description="A page of tasks.")
class TaskConnection(Level):
    """Relay connection."""

    edges: list[TaskEdge] = loaded("The tasks with their cursors.")
    nodes: list[FulfilmentTask] = loaded("The tasks, the oldest first.")
    page_info: PageInfo = loaded("Where the page stands.")
    total_count: int | None = loaded(TOTAL)


@strawberry.type(
    description="A transfer of a client's data to somebody else (policy clauses 5.3, 5.4, 7).",
    directives=[Requires(any_of=list(LETTERS))],
)
class Disclosure(Level, Node):
    """A line of the register of disclosures."""

    client: Annotated["Client", strawberry.lazy("api.types.clients")] = loaded("Whose data.")
    recipient: str = plain("Who was given them.")
    categories: list[DataCategory] = plain("Which data.")
    purpose: str = plain("What for.")
    basis: LawfulBasis = plain("On which basis (GDPR Art. 6(1)).")
    at: datetime = plain("When.")
    recorded_by: Actor = loaded("Who recorded it.")


@strawberry.input(description="Which tasks; all conditions together.")
class TaskWhere:
    """Filter of tasks."""

    is_done: bool | None = strawberry.field(description="Settled, or not yet.", default=None)
    system: str | None = strawberry.field(description="Of this system.", default=None)
