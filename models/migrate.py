"""Bringing a database up to date: one list of migrations for SQLite and PostgreSQL.

SQLite rebuilds a table by copying and dropping it: with foreign keys on, children would
vanish. They are off while migrating, and row counts are compared before and after.
"""

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as apply

from models.acts.seed import seed
from models.database import CONNECTION, DatabaseProblem, config
from models.indexes import build
from models.triggers import install


async def migrate(url: str) -> None:
    """Applies what is missing and writes the fixed rows; DatabaseProblem when it cannot."""
    try:
        before = await _counts(url)
        await apply(config=config(url, foreign_keys=False))
        await Tortoise.close_connections()
        after = await _counts(url)
    except DatabaseProblem:
        raise
    except OSError as problem:
        raise DatabaseProblem(
            "The database of DATABASE_URL cannot be reached: is the server running?"
        ) from problem
    lost = [name for name, count in before.items() if after.get(name, 0) < count]
    if lost:
        raise DatabaseProblem(
            f"The migration lost rows in {', '.join(lost)}: restore the backup and report it."
        )
    await Tortoise.init(config=config(url))
    try:
        await seed()
        await install()
        await build()
    finally:
        await Tortoise.close_connections()


async def _counts(url: str) -> dict[str, int]:
    """Rows per table that exists."""
    await Tortoise.init(config=config(url))
    try:
        client = get_connection(CONNECTION)
        if client.capabilities.dialect == "postgres":
            listing = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        else:
            listing = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        names = [row["name"] for row in await client.execute_query_dict(listing)]
        counts = {}
        for name in names:
            found = await client.execute_query_dict(f'SELECT count(*) AS n FROM "{name}"')
            counts[name] = found[0]["n"]
        return counts
    finally:
        await Tortoise.close_connections()
