"""Dossier -> JSON for machines: the whole answer, and the part that may be ported (Art. 20).

The shapes are published beside this module as JSON Schema and go into every package.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from models.package.dossier import ConsentStanding, Dossier, LetterIn
from models.package.page import information
from models.policy import CATEGORIES, INSPECTORATE
from models.vocabulary import ActorKind, ConsentMethod, DataCategory, LawfulBasis

DATA_SCHEMA = "data.schema.json"
PORTABLE_SCHEMA = "portability.schema.json"
DATA_ID = "urn:netpro:access-package:1"
PORTABLE_ID = "urn:netpro:portable-data:1"
_PORTABLE_BASES = {LawfulBasis.CONSENT, LawfulBasis.CONTRACT}  # Art. 20(1)(a)
_NOT_SAID_BY_THE_PERSON = {ActorKind.SYSTEM, ActorKind.BOT}
_SAID = {ConsentMethod.MAIL, ConsentMethod.FORM, ConsentMethod.PHONE, ConsentMethod.PAPER}


def schema_text(name: str) -> bytes:
    """One of the two published schemas."""
    return (Path(__file__).parent / name).read_bytes()


def written(value: Any) -> bytes:
    """JSON as a person can also read it: UTF-8, indented, in the order given."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def data(dossier: Dossier) -> dict[str, Any]:
    """The answer as `data.schema.json` describes it."""
    scope = dossier.scope
    found: dict[str, Any] = {
        "schema": DATA_ID,
        "request": scope.reference,
        "language": scope.language.value,
        "builtAt": plain(scope.built_at),
        "rights": plain(scope.types),
        "controller": plain(dossier.controller),
        "redactions": dossier.redactions,
        "files": plain(dossier.files),
    }
    if scope.has_information:
        found["information"] = _information(dossier)
    if scope.has_copy:
        found["data"] = {
            "person": plain(dossier.person),
            "consents": plain(dossier.consents),
            "stops": plain(dossier.stops),
            "requests": plain(dossier.cases),
            "lettersToUs": plain(dossier.letters_in),
            "lettersFromUs": plain(dossier.letters_out),
        }
    return found


def _information(dossier: Dossier) -> dict[str, Any]:
    return {
        "processing": [
            {
                "category": one.category.value,
                "title": one.title,
                "purposes": [
                    {"purpose": text, "basis": basis, "consent": state}
                    for text, basis, state in one.purposes
                ],
                "recipients": list(one.recipients),
                "period": one.period,
                "source": one.source,
                "clauses": list(CATEGORIES[one.category].clauses),
            }
            for one in information(dossier)
        ],
        "disclosures": plain(dossier.disclosures),
        "consultations": plain(dossier.consultations),
        "complaintTo": plain(INSPECTORATE),
    }


def portable(dossier: Dossier) -> dict[str, Any]:
    """What the person provided, under consent or contract, as `portability.schema.json` says."""
    person = dossier.person
    return {
        "schema": PORTABLE_ID,
        "builtAt": plain(dossier.scope.built_at),
        "person": {
            "name": person.name,
            "identifierScheme": plain(person.identifier_scheme),
            "identifier": person.identifier,
            "addresses": [{"kind": one.kind.value, "value": one.value} for one in person.addresses],
        },
        "contracts": plain(person.contracts),
        "consents": [line for one in dossier.consents for line in _said(one)],
        "letters": [_own_letter(one) for one in dossier.letters_in if one.is_own],
        "files": [
            plain(one) for one in dossier.files if is_portable(one.category, one.is_provided)
        ],
    }


def is_portable(category: DataCategory, is_provided: bool) -> bool:
    """Provided by the person, in a category processed under consent or contract (Art. 20(1))."""
    return is_provided and not _PORTABLE_BASES.isdisjoint(CATEGORIES[category].bases)


def _said(standing: ConsentStanding) -> list[dict[str, Any]]:
    return [
        {"purpose": standing.purpose.value, "kind": line.kind.value, "at": plain(line.at)}
        for line in standing.events
        if line.method in _SAID and line.recorded_by not in _NOT_SAID_BY_THE_PERSON
    ]


def _own_letter(letter: LetterIn) -> dict[str, Any]:
    return {
        "receivedAt": plain(letter.received_at),
        "subject": letter.subject,
        "text": letter.text,
        "attachments": plain(letter.attachments),
    }


def plain(value: Any) -> Any:
    """Dataclasses as objects with camelCase names, enums as words, instants in UTC."""
    if is_dataclass(value):
        return {_camel(one.name): plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
