"""Statements that hang on each other: rows, what is below them, what is below that.

PostgreSQL gets all of them as one statement: one way to the server, one moment for every
level. SQLite is in this process, so there each is asked after the one above it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from models.database import is_postgres, reader, rows

Row = dict[str, Any]
SEALED = "_sealed"
_MARK = re.compile(r"(IN \?\?|\?)")


class _Keys:
    """Stands among a statement's values where the keys of the rows above go: `IN ??`."""


KEYS = _Keys()


@dataclass(frozen=True, slots=True)
class Link:
    """One statement; each of its KEYS is `column` of the rows of statement `above`."""

    sql: str
    values: Sequence[Any]
    above: int = 0
    column: str = "id"


async def chained(links: Sequence[Link], *, is_alone: bool = False) -> list[list[Row]]:
    """The rows of each; the first hangs on none, every other on one before it.

    `is_alone` says that the answer needs nothing else: one statement has one moment anyway.
    """
    client = reader(is_alone=is_alone)
    if len(links) == 1:
        return [await rows(links[0].sql, links[0].values, client)]
    return await (_at_once if is_postgres(client) else _in_turn)(links, client)


async def _in_turn(links: Sequence[Link], client: Any) -> list[list[Row]]:
    found: list[list[Row]] = []
    for link in links:
        keys = keys_of(found[link.above], link.column) if found else []
        values = [keys if value is KEYS else value for value in link.values]
        found.append(await rows(link.sql, values, client) if keys or not found else [])
    return found


def keys_of(found: Iterable[Row], column: str) -> list[Any]:
    """What these rows name, each once."""
    return list(dict.fromkeys(key for row in found if (key := row[column]) is not None))


async def _at_once(links: Sequence[Link], client: Any) -> list[list[Row]]:
    forms = tuple(
        (link.sql, link.above, link.column, tuple(value is KEYS for value in link.values))
        for link in links
    )
    values = [value for link in links for value in link.values if value is not KEYS]
    (whole,) = await rows(_composed(forms), values, client)
    return [_read(link.sql, whole[f"rows{place}"]) for place, link in enumerate(links)]


def _read(sql: str, found: str | None) -> list[Row]:
    """Instants and days are text then, as SQLite has them; sealed columns are bytes."""
    read: list[Row] = orjson.loads(found) if found else []
    if SEALED in sql:
        for row in read:
            for name, value in row.items():
                if name.endswith(SEALED) and value is not None:
                    row[name] = bytes.fromhex(value.removeprefix("\\x"))
    return read


@lru_cache(maxsize=500)
def _composed(forms: tuple[tuple[str, int, str, tuple[bool, ...]], ...]) -> str:
    """Each statement is computed once; its rows come as JSON, which costs least to send."""
    parts = [f"s{place} AS MATERIALIZED ({_hung(*form)})" for place, form in enumerate(forms)]
    arrays = [f"(SELECT json_agg(x) FROM s{place} x) AS rows{place}" for place in range(len(forms))]
    return f"WITH {', '.join(parts)} SELECT {', '.join(arrays)}"


def _hung(sql: str, above: int, column: str, are_keys: Sequence[bool]) -> str:
    pieces = _MARK.split(sql)
    for place, is_keys in enumerate(are_keys):
        if is_keys:
            pieces[2 * place + 1] = f"= ANY(ARRAY(SELECT {column} FROM s{above}))"
    return "".join(pieces)
