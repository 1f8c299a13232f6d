"""Requests: pages, one by reference, the children of many."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from api.call import Call
from api.ids import encode
from api.paging import Order, window
from api.reads.clients import CLIENTS
from api.reads.columns import Columns
from api.reads.levels import Ahead, Rows, Shape, below, fill, put, read, to_many, to_one
from api.reads.listing import listed_page
from api.reads.notes import note
from api.reads.people import STAFF
from api.reads.request_filters import Conditions, request_conditions
from api.reads.rows import Row, day, grouped, instant, instant_or_none, listed
from api.selection import Chosen, Selected
from api.types.base import view
from api.types.inputs import RequestOrder, RequestWhere
from api.types.requests import (
    DataSubjectRequest,
    RequestConnection,
    RequestEdge,
    RequestItem,
)
from api.types.words import Direction, RequestOrderField
from models.chain import KEYS
from models.database import rows
from models.rights import RIGHTS
from models.vocabulary import (
    AskedPurpose,
    DataCategory,
    ItemStatus,
    Justification,
    Outcome,
    RequestType,
)

KIND = "DataSubjectRequest"
_COLUMNS = Columns(
    "r.id, r.reference, r.status, r.received_at, r.due_on, r.target_on, r.updated_at,"
    " r.subject_id, r.assignee_id, r.duplicate_of_id",
    {
        "theirReference": "r.their_reference",
        "outcome": "r.outcome",
        "language": "r.language",
        "channel": "r.channel",
        "deadline": "r.received_on, r.nominal_on, r.internal_target_on, r.unsuspended_due_on,"
        " r.suspended_days, r.closed_on",
        "internalTargetOn": "r.internal_target_on",
        "breachDecideBy": "r.breach_decide_by",
        "breach": "r.breach_decide_by",
        "identity": "r.assurance, r.identity_needed, r.identity_method, r.identity_verified_at,"
        " r.identity_by, r.identity_evidence_sealed, r.identity_note_sealed",
        "allowedActions": "r.channel, r.legal_hold, r.acknowledged_at, r.unsuspended_due_on,"
        " r.erased_at",
        "legalHold": "r.legal_hold",
        "acknowledgedAt": "r.acknowledged_at",
        "closedAt": "r.closed_at",
        "version": "r.version",
        "actingFor": "r.acting_for_sealed",
    },
)
_ORDERS = {
    RequestOrderField.DUE_ON: ("r.target_on", "target_on", "date"),
    RequestOrderField.RECEIVED_AT: ("r.received_at", "received_at", "instant"),
    RequestOrderField.UPDATED_AT: ("r.updated_at", "updated_at", "instant"),
}


DataSubjectRequest.COLUMNS = {
    "id": lambda row: encode(KIND, row["id"]),
    "reference": itemgetter("reference"),
    "their_reference": itemgetter("their_reference"),
    "status": itemgetter("status"),
    "outcome": itemgetter("outcome"),
    "language": itemgetter("language"),
    "channel": itemgetter("channel"),
    "received_at": lambda row: instant(row["received_at"]),
    "acknowledged_at": lambda row: instant_or_none(row["acknowledged_at"]),
    "closed_at": lambda row: instant_or_none(row["closed_at"]),
    "internal_target_on": lambda row: day(row["internal_target_on"]),
    "breach_decide_by": lambda row: instant_or_none(row["breach_decide_by"]),
    "legal_hold": lambda row: bool(row["legal_hold"]),
    "updated_at": lambda row: instant(row["updated_at"]),
    "version": itemgetter("version"),
}


def columns(places: Sequence[Selected]) -> str:
    """What to read of `request r`."""
    return _COLUMNS.of(places)


def make(call: Call, row: Row) -> DataSubjectRequest:
    """The view of one row; what was read stands in the journal."""
    call.touch(KIND, row["id"])
    return view(DataSubjectRequest, row)


SHAPE = Shape(KIND, RequestConnection, RequestEdge, make)


def order_of(wanted: RequestOrder | None) -> Order:
    """The list's order; by due date unless asked otherwise."""
    field = wanted.field if wanted else RequestOrderField.DUE_ON
    down = wanted is not None and wanted.direction is Direction.DESC
    column, name, kind = _ORDERS[field]
    return Order(f"{field.name}{'-' if down else ''}", column, name, kind, "r.id", down)


