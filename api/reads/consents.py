"""Consents folded from the ledger, its lines, purposes, and suppressions."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from api.call import Call
from api.errors import bad_input
from api.ids import encode, number
from api.reads.columns import Columns
from api.reads.levels import Rows, attach, computed, fill, level, put, to_many
from api.reads.notes import note
from api.reads.people import put_actors
from api.reads.register import policies_by_id
from api.reads.rows import Row, day_or_none, grouped, instant, instant_or_none
from api.selection import Chosen, Selected
from api.types.base import view
from api.types.consents import Consent, ConsentEvent, ConsentPurpose, Suppression
from api.types.scalars import EmailAddress
from models.chain import KEYS
from models.consents import STATE_AFTER
from models.database import rows
from models.vocabulary import (
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    Language,
)

SUPPRESSIONS_MAX = 1000
_PURPOSE = "p.id, p.code, p.title_et, p.title_en, p.title_ru, p.lawful_basis, p.is_active"
_OF_PURPOSE = Columns(
    "p.id, p.code",
    {
        "title": "p.title_et, p.title_en, p.title_ru",
        "lawfulBasis": "p.lawful_basis",
        "isActive": "p.is_active",
    },
)
_EVENT = (
    "SELECT e.id, e.client_id, e.purpose_id, e.kind, e.at, e.effective_at, e.expires_on,"
    " e.policy_version_id,"
    " e.language, e.method, e.message_id, e.actor_kind, e.actor_label, e.staff_id, e.note_sealed"
    " FROM consent_event e WHERE "
)
# the last line by effective time, then by place in the ledger, rules: models.consents.fold
_FOLDED = (
    "WITH last AS (SELECT client_id, purpose_id, kind, effective_at, expires_on, row_number() OVER"
    " (PARTITION BY client_id, purpose_id ORDER BY effective_at DESC, id DESC) AS place"
    " FROM consent_event WHERE client_id IN {clients} AND effective_at <= ?)"
    " SELECT c.id AS client_id, {purpose}, last.kind, last.effective_at, last.expires_on"
    " FROM client c CROSS JOIN consent_purpose p LEFT JOIN last ON last.client_id = c.id"
    " AND last.purpose_id = p.id AND last.place = 1 WHERE c.id IN {clients}{also}"
    " ORDER BY c.id, p.id"
)


ConsentPurpose.COLUMNS = {
    "id": lambda row: encode("ConsentPurpose", row["id"]),
    "code": itemgetter("code"),
    "lawful_basis": itemgetter("lawful_basis"),
    "is_active": lambda row: bool(row["is_active"]),
}
Consent.COLUMNS = {
    "id": lambda row: encode("Consent", row["client_id"], row["code"]),
    "state": lambda row: STATE_AFTER[row["kind"]] if row["kind"] else ConsentState.UNKNOWN,
    "since": lambda row: instant_or_none(row["effective_at"]),
    "expires_on": lambda row: day_or_none(row["expires_on"]),
}


async def all_purposes() -> list[ConsentPurpose]:
    """Every purpose that rests on consent."""
    return [
        view(ConsentPurpose, row)
        for row in await rows(f"SELECT {_PURPOSE} FROM consent_purpose p ORDER BY p.id")
    ]


async def purposes_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Purposes by row number."""
    got = await rows(f"SELECT {_PURPOSE} FROM consent_purpose p WHERE p.id IN ??", [ids])
    return {row["id"]: view(ConsentPurpose, row) for row in got}


def _of_clients(call: Call, chosen: Chosen) -> tuple[str, list[Any]]:
    purpose = _OF_PURPOSE.of(
        [p.of("ConsentPurpose") for p in chosen.of("Consent").named("purpose")]
    )
    sql = _FOLDED.format(clients="??", also=" AND p.is_active", purpose=purpose)
    return sql, [KEYS, call.now, KEYS]


to_many(
    "Client",
    "consents",
    "client_id",
    Rows("Consent", _of_clients, lambda _call, row: view(Consent, row)),
)


