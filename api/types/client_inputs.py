"""Inputs about clients and consents, and how they become records."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from api.acting import few, refused
from api.types.acts import KEY, VERSION
from models.acts.clients import (
    AddressRecord,
    ClientRecord,
    ContractRecord,
    RepresentativeRecord,
)
from models.letters.wire import usable_address
from models.personal_code import valid_personal_code, valid_registry_code
from models.vocabulary import (
    AddressKind,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    IdentifierScheme,
    Language,
    Purpose,
)


@strawberry.input(description="A code that identifies a client.")
class IdentifierInput:
    """Code."""

    scheme: IdentifierScheme = strawberry.field(description="What kind of code it is.")
    code: str = strawberry.field(description="The code.")


@strawberry.input(description="An address.")
class AddressInput:
    """Address."""

    kind: AddressKind = strawberry.field(description="What kind of address it is.")
    value: str = strawberry.field(description="The address.")
    is_primary: bool = strawberry.field(description="Whether it is the one to use.", default=False)


@strawberry.input(description="A person who acts for a client.")
class RepresentativeInput:
    """Representative."""

    name: str = strawberry.field(description="Name.")
    role: str | None = strawberry.field(description="What the person is to it.", default=None)
    addresses: list[AddressInput] = strawberry.field(
        description="Addresses of the person.", default_factory=list
    )


@strawberry.input(description="A contract.")
class ContractInput:
    """Contract."""

    number: str = strawberry.field(description="Its number.")
    starts_on: date = strawberry.field(description="First day.")
    ends_on: date | None = strawberry.field(
        description="The day after the last; null = still running.", default=None
    )


@strawberry.input(description="A whole client as the customer system knows it.")
class ClientUpsertInput:
    """Client; what is missing is removed."""

    external_id: str = strawberry.field(description="Its key in the customer system.")
    version: int | None = strawberry.field(
        description=f"{VERSION} Null writes whatever the version is.", default=None
    )
    kind: ClientKind = strawberry.field(description="A person or a company.")
    display_name: str = strawberry.field(description="Name to show.")
    language: Language | None = strawberry.field(description="Language it prefers.", default=None)
    identifier: IdentifierInput | None = strawberry.field(description="Its code.", default=None)
    addresses: list[AddressInput] = strawberry.field(
        description="Addresses on file, at most 50.", default_factory=list
    )
    representatives: list[RepresentativeInput] = strawberry.field(
        description="People who act for it, at most 50.", default_factory=list
    )
    contracts: list[ContractInput] = strawberry.field(
        description="Contracts, at most 50.", default_factory=list
    )
    relationship_ended_on: date | None = strawberry.field(
        description="When the relationship ended; null while it lasts.", default=None
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="What a person said about a consent.")
class ConsentRecordInput:
    """Any event."""

    client_id: strawberry.ID = strawberry.field(description="Whose consent it is.")
    version: int = strawberry.field(description="Version of the client as it was read.")
    purpose: Purpose = strawberry.field(description="What it is about.")
    kind: ConsentEventKind = strawberry.field(description="What happened.")
    method: ConsentMethod = strawberry.field(description="How the person told us.")
    at: datetime = strawberry.field(description="When the person said so.")
    language: Language | None = strawberry.field(
        description="Language of the text the person saw.", default=None
    )
    expires_on: date | None = strawberry.field(
        description="Last day of a consent GIVEN or RENEWED for a time; it ends by itself. Null:"
        " until it is withdrawn.",
        default=None,
    )
    lifts_suppression: bool = strawberry.field(
        description="True: a colleague confirms that the person gave this consent after asking"
        " not to be written to; addresses the client alone has may be written to again for this"
        " purpose. `note` says how it can be shown (Art. 7(1)). Never done by itself: without"
        " it the promise stands, whatever the ledger says.",
        default=False,
    )
    note: str | None = strawberry.field(description="A note.", default=None)
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A consent taken back; it counts from when the person said so.")
class ConsentWithdrawInput:
    """Withdrawal."""

    client_id: strawberry.ID = strawberry.field(description="Whose consent it is.")
    version: int = strawberry.field(description="Version of the client as it was read.")
    purpose: Purpose = strawberry.field(description="What it is about.")
    method: ConsentMethod = strawberry.field(description="How the person told us.")
    at: datetime | None = strawberry.field(
        description="When the person said so; null = now.", default=None
    )
    note: str | None = strawberry.field(description="A note.", default=None)
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


def checked_text(value: str, longest: int, *path: str) -> str:
    """Text of 1 to `longest` letters without control signs; ActRefused otherwise."""
    text = value.strip()
    if not 1 <= len(text) <= longest or "\0" in text:
        raise refused(f"This has 1 to {longest} letters.", *path)
    return text


def client_record(given: ClientUpsertInput) -> ClientRecord:
    """The record an act takes; ActRefused INVALID names the field that cannot be used."""
    for name in ("addresses", "representatives", "contracts"):
        few(getattr(given, name), name)
    return ClientRecord(
        external_id=checked_text(given.external_id, 64, "externalId"),
        kind=given.kind,
        display_name=checked_text(given.display_name, 200, "displayName"),
        language=given.language,
        identifier=_identifier(given.identifier),
        addresses=_addresses(given.addresses, "addresses"),
        representatives=[
            _representative(one, "representatives", str(place))
            for place, one in enumerate(given.representatives)
        ],
        contracts=_contracts(given.contracts),
        relationship_ended_on=given.relationship_ended_on,
    )


def _identifier(given: IdentifierInput | None) -> tuple[IdentifierScheme, str] | None:
    if given is None:
        return None
    code = checked_text(given.code, 40, "identifier", "code")
    valid = {
        IdentifierScheme.EE_PERSONAL_CODE: valid_personal_code,
        IdentifierScheme.EE_REGISTRY_CODE: valid_registry_code,
    }.get(given.scheme)
    if valid is not None and not valid(code):
        raise refused("The check digit of this code is wrong.", "identifier", "code")
    return given.scheme, code


def _addresses(given: Sequence[AddressInput], *path: str) -> list[AddressRecord]:
    few(given, *path)
    return [_address(one, *path, str(place)) for place, one in enumerate(given)]


def _address(given: AddressInput, *path: str) -> AddressRecord:
    value = checked_text(given.value, 320, *path, "value")
    if given.kind is AddressKind.EMAIL and not usable_address(value):
        message = "This is no e-mail address: give one like name@example.com."
        raise refused(message, *path, "value")
    return AddressRecord(kind=given.kind, value=value, is_primary=given.is_primary)


def _representative(given: RepresentativeInput, *path: str) -> RepresentativeRecord:
    role = given.role
    return RepresentativeRecord(
        name=checked_text(given.name, 200, *path, "name"),
        role=None if role is None else checked_text(role, 80, *path, "role"),
        addresses=_addresses(given.addresses, *path, "addresses"),
    )


def _contracts(given: Sequence[ContractInput]) -> list[ContractRecord]:
    found: dict[str, ContractRecord] = {}
    for place, one in enumerate(given):
        path = ("contracts", str(place))
        number = checked_text(one.number, 40, *path, "number")
        if one.ends_on is not None and one.ends_on <= one.starts_on:
            raise refused("A contract ends after it starts.", *path, "endsOn")
        if number in found:
            raise refused("Each contract once.", *path, "number")
        found[number] = ContractRecord(number, one.starts_on, one.ends_on)
    return list(found.values())
