"""Which bots live, and which one watches the mailbox.

On PostgreSQL a bot holds a session advisory lock with its number on a connection of its
own, and the leader one more. When a bot dies, the server drops both with its connection: its
letters are known to be lost at once, and a stand-by takes the lead within its next look.
On SQLite one bot works at a time: it holds a lock on a file beside the database, which the
system drops with the process; another bot waits before it does anything.

A replay holds a lock as well, one of the mailbox shared with others of the mailbox: what one that
was cut off left undecided is taken over by the bot that leads, once no replay is at work.
"""

import asyncio
import contextlib
import fcntl
import logging
import random
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

import asyncpg

from models.database import CONNECTION, config

log = logging.getLogger(__name__)

WATCH_LOCK = 0x4E50_0002
REPLAY_LOCK = 0x4E50_0003
BOTS = 0x4E50  # first half of every bot's lock; the second is its number
LOOK_SECONDS = 5.0
MAX_NUMBER = 2**31 - 1


class Presence:
    """This bot among others: `number` marks what it claims, `lost` is set with its locks."""

    def __init__(self, connection: asyncpg.Connection | None) -> None:
        self.number = random.randint(1, MAX_NUMBER)  # noqa: S311 - a name, not a secret
        self.lost = asyncio.Event()
        self._connection = connection
        self._turn = asyncio.Lock()  # one statement at a time on one connection

    async def announce(self) -> None:
        """Takes the lock that says: this number lives."""
        if self._connection is None:
            return
        self._connection.add_termination_listener(lambda _: self.lost.set())
        await self._connection.execute("SELECT pg_advisory_lock($1, $2)", BOTS, self.number)

    async def live(self) -> Collection[int]:
        """Numbers of the bots that live now, this one among them."""
        if self._connection is None:
            return (self.number,)
        async with self._turn:
            found = await self._connection.fetch(
                "SELECT objid::bigint AS number FROM pg_locks WHERE locktype = 'advisory'"
                " AND classid = $1::bigint::oid AND objsubid = 2 AND granted",
                BOTS,
            )
        return [row["number"] for row in found]

    async def lead(self) -> None:
        """Returns once this bot watches the mailbox; the others stand by."""
        waited = False
        while not await self._is_leader():
            if not waited:
                log.info("another bot watches the mailbox: standing by")
            waited = True
            await asyncio.sleep(LOOK_SECONDS)

    async def _is_leader(self) -> bool:
        if self._connection is None:
            return True
        async with self._turn:
            sql = "SELECT pg_try_advisory_lock($1)"
            return bool(await self._connection.fetchval(sql, WATCH_LOCK))


@asynccontextmanager
async def _alone(database: Path) -> AsyncIterator[None]:
    with database.with_name(database.name + ".bot").open("w") as lock:
        await _take(lock, fcntl.LOCK_EX)
        yield


async def _take(lock: IO[str], how: int) -> None:
    waited = False
    while not _taken(lock, how):
        if not waited:
            log.info("another process works on this database: standing by")
        waited = True
        await asyncio.sleep(LOOK_SECONDS)


def _taken(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@asynccontextmanager
async def present(url: str) -> AsyncIterator[Presence]:
    """A bot comes, and goes; `url` is DATABASE_URL."""
    credentials = config(url)["connections"][CONNECTION]["credentials"]
    if "file_path" in credentials:
        async with _alone(Path(credentials["file_path"])):
            yield Presence(None)
        return
    async with _session(credentials) as connection:
        presence = Presence(connection)
        await presence.announce()
        yield presence


@asynccontextmanager
async def _session(credentials: Mapping[str, Any]) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own: its locks go with it."""
    connection = await asyncpg.connect(
        host=credentials["host"],
        port=credentials["port"],
        user=credentials["user"],
        password=credentials["password"],
        database=credentials["database"],
    )
    try:
        yield connection
    finally:
        with contextlib.suppress(asyncpg.PostgresError, OSError, asyncpg.InterfaceError):
            await connection.close(timeout=2)


@asynccontextmanager
async def replay_at_work(url: str, *, alone: bool = False) -> AsyncIterator[None]:
    """A replay begins, and ends; it waits while a bot takes over what another one left.

    `alone` keeps other replays out as well: letters of files are numbered in turn.
    """
    credentials = config(url)["connections"][CONNECTION]["credentials"]
    if "file_path" not in credentials:
        async with _session(credentials) as connection:
            take = "pg_advisory_lock" if alone else "pg_advisory_lock_shared"
            await connection.execute(f"SELECT {take}($1)", REPLAY_LOCK)
            yield
        return
    with _lock_file(credentials).open("w") as lock:
        await _take(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


@asynccontextmanager
async def no_replay_at_work(url: str) -> AsyncIterator[bool]:
    """Whether no replay is at work; then none begins before the end of the block."""
    credentials = config(url)["connections"][CONNECTION]["credentials"]
    if "file_path" not in credentials:
        async with _session(credentials) as connection:
            sql = "SELECT pg_try_advisory_lock($1)"
            yield bool(await connection.fetchval(sql, REPLAY_LOCK))
        return
    with _lock_file(credentials).open("w") as lock:
        yield _taken(lock, fcntl.LOCK_EX)


def _lock_file(credentials: Mapping[str, Any]) -> Path:
    database = Path(credentials["file_path"])
    return database.with_name(database.name + ".replay")