async def consents_by_key(call: Call, keys: Sequence[str], selected: Selected) -> dict[str, Any]:
    """Consents by `client:purpose`."""
    pairs = [key.partition(":") for key in keys]
    ids = sorted({found for client, _, _ in pairs if (found := number(client))})
    got = await rows(_FOLDED.format(clients="??", also="", purpose=_PURPOSE), [ids, call.now, ids])
    made = {f"{row['client_id']}:{row['code']}": view(Consent, row) for row in got}
    wanted = {key: one for key, one in made.items() if key in set(keys)}
    for one in wanted.values():
        call.touch("Client", one.row["client_id"])
    await fill(call, "Consent", list(wanted.values()), selected)
    return wanted


@computed("Consent", "purpose")
async def _its_purpose(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    # a handful of purposes under many consents
    made = {parent.row["id"]: view(ConsentPurpose, parent.row) for parent in parents}
    put(parents, chosen, lambda consent: made[consent.row["id"]])


def _event(row: Row) -> ConsentEvent:
    made = ConsentEvent(
        id=encode("ConsentEvent", row["id"]),
        kind=ConsentEventKind(row["kind"]),
        at=instant(row["at"]),
        effective_at=instant(row["effective_at"]),
        expires_on=day_or_none(row["expires_on"]),
        method=ConsentMethod(row["method"]),
        language=Language(row["language"]) if row["language"] else None,
    )
    made.row = row
    return made


@level("Consent", "events")
async def _events(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    ids = sorted({parent.row["client_id"] for parent in parents})
    got = await rows(f"{_EVENT} e.client_id IN ?? ORDER BY e.effective_at, e.id", [ids])
    places = {(parent.row["client_id"], parent.row["id"]) for parent in parents}
    made: dict[tuple[int, int], list[ConsentEvent]] = {}
    for row in got:
        if (place := (row["client_id"], row["purpose_id"])) in places:
            made.setdefault(place, []).append(_event(row))
    put(parents, chosen, lambda one: made.get((one.row["client_id"], one.row["id"]), []))
    events = [event for found in made.values() for event in found]
    await fill(call, "ConsentEvent", events, chosen.of("ConsentEvent"))


async def events_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Ledger lines by row number."""
    made = {row["id"]: _event(row) for row in await rows(f"{_EVENT} e.id IN ??", [ids])}
    for event in made.values():
        client = event.row["client_id"]
        call.touch("ConsentEvent" if client is None else "Client", client or event.row["id"])
    await fill(call, "ConsentEvent", list(made.values()), selected)
    return made


@computed("ConsentEvent", "actor")
async def _actor(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await put_actors(call, parents, chosen)


@level("ConsentEvent", "policyVersion")
async def _policy(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(
        call,
        parents,
        chosen,
        "PolicyVersion",
        lambda event: event.row["policy_version_id"],
        policies_by_id,
    )


note("ConsentEvent", "note", "note_sealed")


# a restricted client is not written to either (Art. 18), except by whoever works on its case
_SUPPRESSED = (
    "SELECT 'Suppression' AS noun, id, address_index, purpose, since FROM suppression"
    " WHERE address_index IN ?? UNION ALL"
    " SELECT 'Client', c.id, a.address_index, 'all', c.restricted_since FROM contact_address a"
    " JOIN client c ON c.id = a.client_id WHERE c.restricted_since IS NOT NULL"
    " AND a.kind = 'email' AND a.address_index IN ?? ORDER BY 3, 1 DESC, 2"
)


async def suppressions(call: Call, addresses: Sequence[str]) -> list[Suppression]:
    """Those of these addresses that must not be written to (at most 1000 a query)."""
    if not 1 <= len(addresses) <= SUPPRESSIONS_MAX:
        raise bad_input(f"Ask about 1 to {SUPPRESSIONS_MAX} addresses at a time.")
    asked = {call.house.vault.address_index(address): address for address in addresses}
    got = grouped(
        await rows(
            _SUPPRESSED,
            [list(asked), list(asked)],
        ),
        "address_index",
    )
    for found in got.values():
        for row in found:
            call.touch(row["noun"], row["id"])
    return [
        Suppression(
            address=EmailAddress(address),
            purposes=[AskedPurpose(row["purpose"]) for row in got[index]],
            since=min(instant(row["since"]) for row in got[index]),
        )
        for index, address in asked.items()
        if index in got
    ]
