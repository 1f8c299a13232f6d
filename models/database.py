"""One connection to the register: SQLite for one machine, PostgreSQL for more.

Failure semantics: an unreachable or unusable database is a DatabaseProblem with one
sentence that names DATABASE_URL and never its password.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.exceptions import (
    BaseORMException,
    ConfigurationError,
    DBConnectionError,
    IncompleteInstanceError,
    IntegrityError,
    NotExistOrMultiple,
    NoValuesFetched,
    ValidationError,
)

from models.postgres_pool import PooledPostgresClient, Snapshot

APP = "models"
CONNECTION = "register"
POSTGRES_DEFAULTS = {"minsize": 1, "maxsize": 8, "statement_cache_size": 200, "command_timeout": 5}

# somebody else was faster: a deadlock, or the same row written twice; once more will do
OUTRUN = (IntegrityError, asyncpg.TransactionRollbackError)
_OF_VALUES = (
    ValidationError,
    IntegrityError,
    OverflowError,
    sqlite3.DataError,
    asyncpg.DataError,
    asyncpg.ProgramLimitExceededError,
)
# raised by the mapper about what our own rules asked of it
_OF_RULES = (NotExistOrMultiple, NoValuesFetched, IncompleteInstanceError)
_OF_SERVERS = (
    BaseORMException,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    MemoryError,
)


class DatabaseProblem(Exception):
    """The database cannot be used; the message says what to do."""


def config(url: str, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Tortoise's configuration for a DATABASE_URL; creates the folder of a SQLite file."""
    kind = urlsplit(url).scheme
    if kind not in {"sqlite", "postgres", "postgresql"}:
        raise DatabaseProblem("DATABASE_URL must begin with sqlite:// or postgres://.")
    try:
        connection = expand_db_url(url.replace("postgresql://", "postgres://", 1))
    except ConfigurationError as problem:
        raise DatabaseProblem(f"DATABASE_URL cannot be read: {problem}.") from problem
    credentials = connection["credentials"]
    if kind == "sqlite":
        connection["engine"] = "models.sqlite_immediate"
        credentials.setdefault("busy_timeout", 5000)
        credentials["foreign_keys"] = "ON" if foreign_keys else "OFF"
        _make_room(Path(credentials["file_path"]))
    else:
        connection["engine"] = "models.postgres_pool"
        for name, value in POSTGRES_DEFAULTS.items():
            credentials[name] = type(value)(credentials.get(name, value))
        credentials["reset"] = _as_it_is
    return {
        "connections": {CONNECTION: connection},
        "apps": {
            APP: {
                "models": ["models.tables"],
                "default_connection": CONNECTION,
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _make_room(file: Path) -> None:
    """The folder of a SQLite file, made when it is missing. Raises DatabaseProblem."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise DatabaseProblem(
            f"DATABASE_URL: the folder {file.parent} cannot be made ({problem.strerror})."
        ) from problem
    if file.is_dir():
        raise DatabaseProblem(f"DATABASE_URL: {file} is a folder: name a file in it.")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[BaseDBAsyncClient]:
    """The register, open for one process; says so when migrations are missing."""
    await Tortoise.init(config=config(url), _enable_global_fallback=True)
    try:
        await _check()
        yield connection()
    finally:
        await Tortoise.close_connections()


async def _check() -> None:
    try:
        await connection().execute_query("SELECT 1")
        await connection().execute_query("SELECT count(*) FROM heartbeat")
    except (TimeoutError, OSError, DBConnectionError) as problem:
        raise DatabaseProblem(
            "The database of DATABASE_URL cannot be reached: is the server running, "
            f"are host, port, user and password right? ({type(problem).__name__})"
        ) from problem
    except BaseORMException as problem:
        if "heartbeat" in str(problem):
            raise DatabaseProblem(
                "The database has no tables yet: run `python -m models migrate`."
            ) from problem
        raise DatabaseProblem(
            f"The database of DATABASE_URL cannot be used ({type(problem).__name__})."
        ) from problem
    except Exception as problem:  # asyncpg raises its own tree for a refused login or database
        raise DatabaseProblem(
            "The database of DATABASE_URL refused us: check user, password and database name "
            f"({type(problem).__name__})."
        ) from problem


def connection() -> BaseDBAsyncClient:
    """The current connection: the open transaction's, else the pool's."""
    return get_connection(CONNECTION)


def snapshot() -> AbstractAsyncContextManager[Any]:
    """What is read inside belongs to one moment, whatever others commit meanwhile.

    For reading only, and not within a transaction. On PostgreSQL it opens with the first
    statement that is not all there is to read.
    """
    client: Any = connection()
    found: AbstractAsyncContextManager[Any] = client.snapshot()
    return found


async def at_hand() -> None:
    """Opens the snapshot we are in, so that nothing read in it waits for a connection."""
    client = connection()
    if isinstance(client, Snapshot):
        async with client.acquire_connection():
            pass


def is_postgres(client: Any = None) -> bool:
    """Which dialect is in use."""
    return bool((client or connection()).capabilities.dialect == "postgres")


def reader(*, is_alone: bool = False) -> Any:
    """Whom the next statement asks; `is_alone` says that a snapshot has nothing else to read."""
    client: Any = connection()
    return client.unopened if is_alone and isinstance(client, Snapshot) else client


async def rows(sql: str, values: Sequence[Any] = (), client: Any = None) -> list[dict[str, Any]]:
    """One SQL statement; `?` marks a value on both databases, `IN ??` a list of them.

    The text is the same however long the list is, so the database prepares it once.
    `client` is a `reader` already at hand.
    """
    client = client or reader()
    if is_postgres(client):
        return await _fetch(client, numbered(sql), values)
    given = [json.dumps(one) if isinstance(one, list) else one for one in values]
    return await _fetch(client, sql.replace("IN ??", "IN (SELECT value FROM json_each(?))"), given)


def decoded(value: Any) -> Any:
    """A JSON column, which SQLite and PostgreSQL both give as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


async def _fetch(client: Any, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    # tortoise's own way to the server costs as much as a small statement
    if isinstance(client, Snapshot):
        async with client.acquire_connection() as server:
            return [dict(row) for row in await server.fetch(sql, *values)]
    if isinstance(client, PooledPostgresClient):
        return [dict(row) for row in await client.fetch(sql, values)]
    found: list[dict[str, Any]] = await client.execute_query_dict(sql, list(values))
    return found


def is_unwell(problem: BaseException) -> bool:
    """Whether the database, or this machine, cannot work now: gone, full, locked, out of memory.

    False when it is well but will not have a value, and for whatever our own rules raise:
    it would be no better next time.
    """
    if isinstance(problem, _OF_VALUES + _OF_RULES) or isinstance(problem.__cause__, _OF_VALUES):
        return False
    return isinstance(problem, _OF_SERVERS) and not isinstance(problem, ValueError | LookupError)


@lru_cache(maxsize=1000)
def numbered(sql: str) -> str:
    """`?` placeholders as PostgreSQL's $1, $2 …; our SQL has no `?` in literals."""
    first, *rest = sql.replace("IN ??", "= ANY(?)").split("?")
    return first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))


async def _as_it_is(_: Any) -> None:
    """We set nothing on a connection: clearing it after each statement would double them."""
