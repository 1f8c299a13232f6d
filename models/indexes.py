"""Indexes that only one database needs, beside those the tables name.

PostgreSQL sorts text by the language of its installation; the search for the start of a name
compares code points, as SQLite does, and needs an index in that order.
"""

from models.database import connection, is_postgres

POSTGRES = ('CREATE INDEX IF NOT EXISTS client_name_start ON client (name_folded COLLATE "C")',)


async def build() -> None:
    """Builds what is missing; the connection is open, outside a transaction."""
    for statement in POSTGRES if is_postgres() else ():
        await connection().execute_script(statement)
