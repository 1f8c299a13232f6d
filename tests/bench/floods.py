"""`python -m tests.bench --only floods`: how long a colleague waits while others flood the API."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

from rich.table import Table

from models.migrate import migrate
from models.vocabulary import Role
from tests.api.floods import (
    FLOODS,
    Attacker,
    Colleague,
    idle_sockets,
    idle_websockets,
    slow_listeners,
    slow_readers,
)
from tests.api.seeds import seed_people, seed_sample
from tests.bench.contenders import ours
from tests.drill.desk import sqlite_url
from tests.registers import house, in_use

QUESTIONS = 100
ATTACKERS = 5


async def _asked(colleague: Colleague) -> list[float]:
    colleague.waits = []
    for _ in range(QUESTIONS):
        await colleague.ask()
    return sorted(colleague.waits)


async def floods() -> Table:
    """Each flood for as long as a colleague asks a hundred questions."""
    table = Table(title="A colleague's board page while others flood the API (one process)")
    for column in ("flood", "answers to the attacker", "p50 ms", "worst ms"):
        table.add_column(column)
    with tempfile.TemporaryDirectory(prefix="floods-") as folder:
        url = sqlite_url(Path(folder))
        await migrate(url)
        async with in_use(url):
            tokens = await seed_people(house())
            await seed_sample(house())
        async with ours(url, tokens[Role.CASE_HANDLER]) as api:
            colleague = Colleague(api.port, tokens[Role.DPO])
            attacker = Attacker(api.port, tokens[Role.CASE_HANDLER])
            await _row(table, "none", colleague, attacker)
            for name in FLOODS:
                await _row(table, name, colleague, attacker)
            async with idle_sockets(api.port):
                await _row(table, "500 idle sockets", colleague, attacker)
            async with slow_readers(api.port, tokens[Role.CASE_HANDLER]):
                await _row(table, "20 slow readers", colleague, attacker)
            async with idle_websockets(api.port):
                await _row(table, "500 idle WebSockets", colleague, attacker)
            async with slow_listeners(api.port, tokens[Role.CASE_HANDLER]):
                await _row(table, "20 slow listeners", colleague, attacker)
    return table


async def _row(table: Table, name: str, colleague: Colleague, attacker: Attacker) -> None:
    async def attack() -> None:
        while True:
            await FLOODS[name](attacker)

    attacker.statuses = []
    attacks = [asyncio.create_task(attack()) for _ in range(ATTACKERS if name in FLOODS else 0)]
    try:
        waits = await _asked(colleague)
    finally:
        for one in attacks:
            one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*attacks)
    answers = " ".join(f"{code}×{n}" for code, n in sorted(Counter(attacker.statuses).items()))
    table.add_row(name, answers, f"{median(waits):.1f}", f"{waits[-1]:.0f}")
