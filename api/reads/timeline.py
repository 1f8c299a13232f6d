"""The timeline of cases, in commit order."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from api.call import Call
from api.ids import MAX_LEDGER_KEY, encode
from api.paging import Order, Window, window
from api.reads.columns import Columns
from api.reads.levels import Ahead, Shape, below, computed, connect, fill, pages_by, put
from api.reads.people import put_actors
from api.reads.rows import Row, instant
from api.reads.seen import case_roles, withheld
from api.selection import Chosen, Selected
from api.types.base import view
from api.types.requests import TimelineConnection, TimelineEdge, TimelineEntry
from models.chain import KEYS
from models.database import rows
from models.vocabulary import TimelineKind

KIND = "TimelineEntry"
_COLUMNS = Columns(
    "t.id, t.request_id, t.message_id, t.kind, t.at, t.summary",
    {"actor": "t.actor_kind, t.actor_label, t.staff_id", "detail": "t.detail_sealed"},
)
# ids grow in commit order: the id alone is the order
_ORDER = Order("TIMELINE", "t.id", "id", "number", "t.id", highest=MAX_LEDGER_KEY)


def make(call: Call, row: Row) -> TimelineEntry:
    """The view of one line."""
    return view(TimelineEntry, row)


TimelineEntry.COLUMNS = {
    "id": lambda row: encode(KIND, row["id"]),
    "kind": itemgetter("kind"),
    "at": lambda row: instant(row["at"]),
    "summary": itemgetter("summary"),
}
SHAPE = Shape(KIND, TimelineConnection, TimelineEdge, make)


def _page(call: Call, chosen: Chosen) -> tuple[str, list[Any]]:
    asked, kinds = _asked(call, chosen), chosen.args(call).get("kinds")
    only = "" if kinds is None else " AND t.kind IN ??"
    keyset, place = asked.condition()
    sql = (
        f"SELECT * FROM (SELECT {_COLUMNS.of(SHAPE.nodes(chosen))}, row_number() OVER"
        " (PARTITION BY t.request_id ORDER BY t.id) AS place FROM timeline_entry t"
        f" WHERE t.request_id IN ??{only}"
        f" AND {keyset}) ranked WHERE place <= ? ORDER BY id"
    )
    only_kinds = [] if kinds is None else [[kind.value for kind in kinds]]
    return sql, [KEYS, *only_kinds, *place, asked.limit]


def _asked(call: Call, chosen: Chosen) -> Window:
    args = chosen.args(call)
    return window(_ORDER, args.get("first"), args.get("after"), 50)


@below("DataSubjectRequest", "timeline", ask=_page, inside=SHAPE.inside)
async def _timeline(
    call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], ahead: Ahead
) -> None:
    asked = _asked(call, chosen)
    pages = pages_by(found, "request_id", parents, asked)
    made = await connect(call, SHAPE, pages, asked, chosen, [None] * len(pages), ahead)
    for parent, one in zip(parents, made, strict=True):
        parent.children[chosen.key] = one


def _newest(_: Call, chosen: Chosen) -> tuple[str, list[Any]]:
    sql = (
        f"SELECT {_COLUMNS.of([chosen.of(KIND)])} FROM timeline_entry t WHERE t.id IN (SELECT"
        " max(id) FROM timeline_entry WHERE request_id IN ?? GROUP BY request_id)"
    )
    return sql, [KEYS]


@below("DataSubjectRequest", "lastEntry", ask=_newest, brings=KIND)
async def _last(
    call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], ahead: Ahead
) -> None:
    made = {row["request_id"]: make(call, row) for row in found}
    put(parents, chosen, lambda parent: made.get(parent.row["id"]))
    await fill(call, KIND, list(made.values()), chosen.of(KIND), ahead)


async def entries_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Lines by row number, an error for each that the caller may not see."""
    got = await rows(
        f"SELECT {_COLUMNS.of([selected])} FROM timeline_entry t WHERE t.id IN ??", [ids]
    )
    denied = withheld(call, got, case_roles)
    shown = [row for row in got if row["id"] not in denied]
    return {**await _filled(call, shown, selected), **denied}


async def entries_after(
    call: Call, last: int, request_id: int | None, limit: int, selected: Selected
) -> list[TimelineEntry]:
    """Lines of cases after line `last`, in order."""
    one = " AND t.request_id = ?" if request_id is not None else " AND t.request_id IS NOT NULL"
    got = await rows(
        f"SELECT {_COLUMNS.of([selected])} FROM timeline_entry t WHERE t.id > ?{one}"
        " ORDER BY t.id LIMIT ?",
        [last, *([request_id] if request_id is not None else []), limit],
    )
    return list((await _filled(call, got, selected)).values())


async def triage_after(last: int, limit: int) -> tuple[list[int], int]:
    """Letters that came into triage or were decided after line `last`, and the last line."""
    got = await rows(
        "SELECT id, message_id FROM timeline_entry WHERE id > ? AND message_id IS NOT NULL AND"
        " (kind = ? OR kind = ? AND request_id IS NULL) ORDER BY id LIMIT ?",
        [last, TimelineKind.RECLASSIFIED.value, TimelineKind.CLASSIFIED.value, limit],
    )
    letters = list(dict.fromkeys(row["message_id"] for row in got))
    return letters, got[-1]["id"] if got else last


async def _filled(call: Call, got: Sequence[Row], selected: Selected) -> dict[int, Any]:
    made = {row["id"]: make(call, row) for row in got}
    for row in got:
        kind, key = ("DataSubjectRequest", row["request_id"])
        call.touch(*((kind, key) if key is not None else ("Message", row["message_id"])))
    await fill(call, KIND, list(made.values()), selected)
    return made


@computed(KIND, "actor")
async def _actor(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await put_actors(call, parents, chosen)


@computed(KIND, "detail")
async def _detail(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda entry: vault.open_json("timeline", entry.row["detail_sealed"]))
