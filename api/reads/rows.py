"""Values as both databases give them, as Python values; small SQL pieces."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson

Row = dict[str, Any]


def instant(value: Any) -> datetime:
    """An instant in UTC: PostgreSQL gives datetimes, SQLite text."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def instant_or_none(value: Any) -> datetime | None:
    """None stays None."""
    return None if value is None else instant(value)


def day(value: Any) -> date:
    """A calendar day: PostgreSQL gives dates, SQLite text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_or_none(value: Any) -> date | None:
    """None stays None."""
    return None if value is None else day(value)


def listed(value: Any) -> Any:
    """A JSON column: text on both databases unless the driver decoded it."""
    return orjson.loads(value) if isinstance(value, (str, bytes)) else value


def marks(values: Sequence[Any]) -> str:
    """`(?, ?, ?)` for an IN; an empty list matches nothing."""
    return "(" + ", ".join("?" * len(values)) + ")" if values else "(NULL)"


def grouped(found: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows by the value of one column, in their order."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[column]].append(row)
    return groups
