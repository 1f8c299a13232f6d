"""Faults of our own house: the database, the disk, the clock, the mailbox as a whole."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.database import rows
from tests.drill.stage import Stage
from tests.mixture import mixture
from tests.registers import in_use

LOCKED_SECONDS = 8.0  # longer than the bot's busy_timeout
DAY = 86_400


async def database_gone(stage: Stage) -> None:
    """PostgreSQL stops and crashes while letters are fetched and sent; SQLite is locked."""
    stage.deliver()
    async with stage.watched():
        for share, crash in ((0.0, False), (0.3, True), (0.6, False)):
            await stage.decided(share)
            if stage.on_postgres:
                await asyncio.to_thread(stage.postgres.crash if crash else stage.postgres.stop)
                await asyncio.sleep(2)
                await asyncio.to_thread(stage.postgres.start)
            else:
                with locked(stage.file):
                    await asyncio.sleep(LOCKED_SECONDS)
        await stage.quiet()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else's transaction that does not end."""
    with contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def disk_full(stage: Stage) -> None:
    """No file may grow any further, thrice, each time a little later."""
    stage.deliver()
    if stage.on_postgres:
        async with stage.watched():
            for share in (0.0, 0.3, 0.6):
                await stage.decided(share)
                await _no_room(stage)
            await stage.quiet()
        return
    for room in (100_000, 250_000, 500_000):
        most = stage.file.stat().st_size + room
        ended = await stage.once("tests.drill.cramped", str(most))
        assert ended.code in {0, 1}, f"the bot ends with {ended.code} when the disk is full"


async def _no_room(stage: Stage) -> None:
    """The bot's own backends cannot write any more: PostgreSQL panics and recovers."""
    async with in_use(stage.desk.url):
        found = await rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    for row in found:
        await asyncio.to_thread(_cannot_write, row["pid"])
    await asyncio.sleep(3)


def _cannot_write(pid: int) -> None:
    """No file of this process may grow beyond 100 KB; its owner may order that."""
    place = Path(f"/proc/{pid}")
    try:
        owner = place.stat().st_uid if os.getuid() == 0 else None
    except FileNotFoundError:
        return
    command = ["prlimit", f"--pid={pid}", "--fsize=100000:"]
    ended = subprocess.run(command, user=owner, check=False, capture_output=True)
    # one that left meanwhile writes nothing either
    assert not ended.returncode or not place.exists(), ended.stderr.decode()


async def clock_jumps(stage: Stage) -> None:
    """A day ahead in the middle of the work, then right, then an hour behind, then right."""
    quarter = len(stage.letters) // 4
    for n, skew in enumerate((DAY, 0, -3600, 0)):
        last = len(stage.letters) if n == 3 else quarter * (n + 1)
        stage.deliver(stage.letters[quarter * n : last])
        words = ("tests.drill.skewed", str(skew)) if skew else ("mailbot",)
        await stage.killed_after(3.5, *words)
    await stage.once()


async def first_contact(stage: Stage) -> None:
    """A mailbox full of old letters: none is read, none is answered; then the new ones."""
    old = datetime.now(UTC) - timedelta(days=90)
    desk = stage.desk
    before = mixture(10 * len(stage.letters), seed=7, start=1_000_000)
    desk.dovecot.fill(desk.user, [letter.raw for letter in before], received_at=old)
    await stage.once()
    state = await desk.state()
    assert state.fates == {"before_start": len(before)}, f"old letters became {state.fates}"
    stage.deliver()
    flags = desk.flags()
    await stage.once()
    assert desk.flags() == flags, "the bot changed flags"


async def mailbox_recreated(stage: Stage) -> None:
    """UIDVALIDITY changes over all letters, and then they are moved to another folder."""
    stage.deliver()
    await stage.once()
    stage.desk.new_uidvalidity()
    await stage.once()
    stage.desk.move("Arhiiv õ")
