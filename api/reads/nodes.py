"""Any object by its global id, with the permission of its type."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from graphql import GraphQLError

from api.access import CASES, CLIENTS, COLLEAGUES, JOURNAL, LETTERS, Roles
from api.call import Call
from api.errors import forbidden
from api.ids import MAX_KEY, MAX_LEDGER_KEY, decode, number
from api.reads import links
from api.reads.clients import clients_by_id
from api.reads.consents import consents_by_key, events_by_id, purposes_by_id
from api.reads.fulfilment import disclosures_by_id, tasks_by_id
from api.reads.journal import audit_by_id
from api.reads.letters import letters_by_id
from api.reads.levels import level
from api.reads.outbound import outbound_by_id
from api.reads.packages import files_by_id, packages_by_id
from api.reads.people import staff_by_id
from api.reads.register import activities_by_key, policies_by_id
from api.reads.requests import items_by_id, requests_by_id
from api.reads.timeline import entries_by_id
from api.selection import Chosen, Selected

__all__ = ["links", "nodes_by_id"]

Read = Callable[[Call, Sequence[Any], Selected], Awaitable[dict[Any, Any]]]

# type -> (who may see it, how it is read, width of its key; None for keys that are no number)
NODES: dict[str, tuple[Roles | None, Read, int | None]] = {
    "AccessPackage": (LETTERS, packages_by_id, MAX_KEY),
    "AuditEntry": (JOURNAL, audit_by_id, MAX_LEDGER_KEY),
    "CaseFile": (LETTERS, files_by_id, MAX_KEY),
    "Client": (CLIENTS, clients_by_id, MAX_KEY),
    "Consent": (CLIENTS, consents_by_key, None),
    "ConsentEvent": (CLIENTS, events_by_id, MAX_KEY),
    "ConsentPurpose": (None, purposes_by_id, MAX_KEY),
    "Disclosure": (LETTERS, disclosures_by_id, MAX_KEY),
    "FulfilmentTask": (CASES, tasks_by_id, MAX_KEY),
    "DataSubjectRequest": (CASES, requests_by_id, MAX_KEY),
    "Message": (CASES, letters_by_id, MAX_KEY),
    "OutboundMail": (CASES, outbound_by_id, MAX_KEY),
    "PolicyVersion": (None, policies_by_id, MAX_KEY),
    "ProcessingActivity": (None, activities_by_key, None),
    "RequestItem": (CASES, items_by_id, MAX_KEY),
    "Staff": (COLLEAGUES, staff_by_id, MAX_KEY),
    "TimelineEntry": (CASES, entries_by_id, MAX_LEDGER_KEY),
}


async def nodes_by_id(call: Call, ids: Sequence[str], chosen: Chosen) -> list[Any]:
    """Objects in the order of `ids`: None where there is none, an error where not allowed.

    An error also where an id is none of ours: it costs the others nothing.
    """
    places = [_place(value) for value in ids]
    wanted: dict[str, dict[str, None]] = {}
    for place in places:
        if not isinstance(place, GraphQLError):
            wanted.setdefault(place[0], {})[place[1]] = None
    found = {kind: await _found(call, kind, list(keys), chosen) for kind, keys in wanted.items()}
    return [
        place if isinstance(place, GraphQLError) else found[place[0]].get(place[1])
        for place in places
    ]


def _place(value: str) -> tuple[str, str] | GraphQLError:
    try:
        return decode(value)
    except GraphQLError as error:
        return error


async def _found(call: Call, kind: str, keys: Sequence[str], chosen: Chosen) -> dict[str, Any]:
    """Objects of one type by key, or the error of each."""
    if kind not in NODES:
        return {}
    roles, read, width = NODES[kind]
    if not call.viewer.may(roles):
        return dict.fromkeys(keys, forbidden())
    usable = {(number(key, width) if width else key): key for key in keys}
    usable.pop(None, None)
    got = await read(call, list(usable), chosen.of(kind)) if usable else {}
    return {usable[key]: one for key, one in got.items()}


@level("AuditEntry", "target")
async def _target(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    first = [entry.target_ids[0] if entry.target_ids else None for entry in parents]
    wanted = [found for found in dict.fromkeys(first) if found is not None]
    by_id = dict(zip(wanted, await nodes_by_id(call, wanted, chosen), strict=True))
    for entry, key in zip(parents, first, strict=True):
        entry.children[chosen.key] = by_id.get(key)
