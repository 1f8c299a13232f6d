"""The vocabulary as GraphQL enums, every value described."""

from enum import StrEnum
from typing import Any

import strawberry

from api.types.meanings import MEANINGS
from models.vocabulary import Role


@strawberry.enum(description="Which way a list runs.")
class Direction(StrEnum):
    """Sort direction."""

    ASC = "asc"
    DESC = "desc"


@strawberry.enum(description="What a list of requests is sorted by; ties by id.")
class RequestOrderField(StrEnum):
    """Columns with an index that ends in the id."""

    DUE_ON = "due_on"
    RECEIVED_AT = "received_at"
    UPDATED_AT = "updated_at"


def _publish(enum: type[StrEnum], about: str, values: dict[str, str]) -> None:
    if not hasattr(enum, "__strawberry_definition__"):
        strawberry.enum(enum, description=about)
    definition: Any = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]


for _enum, (_about, _values) in MEANINGS.items():
    _publish(_enum, _about, _values)

_publish(Direction, "Which way a list runs.", {"ASC": "Smallest first.", "DESC": "Largest first."})
_publish(
    RequestOrderField,
    "What a list of requests is sorted by; ties by id.",
    {
        "DUE_ON": "The due date; our own target where there is no statutory one.",
        "RECEIVED_AT": "When our mail server, or a colleague, took the request.",
        "UPDATED_AT": "When the case last changed.",
    },
)

__all__ = ["Direction", "RequestOrderField", "Role"]
