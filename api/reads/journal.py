"""The journal, the newest line first."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.ids import MAX_LEDGER_KEY, decode, encode, key_of
from api.paging import Order, page, window
from api.reads.levels import Shape, computed, connect, fill
from api.reads.people import put_actors
from api.reads.request_filters import Conditions, span
from api.reads.rows import Row, instant, listed
from api.selection import Chosen, Selected
from api.types.inputs import AuditWhere
from api.types.journal import AuditEntry, AuditEntryConnection, AuditEntryEdge
from models.database import rows

KIND = "AuditEntry"
_COLUMNS = (
    "j.id, j.at, j.actor_kind, j.actor_label, j.staff_id, j.action, j.targets, j.operation,"
    " j.call_id, j.detail"
)
_ORDER = Order("JOURNAL", "j.id", "id", "number", "j.id", True, MAX_LEDGER_KEY)


def make(call: Call, row: Row) -> AuditEntry:
    """The view of one line."""
    made = AuditEntry(
        id=encode(KIND, row["id"]),
        at=instant(row["at"]),
        action=row["action"],
        target_ids=[encode(*target.split(":", 1)) for target in listed(row["targets"])],
        operation=row["operation"],
        request_id=row["call_id"],
        detail=listed(row["detail"]),
    )
    made.row = row
    return made


SHAPE = Shape(KIND, AuditEntryConnection, AuditEntryEdge, make)


async def audit_page(
    call: Call, chosen: Chosen, first: int | None, after: str | None, where: AuditWhere | None
) -> AuditEntryConnection:
    """One page of the journal; reading it is journalled too."""
    asked = window(_ORDER, first, after, 50)
    found = _conditions(where)
    keyset, place = asked.condition()
    got = await rows(
        f"SELECT {_COLUMNS} FROM journal_entry j WHERE {found.joined} AND {keyset}"
        " ORDER BY j.id DESC LIMIT ?",
        [*found.values, *place, asked.limit],
    )
    call.touch("Journal", got[0]["id"] if got else 0)
    made: list[AuditEntryConnection] = await connect(
        call, SHAPE, [page(got, asked)], asked, chosen, [None]
    )
    return made[0]


def _conditions(where: AuditWhere | None) -> Conditions:
    found = Conditions()
    if where is None:
        return found
    if where.actor_id is not None:
        found.add("j.staff_id = ?", key_of(where.actor_id, "Staff"))
    if where.action is not None:
        found.add("j.action = ?", where.action)
    if where.target_id is not None:
        kind, key = decode(where.target_id)
        # ids hold no wildcard and no quote, so the quotes around them make the match exact
        found.add("CAST(j.targets AS text) LIKE ? ESCAPE '!'", f'%"{_literal(kind, key)}"%')
    span(found, "j.at", where.at)
    return found


def _literal(kind: str, key: str) -> str:
    text = f"{kind}:{key}"
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text


async def audit_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Lines by row number."""
    got = await rows(f"SELECT {_COLUMNS} FROM journal_entry j WHERE j.id IN ??", [ids])
    made = {row["id"]: make(call, row) for row in got}
    for key in made:
        call.touch("Journal", key)
    await fill(call, KIND, list(made.values()), selected)
    return made


@computed(KIND, "actor")
async def _actor(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await put_actors(call, parents, chosen)
