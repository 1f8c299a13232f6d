"""Clients from CSV or JSONL: every mistake is named by line and column, nothing is guessed."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from models.acts.clients import (
    AddressRecord,
    ClientRecord,
    ContractRecord,
    RepresentativeRecord,
)
from models.acts.consents import ConsentRecord
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

CSV_COLUMNS = (
    "external_id",
    "kind",
    "display_name",
    "language",
    "identifier_scheme",
    "identifier",
    "email",
    "phone",
    "postal",
    "relationship_ended_on",
)


# What pydantic says less plainly, by its type of error.
UNPLAIN = {
    "extra_forbidden": "this name is unknown: leave it out.",
    "missing": "is missing.",
    "model_type": "is not a JSON object.",
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class _Identifier(_Row):
    scheme: IdentifierScheme
    value: str = Field(min_length=1, max_length=64)


class _Address(_Row):
    kind: AddressKind
    value: str = Field(min_length=1, max_length=320)
    is_primary: bool = False


class _Representative(_Row):
    name: str = Field(min_length=1, max_length=200)
    role: str | None = Field(None, max_length=80)
    addresses: list[_Address] = []


class _Contract(_Row):
    number: str = Field(min_length=1, max_length=40)
    starts_on: date
    ends_on: date | None = None


class _Consent(_Row):
    purpose: Purpose
    kind: ConsentEventKind
    at: AwareDatetime
    method: ConsentMethod = ConsentMethod.IMPORT
    language: Language | None = None


class _Client(_Row):
    external_id: str = Field(min_length=1, max_length=64)
    kind: ClientKind
    display_name: str = Field(min_length=1, max_length=200)
    language: Language | None = None
    identifier: _Identifier | None = None
    addresses: list[_Address] = []
    representatives: list[_Representative] = []
    contracts: list[_Contract] = []
    consents: list[_Consent] = []
    relationship_ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Where a row is wrong, and what to write instead; never the value itself."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


class ImportProblem(Exception):
    """A file that cannot be read at all."""


def read_clients(path: Path) -> tuple[list[ClientRecord], list[RowProblem]]:
    """Good rows and the problems of the bad ones; `.csv` by its suffix, else JSONL."""
    try:
        rows = list(_csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path))
    except OSError as problem:
        raise ImportProblem(f"{path} cannot be read: {problem.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ImportProblem(f"{path.name} cannot be read as UTF-8 text ({problem}).") from None
    records: list[ClientRecord] = []
    problems: list[RowProblem] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        found = row if isinstance(row, RowProblem) else _record(line, row)
        if isinstance(found, ClientRecord) and found.external_id in seen:
            first = seen[found.external_id]
            found = [RowProblem(line, "external_id", f"stands on line {first} already.")]
        if isinstance(found, ClientRecord):
            seen[found.external_id] = line
            records.append(found)
        else:
            problems += [found] if isinstance(found, RowProblem) else found
    return records, problems


def _json_rows(path: Path) -> Iterator[tuple[int, Any]]:
    for line, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not text.strip():
            continue
        try:
            yield line, json.loads(text)
        except ValueError as problem:
            yield line, RowProblem(line, "", f"is not JSON ({problem}).")


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        unknown = set(reader.fieldnames or ()) - set(CSV_COLUMNS)
        if unknown or "external_id" not in (reader.fieldnames or ()):
            raise ImportProblem(
                f"{path.name}: the first line must name columns out of: {', '.join(CSV_COLUMNS)}."
            )
        for row in reader:
            yield reader.line_num, _from_csv_row(reader.line_num, row)


def _from_csv_row(line: int, row: dict[Any, Any]) -> dict[str, Any] | RowProblem:
    if None in row:
        return RowProblem(line, "", "holds more values than the first line names columns.")
    return _from_csv({key: value for key, value in row.items() if value})


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {
        key: row[key]
        for key in ("external_id", "kind", "display_name", "language", "relationship_ended_on")
        if key in row
    }
    if "identifier" in row:
        scheme = row.get("identifier_scheme", "")
        given["identifier"] = {"scheme": scheme, "value": row["identifier"]}
    given["addresses"] = [
        {"kind": kind, "value": row[kind], "is_primary": kind == "email"}
        for kind in ("email", "phone", "postal")
        if kind in row
    ]
    return given


def _record(line: int, row: Any) -> ClientRecord | list[RowProblem]:
    if _has_nul(row):
        return [RowProblem(line, "", "holds the character U+0000: take it out.")]
    try:
        client = _Client.model_validate(row)
    except ValidationError as problem:
        return [
            RowProblem(line, ".".join(map(str, error["loc"])), _mend(error["type"], error["msg"]))
            for error in problem.errors(include_url=False, include_input=False)
        ]
    problems = list(_doubts(line, client))
    return problems or _shape(client)


def _has_nul(value: Any) -> bool:
    """U+0000 anywhere in it: PostgreSQL keeps it in no text."""
    if isinstance(value, dict | list):
        return any(map(_has_nul, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and "\0" in value


def _mend(kind: str, message: str) -> str:
    return UNPLAIN.get(kind) or message[0].lower() + message[1:] + "."


def _doubts(line: int, client: _Client) -> Iterator[RowProblem]:
    checks = {
        IdentifierScheme.EE_PERSONAL_CODE: valid_personal_code,
        IdentifierScheme.EE_REGISTRY_CODE: valid_registry_code,
    }
    found = client.identifier
    if found and found.scheme in checks and not checks[found.scheme](found.value):
        yield RowProblem(line, "identifier.value", "the check digit or the date does not fit.")
    for index, address in enumerate(client.addresses):
        if address.kind is AddressKind.EMAIL and not _is_email(address.value):
            yield RowProblem(line, f"addresses.{index}.value", "is not an e-mail address.")
    for index, contract in enumerate(client.contracts):
        if contract.ends_on and contract.ends_on <= contract.starts_on:
            yield RowProblem(line, f"contracts.{index}.ends_on", "must lie after starts_on.")
    for index, consent in enumerate(client.consents):
        if consent.at > datetime.now(UTC):
            yield RowProblem(line, f"consents.{index}.at", "lies in the future.")


def _is_email(value: str) -> bool:
    local, _, domain = value.rpartition("@")
    return bool(local) and "." in domain and not any(sign in value for sign in " <>,;")


def _shape(client: _Client) -> ClientRecord:
    found = client.identifier
    return ClientRecord(
        external_id=client.external_id,
        kind=client.kind,
        display_name=client.display_name,
        language=client.language,
        identifier=(found.scheme, found.value) if found else None,
        addresses=_addresses(client.addresses),
        representatives=[
            RepresentativeRecord(person.name, person.role, _addresses(person.addresses))
            for person in client.representatives
        ],
        contracts=[
            ContractRecord(contract.number, contract.starts_on, contract.ends_on)
            for contract in client.contracts
        ],
        consents=[
            ConsentRecord(
                consent.purpose,
                consent.kind,
                consent.method,
                consent.at.astimezone(UTC),
                language=consent.language,
            )
            for consent in client.consents
        ],
        relationship_ended_on=client.relationship_ended_on,
    )


def _addresses(rows: list[_Address]) -> list[AddressRecord]:
    return [AddressRecord(row.kind, row.value, row.is_primary) for row in rows]
