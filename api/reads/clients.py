"""Clients: pages, look-ups, what hangs on them."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from api.call import Call
from api.ids import encode
from api.paging import Order, window
from api.reads.columns import Columns
from api.reads.levels import Ask, Rows, Shape, computed, fill, put, read, to_many
from api.reads.listing import listed_page
from api.reads.people import actor_named
from api.reads.request_filters import Conditions, span
from api.reads.rows import Row, day, day_or_none, instant, instant_or_none
from api.reads.searching import clients_named, search_values
from api.selection import Chosen, Selected
from api.types.base import view
from api.types.clients import (
    Client,
    ClientConnection,
    ClientEdge,
    ContactAddress,
    Contract,
    Period,
    PersonalIdentifier,
    Representative,
    Restriction,
)
from api.types.inputs import ClientWhere
from models.chain import KEYS
from models.vocabulary import AddressKind, IdentifierScheme

KIND = "Client"
OPEN = "('new', 'awaiting_identity', 'awaiting_clarification', 'in_progress')"
_COLUMNS = Columns(
    "c.id, c.kind, c.display_name, c.name_folded",
    {
        "externalId": "c.external_id",
        "language": "c.language",
        "identifier": "c.identifier_scheme, c.identifier_masked",
        "eraseAfter": "c.erase_after",
        "restriction": "c.restricted_since, c.restriction_reason, c.restricted_by",
        "version": "c.version",
    },
)
_ORDER = Order("NAME", "c.name_folded", "name_folded", "text", "c.id")


Client.COLUMNS = {
    "id": lambda row: encode(KIND, row["id"]),
    "external_id": itemgetter("external_id"),
    "kind": itemgetter("kind"),
    "display_name": itemgetter("display_name"),
    "language": itemgetter("language"),
    "version": itemgetter("version"),
    "erase_after": lambda row: day_or_none(row["erase_after"]),
}


def columns(places: Sequence[Selected]) -> str:
    """What to read of `client c`; the sealed code only where it is asked for in full."""
    wanted = any(
        identifier.of("PersonalIdentifier").has("full")
        for place in places
        for identifier in place.named("identifier")
    )
    return _COLUMNS.of(places) + (", c.identifier_sealed" if wanted else "")


def make(call: Call, row: Row) -> Client:
    """The view of one row; what was read stands in the journal."""
    call.touch(KIND, row["id"])
    return view(Client, row)


SHAPE = Shape(KIND, ClientConnection, ClientEdge, make)


async def client_page(
    call: Call,
    chosen: Chosen,
    first: int | None,
    after: str | None,
    search: str | None,
    where: ClientWhere | None,
) -> ClientConnection:
    """One page of clients, by name."""
    asked = window(_ORDER, first, after)
    found = _conditions(call, search, where)
    made: ClientConnection = await listed_page(
        call, SHAPE, columns(SHAPE.nodes(chosen)), "client c", found, asked, chosen
    )
    return made


def _conditions(call: Call, search: str | None, where: ClientWhere | None) -> Conditions:
    found = Conditions()
    found.add("c.erased_at IS NULL")
    if search is not None:
        named, values = clients_named(search_values(call, search))
        found.add(f"c.id IN ({named})", *values)
    if where is None:
        return found
    if where.kind is not None:
        found.add("c.kind = ?", where.kind.value)
    span(found, "c.erase_after", where.erase_after)
    if where.has_open_request is not None:
        found.add(
            f"{'' if where.has_open_request else 'NOT '}EXISTS (SELECT 1 FROM request o"
            f" WHERE o.subject_id = c.id AND o.status IN {OPEN})"
        )
    return found


async def clients_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Clients by row number."""
    return await _by(call, "c.id IN ??", [ids], selected)


async def client_by_external_id(call: Call, external_id: str, selected: Selected) -> Client | None:
    """The client of this key in the customer system, or None."""
    found = await _by(
        call, "c.external_id = ? AND c.erased_at IS NULL", [external_id], selected, is_all=True
    )
    return next(iter(found.values()), None)


async def _by(
    call: Call, condition: str, values: Sequence[Any], selected: Selected, *, is_all: bool = False
) -> dict[int, Any]:
    sql = f"SELECT {columns([selected])} FROM client c WHERE {condition}"
    got, ahead = await read(call, sql, values, KIND, selected, is_all=is_all)
    made = {row["id"]: make(call, row) for row in got}
    await fill(call, KIND, list(made.values()), selected, ahead)
    return made


def _by_id(_: Call, chosen: Chosen) -> tuple[str, list[Any]]:
    return f"SELECT {columns([chosen.of(KIND)])} FROM client c WHERE c.id IN ??", [KEYS]


CLIENTS = Rows(KIND, _by_id, make)


@computed(KIND, "identifier")
async def _identifier(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    found = []
    for parent in parents:
        row, made = parent.row, None
        if row["identifier_scheme"] and row["identifier_masked"]:
            made = PersonalIdentifier(
                scheme=IdentifierScheme(row["identifier_scheme"]), masked=row["identifier_masked"]
            )
            made.row = row
            found.append(made)
        parent.children[chosen.key] = made
    await fill(call, "PersonalIdentifier", found, chosen.of("PersonalIdentifier"))


@computed("PersonalIdentifier", "full")
async def _full(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda code: vault.open_text("identifier", code.row["identifier_sealed"]))


def _address(row: Row) -> ContactAddress:
    return ContactAddress(
        kind=AddressKind(row["kind"]),
        value=row["value"],
        verified_at=instant_or_none(row["verified_at"]),
        is_primary=bool(row["is_primary"]),
    )


def _addresses_of(own: str, also: str = "") -> Ask:
    sql = (
        f"SELECT id, {own}, kind, value, verified_at, is_primary FROM contact_address"
        f" WHERE {own} IN ??{also} ORDER BY is_primary DESC, id"
    )
    return lambda _call, _chosen: (sql, [KEYS])


def _addresses(own: str, also: str = "") -> Rows:
    return Rows("ContactAddress", _addresses_of(own, also), lambda _call, row: _address(row))


_OWN = " AND representative_id IS NULL"
to_many(KIND, "addresses", "client_id", _addresses("client_id", _OWN))
to_many("Representative", "addresses", "representative_id", _addresses("representative_id"))


def _representative(_: Call, row: Row) -> Representative:
    made = Representative(name=row["name"], role=row["role"])
    made.row = row
    return made


_REPRESENTATIVES = (
    "SELECT id, client_id, name, role FROM representative WHERE client_id IN ??"
    " ORDER BY client_id, id"
)
to_many(
    KIND,
    "representatives",
    "client_id",
    Rows("Representative", lambda _call, _chosen: (_REPRESENTATIVES, [KEYS]), _representative),
)


def _contract(_: Call, row: Row) -> Contract:
    return Contract(
        number=row["number"],
        period=Period(starts_on=day(row["starts_on"]), ends_on=day_or_none(row["ends_on"])),
    )


_CONTRACTS = (
    "SELECT client_id, number, starts_on, ends_on FROM contract"
    " WHERE client_id IN ?? ORDER BY starts_on DESC, id DESC"
)
to_many(
    KIND,
    "contracts",
    "client_id",
    Rows("Contract", lambda _call, _chosen: (_CONTRACTS, [KEYS]), _contract),
)


@computed(KIND, "restriction")
async def _restriction(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda parent: _restricted(parent.row))


def _restricted(row: Row) -> Restriction | None:
    if row["restricted_since"] is None:
        return None
    return Restriction(
        since=instant(row["restricted_since"]),
        reason=row["restriction_reason"] or "",
        by=actor_named(row["restricted_by"] or "system"),
    )
