"""Scalars of the schema: UTC instants, calendar days, e-mail addresses, JSON."""

import re
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339"
EmailAddress = NewType("EmailAddress", str)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})\Z")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\Z")
_ADDRESS_MAX = 320


def _say_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _INSTANT.match(value):
        raise GraphQLError("DateTime is an instant with a zone, like 2026-03-05T22:30:00Z.")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("This DateTime does not exist.") from None


def _read_day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.match(value):
        raise GraphQLError("Date is a calendar day, like 2026-03-05.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise GraphQLError("This Date does not exist.") from None


def _read_address(value: Any) -> EmailAddress:
    if not isinstance(value, str) or len(value) > _ADDRESS_MAX or not _ADDRESS.match(value.strip()):
        raise GraphQLError("This is no e-mail address.")
    return EmailAddress(value.strip())


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="UTC instant, RFC 3339 with Z.",
        specified_by_url=RFC3339,
        serialize=_say_instant,
        parse_value=_read_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description="Calendar day without a zone; legal deadlines are days.",
        specified_by_url=RFC3339,
        serialize=date.isoformat,
        parse_value=_read_day,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5322",
        serialize=str,
        parse_value=_read_address,
    ),
}

__all__ = ["JSON", "SCALARS", "EmailAddress"]
