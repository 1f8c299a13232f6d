"""Clients in: from a file, from the customer system, idempotent by external id."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.acts.consents import ConsentRecord, append_event
from models.acts.wiping import external_digest
from models.acts.work import Work, working
from models.house import House
from models.names import folded
from models.personal_code import masked
from models.retention import Record
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import (
    Client,
    ConsentEvent,
    ContactAddress,
    Contract,
    Representative,
    Tombstone,
)
from models.vocabulary import AddressKind, ClientKind, ErrorCode, IdentifierScheme, Language


@dataclass(frozen=True, slots=True)
class AddressRecord:
    kind: AddressKind
    value: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class RepresentativeRecord:
    name: str
    role: str | None = None
    addresses: Sequence[AddressRecord] = ()


@dataclass(frozen=True, slots=True)
class ContractRecord:
    number: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A whole client as the customer system knows it; what is missing is removed."""

    external_id: str
    kind: ClientKind
    display_name: str
    language: Language | None = None
    identifier: tuple[IdentifierScheme, str] | None = None
    addresses: Sequence[AddressRecord] = ()
    representatives: Sequence[RepresentativeRecord] = ()
    contracts: Sequence[ContractRecord] = ()
    consents: Sequence[ConsentRecord] = field(default=())
    relationship_ended_on: date | None = None


async def upsert_client(
    house: House,
    actor: Actor,
    *,
    record: ClientRecord,
    version: int | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Creates or replaces one client by `external_id`; `version` guards a change."""
    async with working(house, actor, "clientUpsert", now=now, call_id=call_id) as work:
        client, created = await write_client(work, record, version)
    return ActResult(client_id=client.id, created=created)


async def import_clients(
    house: House, actor: Actor, records: Sequence[ClientRecord], *, now: datetime | None = None
) -> tuple[int, int]:
    """All records in one transaction, erased clients left out; returns (created, updated)."""
    created = 0
    async with working(house, actor, "import", now=now) as work:
        wanted = await _standing(work, records)
        for record in wanted:
            _, is_new = await write_client(work, record, None)
            created += is_new
    return created, len(wanted) - created


async def _standing(work: Work, records: Sequence[ClientRecord]) -> list[ClientRecord]:
    """Those that were not erased: the customer system may not know of it yet."""
    digests = {external_digest(work, one.external_id): one for one in records}
    buried = Tombstone.filter(noun="client", digest__in=list(digests))
    for digest in await buried.values_list("digest", flat=True):
        del digests[str(digest)]
    return list(digests.values())


async def write_client(
    work: Work, record: ClientRecord, version: int | None
) -> tuple[Client, bool]:
    """One client with everything that hangs on it, inside the caller's transaction."""
    client = await Client.get_or_none(external_id=record.external_id)
    if client is None:
        await _not_buried(work, record.external_id)
        client = await Client.create(
            external_id=record.external_id, created_at=work.now, **_columns(work, record)
        )
        created = True
    else:
        created = False
        _check(client, version)
        await client.update_from_dict(
            {**_columns(work, record), "version": client.version + 1}
        ).save()
    await _write_parts(work, client, record, created)
    work.journal("client.upsert", [f"Client:{client.id}"], {"created": created})
    return client, created


async def _not_buried(work: Work, external_id: str) -> None:
    """Who was erased does not come back with the next import of the customer system."""
    digest = external_digest(work, external_id)
    if await Tombstone.exists(noun="client", digest=digest):
        message = "This client was erased: take it out of the customer system, or give a new key."
        raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", "externalId")))


def _check(client: Client, version: int | None) -> None:
    if client.restricted_since is not None:
        raise ActRefused(
            Problem(
                ErrorCode.RESTRICTED,
                "Processing is restricted (Art. 18): this client cannot be changed.",
                ("input", "externalId"),
            )
        )
    if version is not None and client.version != version:
        raise ActRefused(
            Problem(
                ErrorCode.STALE_VERSION,
                "Somebody changed this client meanwhile: read it again.",
                ("input", "version"),
            )
        )


def _columns(work: Work, record: ClientRecord) -> dict[str, Any]:
    scheme, code = record.identifier or (None, None)
    vault = work.house.vault
    ended = record.relationship_ended_on
    return {
        "kind": record.kind,
        "display_name": record.display_name,
        "name_folded": folded(record.display_name),
        "language": record.language,
        "identifier_scheme": scheme,
        "identifier_sealed": vault.seal_text("identifier", code),
        "identifier_masked": masked(code) if code else None,
        "identifier_index": vault.index("identifier", code) if code else None,
        "relationship_ended_on": ended,
        "erase_after": work.house.keep[Record.CLIENT].until(ended) if ended else None,
        "updated_at": work.now,
    }


async def _write_parts(work: Work, client: Client, record: ClientRecord, created: bool) -> None:
    if not created:
        await ContactAddress.filter(client_id=client.id).delete()
        await Representative.filter(client_id=client.id).delete()
        await Contract.filter(client_id=client.id).delete()
    await ContactAddress.bulk_create(
        [_address(work, client.id, None, address) for address in record.addresses]
    )
    for person in record.representatives:
        row = await Representative.create(client_id=client.id, name=person.name, role=person.role)
        await ContactAddress.bulk_create(
            [_address(work, client.id, row.id, address) for address in person.addresses]
        )
    await Contract.bulk_create(
        [
            Contract(
                client_id=client.id,
                number=found.number,
                starts_on=found.starts_on,
                ends_on=found.ends_on,
            )
            for found in record.contracts
        ]
    )
    await _write_consents(work, client.id, record.consents)


async def _write_consents(work: Work, client_id: int, consents: Sequence[ConsentRecord]) -> None:
    """Only events the ledger does not hold yet: an import may be repeated."""
    for record in consents:
        known = await ConsentEvent.exists(
            client_id=client_id, purpose__code=record.purpose, kind=record.kind, at=record.at
        )
        if not known:
            await append_event(work.house, work.actor, client_id, record)


def _address(
    work: Work, client_id: int, representative_id: int | None, record: AddressRecord
) -> ContactAddress:
    return ContactAddress(
        client_id=client_id,
        representative_id=representative_id,
        kind=record.kind,
        value=record.value,
        address_index=work.house.vault.address_index(record.value),
        is_primary=record.is_primary,
    )
