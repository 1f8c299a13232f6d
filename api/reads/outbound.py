"""Letters of ours and how far they got."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.ids import encode
from api.paging import Order, window
from api.reads.levels import (
    Ahead,
    Ask,
    Rows,
    Shape,
    attach,
    below,
    computed,
    fill,
    level,
    put,
    to_many,
)
from api.reads.listing import listed_page
from api.reads.request_filters import Conditions, one_of
from api.reads.requests import requests_by_id
from api.reads.rows import Row, grouped, instant, instant_or_none, listed
from api.reads.seen import case_roles, withheld
from api.selection import Chosen, Selected
from api.types.inputs import OutboundWhere
from api.types.letters import (
    Delivery,
    OutboundMail,
    OutboundMailConnection,
    OutboundMailEdge,
)
from models.chain import KEYS
from models.database import rows
from models.vocabulary import DeliveryState, Language, LetterKind

KIND = "OutboundMail"
_COLUMNS = (
    "o.id, o.request_id, o.kind, o.language, o.state, o.hold_reasons, o.automatic, o.queued_at,"
    " o.next_attempt_at, o.attempts, o.sent_at, o.last_response, o.version"
)
_SEALED = {"to": "to_sealed", "subject": "subject_sealed", "text": "text_sealed"}
_PURPOSE = {"to": "to", "subject": "out-subject", "text": "out-text"}
_ORDER = Order("OUTBOUND", "o.queued_at", "queued_at", "instant", "o.id", True)


def columns(places: Sequence[Selected]) -> str:
    """What to read of `outbound_mail o`: sealed columns only where they are asked for."""
    wanted = [name for field, name in _SEALED.items() if any(place.has(field) for place in places)]
    return _COLUMNS + "".join(f", o.{name}" for name in wanted)


def make(call: Call, row: Row) -> OutboundMail:
    """The view of one row; what was read stands in the journal."""
    call.touch(KIND, row["id"])
    made = OutboundMail(
        id=encode(KIND, row["id"]),
        kind=LetterKind(row["kind"]),
        version=row["version"],
        language=Language(row["language"]),
        is_automatic=bool(row["automatic"]),
        queued_at=instant(row["queued_at"]),
    )
    made.row = row
    return made


SHAPE = Shape(KIND, OutboundMailConnection, OutboundMailEdge, make)


async def outbound_page(
    call: Call, chosen: Chosen, first: int | None, after: str | None, where: OutboundWhere | None
) -> OutboundMailConnection:
    """One page of letters of ours, the newest first."""
    asked = window(_ORDER, first, after)
    found = Conditions()
    if where is not None:
        one_of(found, "o.state", where.state.in_ if where.state else None)
        one_of(found, "o.kind", where.kind)
    made: OutboundMailConnection = await listed_page(
        call, SHAPE, columns(SHAPE.nodes(chosen)), "outbound_mail o", found, asked, chosen
    )
    return made


async def outbound_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Letters of ours by row number, an error for each that the caller may not see."""
    got = await rows(f"SELECT {columns([selected])} FROM outbound_mail o WHERE o.id IN ??", [ids])
    denied = withheld(call, got, case_roles)
    made = {row["id"]: make(call, row) for row in got if row["id"] not in denied}
    await fill(call, KIND, list(made.values()), selected)
    return {**made, **denied}


def _of_requests(also: str = "") -> Ask:
    def ask(_: Call, chosen: Chosen) -> tuple[str, list[Any]]:
        found = columns([chosen.of(KIND)])
        which = f"o.request_id IN ??{also} ORDER BY o.request_id, o.id"
        return f"SELECT {found} FROM outbound_mail o WHERE {which}", [KEYS]

    return ask


to_many("DataSubjectRequest", "outbound", "request_id", Rows(KIND, _of_requests(), make))


@below(
    "DataSubjectRequest",
    "acknowledgement",
    ask=_of_requests(" AND o.kind = 'acknowledgement'"),
    brings=KIND,
)
async def _acknowledgement(
    call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], ahead: Ahead
) -> None:
    first = {key: make(call, got[0]) for key, got in grouped(found, "request_id").items()}
    put(parents, chosen, lambda parent: first.get(parent.row["id"]))
    await fill(call, KIND, list(first.values()), chosen.of(KIND), ahead)


@computed(KIND, "to", "subject", "text")
async def _opened(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault, column, purpose = call.house.vault, _SEALED[chosen.name], _PURPOSE[chosen.name]
    put(parents, chosen, lambda one: vault.open_text(purpose, one.row[column]))


@computed(KIND, "delivery")
async def _delivery(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _delivered(one.row))


def _delivered(row: Row) -> Delivery:
    state = DeliveryState(row["state"])
    tried_again = state in (DeliveryState.QUEUED, DeliveryState.DEFERRED)
    return Delivery(
        state=state,
        attempts=row["attempts"],
        sent_at=instant_or_none(row["sent_at"]),
        next_attempt_at=instant_or_none(row["next_attempt_at"]) if tried_again else None,
        last_response=row["last_response"],
        hold_reasons=listed(row["hold_reasons"]),
    )


@level(KIND, "request")
async def _request(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(
        call,
        parents,
        chosen,
        "DataSubjectRequest",
        lambda one: one.row["request_id"],
        requests_by_id,
    )