async def request_page(
    call: Call,
    chosen: Chosen,
    first: int | None,
    after: str | None,
    where: RequestWhere | None,
    order_by: RequestOrder | None = None,
    also: Conditions | None = None,
) -> RequestConnection:
    """One page of requests."""
    asked = window(order_of(order_by), first, after)
    found = request_conditions(call, where)
    if also:
        found.add(also.joined, *also.values)
    made: RequestConnection = await listed_page(
        call, SHAPE, columns(SHAPE.nodes(chosen)), "request r", found, asked, chosen
    )
    return made


async def requests_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Requests by row number."""
    return await _by(call, "r.id IN ??", [ids], selected)


async def request_by_reference(
    call: Call, reference: str, selected: Selected
) -> DataSubjectRequest | None:
    """The case a letter names, or None."""
    found = await _by(call, "r.reference = ?", [reference.strip().upper()], selected, is_all=True)
    return next(iter(found.values()), None)


async def _by(
    call: Call, condition: str, values: Sequence[Any], selected: Selected, *, is_all: bool = False
) -> dict[int, Any]:
    sql = f"SELECT {columns([selected])} FROM request r WHERE {condition} ORDER BY r.id"
    got, ahead = await read(call, sql, values, KIND, selected, is_all=is_all)
    made = {row["id"]: make(call, row) for row in got}
    await fill(call, KIND, list(made.values()), selected, ahead)
    return made


_ITEM = (
    "SELECT id, request_id, type, purposes, categories, status, outcome, reason,"
    " explanation_sealed, effective_at, decided_at, decided_by_id FROM request_item WHERE "
)


def _item(row: Row) -> RequestItem:
    kind = RequestType(row["type"])
    right = RIGHTS[kind]
    made = RequestItem(
        id=encode("RequestItem", row["id"]),
        type=kind,
        article=", ".join(right.articles) or None,
        clause=", ".join(right.clauses) or None,
        purposes=[AskedPurpose(purpose) for purpose in listed(row["purposes"])],
        categories=[DataCategory(category) for category in listed(row["categories"])],
        status=ItemStatus(row["status"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=Justification(row["reason"]) if row["reason"] else None,
        effective_at=instant_or_none(row["effective_at"]),
        decided_at=instant_or_none(row["decided_at"]),
    )
    made.row = row
    return made


_ITEMS = Rows(
    "RequestItem",
    lambda _call, _chosen: (f"{_ITEM} request_id IN ?? ORDER BY request_id, id", [KEYS]),
    lambda _call, row: _item(row),
)
to_many(KIND, "items", "request_id", _ITEMS)


async def items_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Items by row number."""
    made = {row["id"]: _item(row) for row in await rows(f"{_ITEM} id IN ??", [ids])}
    for item in made.values():
        call.touch(KIND, item.row["request_id"])
    await fill(call, "RequestItem", list(made.values()), selected)
    return made


note("RequestItem", "explanation", "explanation_sealed")


to_one("RequestItem", "decidedBy", "decided_by_id", STAFF)


@below(
    KIND,
    "types",
    ask=lambda _call, _chosen: (
        "SELECT request_id, type FROM request_item WHERE request_id IN ?? ORDER BY request_id, id",
        [KEYS],
    ),
)
async def _types(
    _call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], _: Ahead
) -> None:
    groups = grouped(found, "request_id")
    put(
        parents,
        chosen,
        lambda parent: [RequestType(row["type"]) for row in groups.get(parent.row["id"], [])],
    )


note(KIND, "actingFor", "acting_for_sealed")


def _by_id(_: Call, chosen: Chosen) -> tuple[str, list[Any]]:
    return f"SELECT {columns([chosen.of(KIND)])} FROM request r WHERE r.id IN ??", [KEYS]


to_one(KIND, "subject", "subject_id", CLIENTS)
to_one(KIND, "assignee", "assignee_id", STAFF)
to_one(KIND, "duplicateOf", "duplicate_of_id", Rows(KIND, _by_id, make))
