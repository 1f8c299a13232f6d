"""`make drill`: every fault at full size, on both databases, as one table."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tortoise.backends.base.executor import EXECUTOR_CACHE

from models.migrate import migrate
from tests.drill.desk import Desk, sqlite_url
from tests.drill.kills import kill_again_and_again
from tests.mixture import mixture
from tests.servers import dovecot as dovecots
from tests.servers import postgres as postgreses
from tests.servers import smtp as smtps
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres

OLD_LETTERS = 5000
LETTERS = 1000
KILLS = 10
CONSOLE = Console(width=140)


@contextmanager
def _urls(postgres: Postgres, label: str) -> Iterator[list[tuple[str, str]]]:
    with tempfile.TemporaryDirectory(prefix=f"drill-{label}-") as folder:
        yield [
            ("SQLite", sqlite_url(Path(folder))),
            ("PostgreSQL", postgres.create_database()),
        ]


async def _migrated(url: str) -> None:
    EXECUTOR_CACHE.clear()
    await migrate(url)
    EXECUTOR_CACHE.clear()


async def first_contact(dovecot: Dovecot, postgres: Postgres, table: Table) -> None:
    """An old mailbox, then new letters, then a second run that must change nothing."""
    with _urls(postgres, "contact") as urls:
        for name, url in urls:
            await _migrated(url)
            async with smtps.running() as sink:
                desk = Desk(dovecot, f"contact{name.lower()}", sink, url, start_at=None)
                old = datetime.now(UTC) - timedelta(days=90)
                dovecot.fill(desk.user, [one.raw for one in mixture(OLD_LETTERS)], received_at=old)
                await desk.once()
                before = await desk.state()
                silent = not sink.letters and before.fates == {"before_start": OLD_LETTERS}
                _row(
                    table, f"first contact, {OLD_LETTERS} old letters", name, before, 0, {}, silent
                )
                letters = mixture(LETTERS, seed=99, start=OLD_LETTERS)
                dovecot.fill(desk.user, [one.raw for one in letters])
                flags = desk.flags()
                began = time.perf_counter()
                await desk.once()
                seconds = time.perf_counter() - began
                state, sent = await desk.state(), len(sink.letters)
                await desk.once()
                same = await desk.state() == state and len(sink.letters) == sent
                good = same and desk.flags() == flags and not desk.strangers(letters)
                label = f"then {LETTERS} new ({seconds:.0f} s), then again"
                _row(table, label, name, state, sent, desk.doubled(), good)
                checked = await desk.check()
                CONSOLE.print(f"models check on {name}: exit {checked.code} {checked.out.strip()}")


async def killed(dovecot: Dovecot, postgres: Postgres, table: Table) -> None:
    """kill -9 at ten random moments, restarted each time."""
    with _urls(postgres, "kill") as urls:
        for name, url in urls:
            await _migrated(url)
            async with smtps.running() as sink:
                desk = Desk(dovecot, f"kill{name.lower()}", sink, url)
                result = await kill_again_and_again(desk, LETTERS, KILLS, seed=5)
                good = result.lost == 0 and not result.strangers
                label = f"{KILLS} × kill -9 during {LETTERS} letters"
                _row(table, label, name, result.state, result.sent, result.doubled, good)


def _row(
    table: Table,
    label: str,
    name: str,
    state: object,
    sent: int,
    doubled: dict[str, int],
    good: bool,
) -> None:
    fates = getattr(state, "fates", {})
    letters = getattr(state, "letters", {})
    table.add_row(
        label,
        name,
        str(sum(fates.values())),
        str(getattr(state, "cases", 0)),
        str(sent),
        str(fates.get("stored", 0)),
        str(len(doubled)),
        str(letters.get("maybe_sent", 0)),
        "yes" if good and not doubled else "NO",
    )
    CONSOLE.print(f"{label} on {name}: {dict(fates)} letters {dict(letters)}")


async def main() -> int:
    """The table; exit code 1 when a row is not good."""
    table = Table(title="Fault drills")
    for column in ("drill", "database", "in", "cases", "out", "lost", "doubled", "maybe", "good"):
        table.add_column(column)
    with dovecots.running() as dovecot, postgreses.running() as postgres:
        await first_contact(dovecot, postgres, table)
        await killed(dovecot, postgres, table)
    CONSOLE.print(table)
    return int("NO" in [str(cell) for cell in table.columns[-1].cells])


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
