"""Children that lead from one noun to another: cases of a client, a colleague, a case."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.paging import Order, Window, window
from api.reads import allowed, breaches, case_details, outbound, signatures, timeline
from api.reads.clients import clients_by_id
from api.reads.letters import letters_by_id
from api.reads.levels import attach, connect, fill, level, pages_by, put, row_ids
from api.reads.request_filters import request_conditions
from api.reads.requests import KIND, SHAPE, columns, make, order_of
from api.reads.rows import grouped
from api.selection import Chosen
from models.database import rows

__all__ = ["allowed", "breaches", "case_details", "outbound", "signatures", "timeline"]

_EARLIER = Order("EARLIER", "r.received_at", "received_at", "instant", "r.id", True)


async def _requests_of(
    call: Call, parents: Sequence[Any], chosen: Chosen, column: str, asked: Window
) -> None:
    """Pages of cases by a column that holds the parent's row number."""
    found = request_conditions(call, chosen.args(call).get("where"))
    ids = row_ids(parents)
    keyset, place = asked.condition()
    got = await rows(
        f"SELECT * FROM (SELECT {columns(SHAPE.nodes(chosen))}, row_number() OVER (PARTITION BY"
        f" r.{column}{asked.order.sql}) AS place FROM request r WHERE r.{column} IN ??"
        f" AND {found.joined} AND {keyset}) ranked WHERE place <= ? ORDER BY place",
        [ids, *found.values, *place, asked.limit],
    )
    totals: list[int | None] = [None] * len(parents)
    if chosen.of("RequestConnection").has("totalCount"):
        counted = await rows(
            f"SELECT r.{column} AS parent_id, count(*) AS n FROM request r WHERE r.{column}"
            f" IN ?? AND {found.joined} GROUP BY r.{column}",
            [ids, *found.values],
        )
        by_parent = {row["parent_id"]: row["n"] for row in counted}
        totals = [by_parent.get(key, 0) for key in ids]
    pages = pages_by(got, column, parents, asked)
    made = await connect(call, SHAPE, pages, asked, chosen, totals)
    for parent, one in zip(parents, made, strict=True):
        parent.children[chosen.key] = one


@level("Client", "requests")
async def _of_client(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    asked = window(order_of(None), chosen.args(call).get("first"), chosen.args(call).get("after"))
    await _requests_of(call, parents, chosen, "subject_id", asked)


@level("Staff", "assigned")
async def _of_staff(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    asked = window(order_of(None), chosen.args(call).get("first"), chosen.args(call).get("after"))
    await _requests_of(call, parents, chosen, "assignee_id", asked)


@level(KIND, "earlierRequests")
async def _earlier(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    asked = window(_EARLIER, chosen.args(call).get("first"), chosen.args(call).get("after"), 10)
    ids = row_ids(parents)
    keyset, place = asked.condition()
    joined = (
        "FROM request b JOIN request r ON r.subject_id = b.subject_id"
        " AND (r.received_at, r.id) < (b.received_at, b.id) WHERE b.id IN ??"
    )
    got = await rows(
        f"SELECT * FROM (SELECT {columns(SHAPE.nodes(chosen))}, b.id AS later_id, row_number()"
        f" OVER (PARTITION BY b.id{asked.order.sql}) AS place {joined} AND {keyset}) ranked"
        " WHERE place <= ? ORDER BY place",
        [ids, *place, asked.limit],
    )
    totals: list[int | None] = [None] * len(parents)
    if chosen.of("RequestConnection").has("totalCount"):
        counted = await rows(f"SELECT b.id, count(*) AS n {joined} GROUP BY b.id", [ids])
        by_parent = {row["id"]: row["n"] for row in counted}
        totals = [by_parent.get(key, 0) for key in ids]
    pages = pages_by(got, "later_id", parents, asked)
    made = await connect(call, SHAPE, pages, asked, chosen, totals)
    for parent, one in zip(parents, made, strict=True):
        parent.children[chosen.key] = one


@level(KIND, "duplicates")
async def _duplicates(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    selected, ids = chosen.of(KIND), row_ids(parents)
    got = await rows(
        f"SELECT {columns([selected])} FROM request r WHERE r.duplicate_of_id IN ??"
        " ORDER BY r.duplicate_of_id, r.id",
        [ids],
    )
    groups = {
        key: [make(call, row) for row in found]
        for key, found in grouped(got, "duplicate_of_id").items()
    }
    put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
    await fill(call, KIND, [one for found in groups.values() for one in found], selected)


@level("Consent", "client")
async def _consent_client(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Client", lambda one: one.row["client_id"], clients_by_id)


@level("ConsentEvent", "evidence")
async def _consent_evidence(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Message", lambda one: one.row["message_id"], letters_by_id)
