"""Who calls, and what they may see: bearer token -> Viewer, one guard driven by @requires."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import strawberry
from graphql import GraphQLField
from strawberry.extensions import FieldExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema_directive import Location
from strawberry.types import Info
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from api.errors import forbidden
from api.types import words
from models.database import rows
from models.shapes import Actor
from models.vocabulary import ActorKind, Role

Roles = tuple[Role, ...]

CASES: Roles = (Role.VIEWER, Role.CASE_HANDLER, Role.DPO)
LETTERS: Roles = (Role.CASE_HANDLER, Role.DPO)
CLIENTS: Roles = (Role.VIEWER, Role.CASE_HANDLER, Role.DPO, Role.INTEGRATION)
SUPPRESSIONS: Roles = (Role.INTEGRATION, Role.CASE_HANDLER, Role.DPO)
CLIENT_WRITERS: Roles = (Role.INTEGRATION, Role.CASE_HANDLER, Role.DPO)
JOURNAL: Roles = (Role.DPO,)
OFFICER: Roles = (Role.DPO,)  # refusals, fees and holds
IGNORED: Roles = (Role.DPO,)  # letters that asked for nothing
COLLEAGUES: Roles = (Role.VIEWER, Role.CASE_HANDLER, Role.DPO, Role.ADMIN)
PEOPLE: Roles = (Role.CASE_HANDLER, Role.DPO, Role.ADMIN)
ADMINS: Roles = (Role.ADMIN,)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller: a person or a machine, with the roles of its token."""

    label: str
    roles: frozenset[Role]
    staff_id: int | None
    digest: str

    def may(self, required: Roles | None) -> bool:
        """Roles are sets: one of the required ones is enough."""
        return required is None or not self.roles.isdisjoint(required)

    @property
    def number(self) -> str:
        """The caller as logs name it: a colleague by number, a machine by its token's name."""
        return self.label if self.staff_id is None else f"staff {self.staff_id}"

    @property
    def actor(self) -> Actor:
        """The caller as acts and the journal name it."""
        kind = ActorKind.INTEGRATION if self.staff_id is None else ActorKind.STAFF
        return Actor(kind, self.label, self.staff_id, self.roles)


_WHO = (
    "SELECT t.name, t.role, t.expires_at, t.staff_id, s.name AS staff_name, s.role AS staff_role,"
    " s.trained_on, s.is_active FROM api_token t LEFT JOIN staff s ON s.id = t.staff_id"
    " WHERE t.digest = ? AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?)"
)


async def viewer_by_digest(digest: str) -> Viewer | None:
    """The caller behind a token of this digest: None when unknown, ended, or not trained."""
    found = await rows(_WHO, (digest, datetime.now(UTC)))
    if not found:
        return None
    row = found[0]
    role = Role(row["role"])
    if row["staff_id"] is None:
        # without a person behind it only a machine may come in (clause 6.2)
        allowed = role is Role.INTEGRATION
        return Viewer(row["name"], frozenset({role}), None, digest) if allowed else None
    if not row["is_active"] or row["trained_on"] is None or Role(row["staff_role"]) is not role:
        return None
    return Viewer(row["staff_name"], frozenset({role}), row["staff_id"], digest)


REFUSED = "Null to other roles, with an error at its path."


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    name="requires",
    description="The caller needs one of these roles.",
)
class Requires:
    """Printed in the schema and enforced by `Guard`."""

    any_of: list[words.Role] = strawberry.directive_field(name="anyOf")


class Guard(FieldExtension):
    """The one permission check: refuses a field unless the caller has a role it requires."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles

    def apply(self, field: StrawberryField) -> None:
        """Prints the requirement into the schema, and what other roles find in its place."""
        if any(isinstance(directive, Requires) for directive in field.directives):
            return
        field.directives = [*field.directives, Requires(any_of=list(self.roles))]
        if isinstance(field.type, StrawberryOptional):
            field.description = f"{field.description} {REFUSED}"

    def check(self, viewer: Viewer) -> None:
        """GraphQLError FORBIDDEN when the caller has none of the roles."""
        if not viewer.may(self.roles):
            raise forbidden()

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        """Checks, then resolves."""
        self.check(info.context.viewer)
        return next_(source, info, **kwargs)

    async def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any
    ) -> Any:
        """Checks, then resolves; subscriptions hand back their stream."""
        self.check(info.context.viewer)
        result = next_(source, info, **kwargs)
        return result if hasattr(result, "__aiter__") else await result


def guard_of(definition: GraphQLField) -> Guard | None:
    """The guard of a field, None when it is open to every caller."""
    own = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    for extension in getattr(own, "extensions", ()):
        if isinstance(extension, Guard):
            return extension
    return None


def requirement(definition: GraphQLField) -> Roles | None:
    """The roles a field requires, None when it is open to every caller."""
    guard = guard_of(definition)
    return guard.roles if guard else None
