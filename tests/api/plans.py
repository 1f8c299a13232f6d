"""What the database means to do for a statement: which tables it would read from end to end."""

import json
import re
from collections.abc import Sequence
from typing import Any

from models.database import connection, is_postgres, rows

SCAN = re.compile(r"^SCAN (\w+)(?! .*USING (?:COVERING )?INDEX)")


async def scanned(sql: str, values: Sequence[Any]) -> set[str]:
    """Tables of a statement, as it is sent, that are read whole and past every index."""
    return await (_in_postgres if is_postgres() else _in_sqlite)(sql, values)


async def _in_postgres(sql: str, values: Sequence[Any]) -> set[str]:
    pool: Any = connection()
    found: set[str] = set()
    async with pool.acquire_connection() as client:
        for mode in ("force_custom_plan", "force_generic_plan"):
            # the server turns to one plan for all values when a statement comes again and again
            async with client.transaction():
                await client.execute(f"SET LOCAL plan_cache_mode = {mode}")
                # some thousand rows are planned like many more: reading by index costs little
                await client.execute("SET LOCAL random_page_cost = 1.1")
                (plan,) = await client.fetchrow(f"EXPLAIN (FORMAT JSON) {sql}", *values)
            found |= set(_scans(json.loads(plan)[0]["Plan"]))
    return found


def _scans(plan: Any) -> list[str]:
    below = [table for inner in plan.get("Plans", ()) for table in _scans(inner)]
    own = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return own + below


async def _in_sqlite(sql: str, values: Sequence[Any]) -> set[str]:
    steps = await connection().execute_query_dict(f"EXPLAIN QUERY PLAN {sql}", list(values))
    names = [found[1] for step in steps if (found := SCAN.match(step["detail"]))]
    named = re.findall(r"(?i)\b(?:from|join)\s+(\w+)\s+(?:as\s+)?(\w+)", sql)
    tables: dict[str, str] = {alias: table for table, alias in named}
    return {tables.get(name, name) for name in names}


async def big_tables(least: int) -> set[str]:
    """Tables with at least so many rows."""
    if is_postgres():
        found = await rows(
            "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples >= ?", [least]
        )
        return {row["name"] for row in found}
    names = await rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    counts = {
        row["name"]: (await rows(f'SELECT count(*) AS n FROM "{row["name"]}"'))[0]["n"]
        for row in names
    }
    return {name for name, count in counts.items() if count >= least}
