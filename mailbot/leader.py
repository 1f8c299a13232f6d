"""Which of several bots watches the mailbox (PostgreSQL); on SQLite there is only one.

A session advisory lock on a connection of its own: when the leader dies, the server drops
the lock with its connection, and a stand-by takes over within its next look.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from models.database import CONNECTION, config

log = logging.getLogger(__name__)

WATCH_LOCK = 0x4E50_0002
LOOK_SECONDS = 5.0


@asynccontextmanager
async def leading(url: str) -> AsyncIterator[asyncio.Event]:
    """Waits until this bot leads; the event is set when the lead is lost."""
    lost = asyncio.Event()
    credentials = config(url)["connections"][CONNECTION]["credentials"]
    if "file_path" in credentials:
        yield lost
        return
    connection = await asyncpg.connect(
        host=credentials["host"],
        port=credentials["port"],
        user=credentials["user"],
        password=credentials["password"],
        database=credentials["database"],
    )
    connection.add_termination_listener(lambda _: lost.set())
    try:
        waited = False
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", WATCH_LOCK):
            if not waited:
                log.info("another bot watches the mailbox: standing by")
            waited = True
            await asyncio.sleep(LOOK_SECONDS)
        yield lost
    finally:
        with contextlib.suppress(asyncpg.PostgresError, OSError, asyncpg.InterfaceError):
            await connection.close(timeout=2)
