"""Callers, colleagues, and who did what."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import ADMINS, CASES, COLLEAGUES, PEOPLE, Requires
from api.types.base import Level, Node, loaded, plain
from api.types.scalars import EmailAddress
from models.vocabulary import ActorKind, Role

if TYPE_CHECKING:
    from api.types.requests import RequestConnection


@strawberry.type(
    description="A colleague; nobody has a role without a training date.",
    directives=[Requires(any_of=list(COLLEAGUES))],
)
class Staff(Level, Node):
    """A member of staff."""

    name: str = plain("Name of the colleague.")
    email: EmailAddress | None = plain("Address of the colleague.", PEOPLE)
    role: Role | None = plain("What the colleague may do.", PEOPLE)
    trained_on: date | None = plain(
        "Date of the data protection training (clause 6.2); null when none is on record: then no"
        " token of the colleague works.",
        PEOPLE,
    )
    is_active: bool = plain("Whether the colleague still works here.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    assigned: Annotated["RequestConnection", strawberry.lazy("api.types.requests")] | None = loaded(
        "Cases this colleague works on, by due date.", CASES, paged=True
    )


@strawberry.type(
    description="A token that lets a person or a machine in; itself it is kept nowhere.",
    directives=[Requires(any_of=list(ADMINS))],
)
class AccessToken(Level):
    """A bearer token."""

    name: str = plain("Name of the token, by which it is revoked.")
    role: Role = plain("What it lets its bearer do.")
    staff: Staff | None = loaded("Whose it is; null for a machine.")
    created_at: datetime = plain("When it was made.")
    expires_at: datetime | None = plain("When it ends; null = until it is revoked.")
    last_used_at: datetime | None = plain("When it was last used, to half a minute; null = never.")


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
    staff: Staff | None = loaded("The colleague; null when it was none.", COLLEAGUES)
