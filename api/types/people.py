"""Callers, colleagues, and who did what."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import CASES
from api.types.base import Level, Node, loaded, plain
from api.types.scalars import EmailAddress
from models.vocabulary import ActorKind, Role

if TYPE_CHECKING:
    from api.types.requests import RequestConnection


@strawberry.type(description="A colleague; nobody has a role without a training date.")
class Staff(Level, Node):
    """A member of staff."""

    name: str = plain("Name of the colleague.")
    email: EmailAddress = plain("Address of the colleague.")
    role: Role = plain("What the colleague may do.")
    trained_on: date | None = plain(
        "Date of the data protection training (clause 6.2); null when none is on record: then no"
        " token of the colleague works."
    )
    is_active: bool = plain("Whether the colleague still works here.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    assigned: Annotated["RequestConnection", strawberry.lazy("api.types.requests")] | None = loaded(
        "Cases this colleague works on, by due date.", CASES, paged=True
    )


@strawberry.type(description="The caller: a person or a machine.")
class Viewer(Level):
    """Who is calling."""

    label: str = plain("Name of the colleague, or of the machine's token.")
    roles: list[Role] = plain("What the caller may do.")
    staff: Staff | None = loaded("The colleague; null for a machine.")


@strawberry.type(description="Who did it. BOT is not a person and says so.")
class Actor(Level):
    """Author of an entry."""

    kind: ActorKind = plain("Whether a person or a machine did it.")
    label: str = plain("Name to show.")
    staff: Staff | None = loaded("The colleague; null when it was none.")
