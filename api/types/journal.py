"""The journal as the DPO reads it."""

from datetime import datetime

import strawberry

from api.access import JOURNAL, Requires
from api.types.base import Level, Node, PageInfo, loaded, plain
from api.types.people import Actor
from api.types.scalars import JSON


@strawberry.type(
    description="One operation that wrote or read personal data.",
    directives=[Requires(any_of=list(JOURNAL))],
)
class AuditEntry(Level, Node):
    """A line of the journal."""

    at: datetime = plain("When.")
    actor: Actor = loaded("Who did it.")
    action: str = plain("What was done.")
    target: Node | None = loaded("The first object touched; null when it is no node or is gone.")
    target_ids: list[strawberry.ID] = plain("All objects touched.")
    operation: str | None = plain("Name of the operation; null if it had none.")
    request_id: str | None = plain("Id of the call, as in the logs; null outside the API.")
    detail: JSON | None = plain("Details without personal data; null if there are none.")


@strawberry.type(description="One line of a page.")
class AuditEntryEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the line stands.")
    node: AuditEntry = loaded("The line.")


@strawberry.type(description="A page of the journal.")
class AuditEntryConnection(Level):
    """Relay connection."""

    edges: list[AuditEntryEdge] = loaded("The lines with their cursors.")
    nodes: list[AuditEntry] = loaded("The lines, the newest first.")
    page_info: PageInfo = loaded("Where the page stands.")
