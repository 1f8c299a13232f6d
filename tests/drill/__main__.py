"""`make drill`: every fault, on both databases, as one table; exit code 1 when a row is bad.

Example: python -m tests.drill --letters 60 --only cut, or a soak: --soak 20000 --minutes 30
"""

import asyncio
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.drill.account import Account, account
from tests.drill.desk import LONG_AGO, Desk, State
from tests.drill.faults import FAULTS, Fault, soaking
from tests.drill.link import linked
from tests.drill.stage import Stage
from tests.mixture import Mixed, mixture
from tests.registers import Registers, migrated
from tests.servers import dovecot as dovecots
from tests.servers import postgres as postgreses
from tests.servers import smtp as smtps
from tests.servers.dovecot import Dovecot

LETTERS = 500
MINUTES = 30  # a soak brings no more letters after that
DATABASES = ("SQLite", "PostgreSQL")
COLUMNS = ("drill", "database", "in", "cases", "out", "lost", "doubled", "maybe_sent", "s", "good")
CONSOLE = Console(width=130)


class Drills:
    """The servers, the table so far, and what an undisturbed run gives."""

    def __init__(
        self, dovecot: Dovecot, registers: Registers, folder: Path, letters: list[Mixed]
    ) -> None:
        self.dovecot, self.registers, self.folder = dovecot, registers, folder
        self.letters = letters
        self.undisturbed: State | None = None
        self.bad = 0
        self.table = Table(*COLUMNS, title="Fault drills")

    async def run(self, fault: Fault, database: str) -> None:
        """One fault on one database, to its row."""
        began = time.monotonic()
        place = self.folder / f"{fault.name}-{database}"
        place.mkdir()
        registers = self.registers
        url = registers.sqlite(place) if database == "SQLite" else registers.postgres()
        async with smtps.running() as sink, linked(self.dovecot.port) as link:
            start_at = None if fault.from_contact else LONG_AGO
            user = f"{fault.name}{database}".lower()
            more = {"ERASURE_LOG": str(place / "erasure.log")}
            desk = Desk(self.dovecot, user, sink, url, start_at, more)
            stage = Stage(desk, link, registers.server, self.letters)
            wrong = await _played(stage, fault)
            compared = self.undisturbed if len(stage.delivered) == len(self.letters) else None
            result = await account(desk, stage.delivered, compared, forgotten=fault.forgets)
        if self.undisturbed is None and fault.name == "none":
            self.undisturbed = result.state
        self._row(fault, database, result, [*wrong, *result.wrong], time.monotonic() - began)
        if stage.happened:
            _tell_soak(stage, result, time.monotonic() - began)

    def _row(
        self, fault: Fault, database: str, result: Account, wrong: list[str], seconds: float
    ) -> None:
        if result.maybe_sent and not fault.doubtful:
            wrong.append("letters are doubtful without a reason")
        self.bad += bool(wrong)
        numbers = (result.letters, result.cases, result.out, result.lost, result.doubled)
        cells = [fault.words, database, *map(str, numbers), str(result.maybe_sent)]
        self.table.add_row(*cells, f"{seconds:.0f}", "NO" if wrong else "yes")
        CONSOLE.print(" · ".join([*cells, f"{seconds:.0f} s", *(wrong or ["good"])]))


async def _played(stage: Stage, fault: Fault) -> list[str]:
    """The fault, and then the way back; what went wrong, in sentences."""
    try:
        async with asyncio.timeout(fault.seconds):
            await fault.happens(stage)
            stage.heal()
            wrong = await stage.finish()
            wrong += await fault.holds(stage) if fault.holds and not wrong else []
    except TimeoutError:
        return [f"not over after {fault.seconds:.0f} s"]
    except AssertionError as problem:
        return [str(problem)]
    except Exception as problem:  # a fault of the drill itself must not cost the other rows
        return [f"the drill fails: {problem!r}"]
    return wrong + [f"a traceback: {said[-300:]}" for said in stage.said if "Traceback" in said]


def _tell_soak(stage: Stage, result: Account, seconds: float) -> None:
    """Which faults there were, and how fast it went all the same."""
    faults = ", ".join(f"{name} {times}" for name, times in sorted(stage.happened.items()))
    CONSOLE.print(f"faults: {faults}; the bot was started {stage.starts} times")
    CONSOLE.print(f"{result.letters / seconds:.1f} letters a second, bot {stage.peak:.0f} MB")


def _chosen(arguments: Namespace) -> list[Fault]:
    """The undisturbed run comes first: all others are compared with it."""
    if arguments.soak:
        return [soaking(arguments.minutes)]
    only = tuple(arguments.only or [""])
    return [fault for fault in FAULTS if fault.name.startswith((*only, "none"))]


async def main(arguments: Namespace) -> int:
    """The table; 1 when a row is not good."""
    chosen = _chosen(arguments)
    with (
        dovecots.running() as dovecot,
        postgreses.running() as postgres,
        tempfile.TemporaryDirectory(prefix="drill-") as folder,
    ):
        registers = await migrated(postgres, Path(folder))
        drills = Drills(
            dovecot, registers, Path(folder), mixture(arguments.soak or arguments.letters)
        )
        for fault in chosen:
            for database in DATABASES:
                if database in arguments.database:
                    await drills.run(fault, database)
    CONSOLE.print(drills.table)
    return int(drills.bad > 0)


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.drill", description=__doc__)
    names = ", ".join(fault.name for fault in FAULTS)
    parser.add_argument("--letters", type=int, default=LETTERS, help="letters in each drill")
    parser.add_argument("--only", action="append", help=f"names beginning so; repeatable: {names}")
    parser.add_argument("--database", action="append", choices=DATABASES, help="default: both")
    parser.add_argument("--soak", type=int, metavar="N", help="instead: N letters, random faults")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="longest soak a database")
    arguments = parser.parse_args()
    arguments.database = arguments.database or list(DATABASES)
    return arguments


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_arguments())))
