"""`make bench`: intake on both databases, idle latency, the classifier, as tables."""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table
from tortoise.backends.base.executor import EXECUTOR_CACHE

from mailbot.classify import classify, load
from mailbot.demo.samples import letters
from mailbot.headers import OwnMail
from mailbot.letter import read
from tests.bench import apis
from tests.bench.floods import floods
from tests.bench.intake import idle_latency, intake
from tests.bench.npm import PeerMissing, installed
from tests.drill.desk import sqlite_url
from tests.servers import dovecot as dovecots
from tests.servers import postgres as postgreses

SIZES = (1000,)
IDLE_LETTERS = 15


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
    table = Table(title="Classifier, one process")
    for column in ("load s", "grown MB", "ms mean", "ms median", "ms p99"):
        table.add_column(column)
    mean = sum(waits) / len(waits)
    p99 = quantiles(waits, n=100)[98]
    table.add_row(
        f"{loading:.2f}", f"{grown:.0f}", f"{mean:.2f}", f"{median(waits):.2f}", f"{p99:.2f}"
    )
    return table


def intakes() -> Table:
    """Letters a second with start of the process and sending; peak of bot and child."""
    table = Table(title="Intake: Dovecot → register → SMTP, durable")
    columns = (
        "database",
        "letters",
        "seconds",
        "letters/s",
        "decided/s",
        "peak MB",
        "letters out",
        "idle",
    )
    for column in columns:
        table.add_column(column)
    with (
        dovecots.running() as dovecot,
        postgreses.running() as postgres,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        for size in SIZES:
            for name in ("SQLite", "PostgreSQL"):
                place = Path(folder) / f"{name}{size}"
                place.mkdir()
                url = sqlite_url(place) if name == "SQLite" else postgres.create_database()
                EXECUTOR_CACHE.clear()
                user = f"{name.lower()}{size}"
                result = asyncio.run(intake(url, dovecot, user, size))
                waits = asyncio.run(idle_latency(url, dovecot, f"idle{user}", IDLE_LETTERS))
                table.add_row(
                    name,
                    str(size),
                    f"{result.seconds:.1f}",
                    f"{result.per_second:.0f}",
                    f"{result.letters / result.deciding:.0f}",
                    f"{result.megabytes:.0f}",
                    str(result.sent),
                    f"{median(waits):.2f} s",
                )
    return table


def api(console: Console, plan: apis.Plan) -> None:
    """The colleagues' door."""
    console.print(asyncio.run(apis.beside(plan, None)))
    others(console, plan)


def peers(console: Console, plan: apis.Plan) -> None:
    """The same, beside the peer where npm brings it."""
    try:
        npm = installed()
    except PeerMissing as missing:
        console.print(f"Without the peer. {missing}")
        npm = None
    console.print(asyncio.run(apis.beside(plan, npm)))
    others(console, plan)


def others(console: Console, plan: apis.Plan) -> None:
    """What has no peer."""
    for one in (apis.on_sqlite, apis.tenfold, apis.live):
        console.print(asyncio.run(one(plan)))


def main() -> None:
    """Every table; a word asks for one part alone."""
    console, asked, plan = Console(width=120), sys.argv[1:2], apis.Plan()
    if asked == ["floods"]:
        console.print(asyncio.run(floods()))
    elif asked == ["api"]:
        api(console, plan)
    elif asked == ["peers"]:
        peers(console, plan)
    else:
        console.print(reading())
        console.print(intakes())
        api(console, plan)


if __name__ == "__main__":
    main()
