"""Colleagues, callers, and the authors of entries."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from api.call import Call
from api.ids import encode
from api.reads.levels import Rows, attach, fill, level, put
from api.reads.rows import Row, day_or_none, instant, instant_or_none
from api.selection import Chosen, Selected
from api.types.people import AccessToken, Actor, Staff
from api.types.scalars import EmailAddress
from models.chain import KEYS
from models.database import rows
from models.vocabulary import ActorKind, Role

_STAFF = "SELECT id, name, email, role, trained_on, is_active, version FROM staff"


def _make(row: Row) -> Staff:
    made = Staff(
        id=encode("Staff", row["id"]),
        name=row["name"],
        email=EmailAddress(row["email"]),
        role=Role(row["role"]),
        trained_on=day_or_none(row["trained_on"]),
        is_active=bool(row["is_active"]),
        version=row["version"],
    )
    made.row = row
    return made


STAFF = Rows(
    "Staff",
    lambda _call, _chosen: (f"{_STAFF} WHERE id IN ??", [KEYS]),
    lambda _call, row: _make(row),
)


async def staff_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Colleagues by row number."""
    got = await rows(f"{_STAFF} WHERE id IN ??", [ids])
    made = {row["id"]: _make(row) for row in got}
    await fill(call, "Staff", list(made.values()), selected)
    return made


async def all_staff(call: Call, selected: Selected) -> list[Staff]:
    """Everybody, by name."""
    made = [_make(row) for row in await rows(f"{_STAFF} ORDER BY name, id")]
    await fill(call, "Staff", made, selected)
    return made


def actor_of(row: Row) -> Actor:
    """The author written beside an entry."""
    made = Actor(kind=ActorKind(row["actor_kind"]), label=row["actor_label"])
    made.row = row
    return made


def actor_named(label: str, staff_id: int | None = None) -> Actor:
    """An author of whom the name was kept, and who of the colleagues it was if anybody."""
    kinds = {"mailbot": ActorKind.BOT, "system": ActorKind.SYSTEM} if staff_id is None else {}
    made = Actor(kind=kinds.get(label, ActorKind.STAFF), label=label)
    made.row = {"staff_id": staff_id}
    return made


async def put_colleague(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    """The author of rows that carry by_label and by_staff_id."""
    await _put_authors(call, parents, chosen, _colleague)


def _colleague(row: Row) -> Actor:
    made = Actor(kind=ActorKind.STAFF, label=row["by_label"])
    made.row = {"staff_id": row["by_staff_id"]}
    return made


async def put_actors(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    """The `actor` of entries that carry actor_kind, actor_label and staff_id."""
    await _put_authors(call, parents, chosen, actor_of)


async def _put_authors(
    call: Call, parents: Sequence[Any], chosen: Chosen, author: Callable[[Row], Actor]
) -> None:
    put(parents, chosen, lambda parent: author(parent.row))
    actors = [parent.children[chosen.key] for parent in parents]
    await fill(call, "Actor", actors, chosen.of("Actor"))


@level("Actor", "staff")
async def _actor_staff(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Staff", lambda actor: actor.row["staff_id"], staff_by_id)


@level("Viewer", "staff")
async def _viewer_staff(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Staff", lambda viewer: viewer.row["staff_id"], staff_by_id)


_TOKENS = (
    "SELECT name, role, staff_id, created_at, expires_at, used_at FROM api_token"
    " WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) ORDER BY name"
)


async def tokens(call: Call, selected: Selected) -> list[AccessToken]:
    """Those that have not ended, by name."""
    made = [_token(row) for row in await rows(_TOKENS, [call.now])]
    await fill(call, "AccessToken", made, selected)
    return made


def _token(row: Row) -> AccessToken:
    made = AccessToken(
        name=row["name"],
        role=Role(row["role"]),
        created_at=instant(row["created_at"]),
        expires_at=instant_or_none(row["expires_at"]),
        last_used_at=instant_or_none(row["used_at"]),
    )
    made.row = row
    return made


@level("AccessToken", "staff")
async def _token_staff(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Staff", lambda token: token.row["staff_id"], staff_by_id)


async def token_named(token_id: int | None) -> tuple[str, datetime | None]:
    """Name and end of a token; None where it runs until it is revoked."""
    (row,) = await rows("SELECT name, expires_at FROM api_token WHERE id = ?", [token_id])
    return row["name"], instant_or_none(row["expires_at"])
