"""Tables of the mail side, each with the machine's load beside it."""

import asyncio
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from rich.table import Table
from tortoise.backends.base.executor import EXECUTOR_CACHE

from mailbot.classify import classify, load
from mailbot.demo.samples import letters
from mailbot.headers import OwnMail
from mailbot.letter import read
from tests.bench.apis import loaded
from tests.bench.intake import Intake, idle_latency, intake, one_letter
from tests.drill.desk import sqlite_url
from tests.servers import dovecot as dovecots
from tests.servers import postgres as postgreses
from tests.servers.dovecot import Dovecot

DATABASES = ("SQLite", "PostgreSQL")
IDLE_LETTERS = 15
MEGABYTES = (0, 23, 50)  # of one letter: short, just under the cap of 25,000,000 bytes, over it


def reading() -> Table:
    """Milliseconds a letter for reading and classifying, and what the models cost."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    load()
    loading = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    own = OwnMail("info@netpro.ee", "info@netpro.ee", "demo.netpro.example")
    found = [read(sample.raw, own=own) for sample in letters()]
    waits: list[float] = []
    for _ in range(20):
        for one in found:
            began = time.perf_counter()
            classify(one.subject, one.text, one.new_spans, one.flags)
            waits.append((time.perf_counter() - began) * 1000)
    table = Table(
        "load s", "grown MB", "ms mean", "ms median", "ms p99", title="Classifier, one process"
    )
    mean, p99 = sum(waits) / len(waits), quantiles(waits, n=100)[98]
    cells = (f"{mean:.2f}", f"{median(waits):.2f}", f"{p99:.2f}")
    table.add_row(f"{loading:.2f}", f"{grown:.0f}", *cells)
    return loaded(table)


@contextmanager
def _servers() -> Iterator[tuple[Dovecot, Callable[[str], str]]]:
    """A Dovecot, and a way to a fresh register on either database."""
    with (
        dovecots.running() as dovecot,
        postgreses.running() as postgres,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):

        def fresh(database: str) -> str:
            EXECUTOR_CACHE.clear()
            place = Path(tempfile.mkdtemp(dir=folder))
            return sqlite_url(place) if database == "SQLite" else postgres.create_database()

        yield dovecot, fresh


def intakes(sizes: Sequence[int]) -> Table:
    """Letters a second with start of the process and sending; memory of bot and child."""
    table = Table(
        "database", "letters", "seconds", "letters/s", "decided/s", "processor ms a letter",
        "MB after so many letters", "MB at most", "letters out",
        title="Intake: Dovecot → register → SMTP, durable",
    )  # fmt: skip
    with _servers() as (dovecot, fresh):
        for size in sizes:
            for name in DATABASES:
                user = f"{name.lower()}{size}"
                done = asyncio.run(intake(fresh(name), dovecot, user, size))
                table.add_row(name, str(size), *_cells(done))
    return loaded(table)


def _cells(done: Intake) -> tuple[str, ...]:
    marks = ", ".join(f"{count:,}: {megabytes:.0f}" for count, megabytes in done.marks.items())
    return (
        f"{done.seconds:.1f}",
        f"{done.letters / done.seconds:.0f}",
        f"{done.letters / done.deciding:.0f}",
        f"{done.processor / done.letters * 1000:.1f}",
        marks,
        f"{done.megabytes:.0f}",
        str(done.sent),
    )


def idle() -> Table:
    """How long a writer waits for the acknowledgement while the bot has nothing else to do."""
    table = Table(
        "database", "letters", "median s", "worst s", title="Delivery to acknowledgement, idle"
    )
    with _servers() as (dovecot, fresh):
        for name in DATABASES:
            user = f"idle{name.lower()}"
            waits = asyncio.run(idle_latency(fresh(name), dovecot, user, IDLE_LETTERS))
            table.add_row(name, str(len(waits)), f"{median(waits):.2f}", f"{max(waits):.2f}")
    return loaded(table)


def huge() -> Table:
    """What one big letter costs beside a short one; bot and child together, at most."""
    table = Table("database", "letter", "MB at most", "MB more", title="Memory for one letter")
    with _servers() as (dovecot, fresh):
        for name in DATABASES:
            least = 0.0
            for megabytes in MEGABYTES:
                user = f"huge{name.lower()}{megabytes}"
                most = asyncio.run(one_letter(fresh(name), dovecot, user, megabytes))
                least = least or most
                words = f"{megabytes} MB" if megabytes else "short"
                table.add_row(name, words, f"{most:.0f}", f"{most - least:.0f}")
    return loaded(table)
