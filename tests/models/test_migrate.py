"""The list of migrations and the tables say the same, on both databases."""

from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection

from models.database import CONNECTION, config, rows
from models.migrate import migrate
from models.tables import ConsentPurpose
from tests.registers import in_use
from tests.servers.postgres import Postgres

COLUMNS = {
    "postgres": (
        "SELECT table_name AS t, column_name AS c, is_nullable AS n"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'tortoise_migrations'"
    ),
    "sqlite": (
        'SELECT m.name AS t, p.name AS c, p."notnull" AS n FROM sqlite_master m,'
        " pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        " AND m.name <> 'tortoise_migrations'"
    ),
}
INDEXES = {
    "postgres": "SELECT tablename AS t, indexname AS i FROM pg_indexes WHERE schemaname = 'public'",
    "sqlite": "SELECT tbl_name AS t, name AS i FROM sqlite_master WHERE type = 'index'",
}


async def _shape() -> tuple[set[tuple[str, ...]], set[str]]:
    dialect = get_connection(CONNECTION).capabilities.dialect
    columns = await rows(COLUMNS[dialect])
    indexes = await rows(INDEXES[dialect])
    named = {row["i"] for row in indexes if not row["t"].startswith("tortoise")}
    ours = {name for name in named if not name.startswith(("sqlite_", "idx_", "uid_", "uidx_"))}
    return {tuple(map(str, row.values())) for row in columns}, {
        name for name in ours if not name.endswith(("_pkey", "_key"))
    }


async def _fresh(url: str) -> tuple[set[tuple[str, ...]], set[str]]:
    EXECUTOR_CACHE.clear()
    await Tortoise.init(config=config(url))
    try:
        await Tortoise.generate_schemas()
        return await _shape()
    finally:
        await Tortoise.close_connections()


async def test_migrations_build_what_the_tables_say(register_url: str, postgres: Postgres) -> None:
    fresh_url = (
        f"{register_url}.fresh" if register_url.startswith("sqlite") else postgres.create_database()
    )
    fresh_columns, fresh_indexes = await _fresh(fresh_url)
    async with in_use(register_url):
        columns, indexes = await _shape()
    assert columns == fresh_columns
    assert fresh_indexes <= indexes


async def test_a_second_migration_changes_nothing(register_url: str) -> None:
    async with in_use(register_url):
        before = await ConsentPurpose.all().count()
    EXECUTOR_CACHE.clear()
    await migrate(register_url)
    async with in_use(register_url):
        assert await ConsentPurpose.all().count() == before == 4
