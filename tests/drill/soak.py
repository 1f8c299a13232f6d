"""A soak: thousands of letters in waves while something breaks every few seconds.

What breaks and when comes from a fixed seed. When the time is over no more letters come: what
came is worked off and counted like in any other drill.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from tests.drill.house_faults import locked
from tests.drill.stage import Stage
from tests.processes import kill, megabytes
from tests.servers.smtp import Fault as SmtpFault

WAVE = 200
BACKLOG = 200  # letters that may wait when the next wave comes
PAUSE = (1.0, 5.0)  # seconds without a fault
BROKEN = (1.0, 5.0)  # seconds a fault lasts
SETTLING_SECONDS = 600.0
FAULTS_OF_SMTP = (
    SmtpFault.DEFER,
    SmtpFault.DEFER_SENDER,
    SmtpFault.DEFER_DATA,
    SmtpFault.DROP_BEFORE_DATA,
    SmtpFault.DROP_BEFORE_250,
    SmtpFault.DROP_AFTER_250,
)


async def soak(stage: Stage, minutes: float) -> None:
    """Letters until they or the minutes are used up, and the faults beside them."""
    end = time.monotonic() + minutes * 60
    async with stage.watched(bots=2 if stage.on_postgres else 1):
        breaking = asyncio.create_task(_break(stage))
        watching = asyncio.create_task(_watch_memory(stage))
        try:
            await _deliver(stage, end)
        finally:
            breaking.cancel()
            await asyncio.gather(breaking, return_exceptions=True)
            stage.heal()
        await stage.quiet(SETTLING_SECONDS)
        stage.patience = SETTLING_SECONDS
        watching.cancel()


async def _deliver(stage: Stage, end: float) -> None:
    """Wave by wave; returns when all are decided, or the time is over."""
    for first in range(0, len(stage.letters), WAVE):
        if time.monotonic() >= end:
            return
        stage.deliver(stage.letters[first : first + WAVE])
        is_last = len(stage.delivered) == len(stage.letters)
        await _worked_off(stage, 0 if is_last else BACKLOG, end)


async def _worked_off(stage: Stage, most: int, end: float) -> None:
    async def is_so() -> bool:
        state = await stage.desk.state()
        return len(stage.delivered) - state.seen + state.undecided <= most

    await stage.until(is_so, max(0.0, end - time.monotonic()))


async def _break(stage: Stage) -> None:
    pick = random.Random(11)
    while True:
        await asyncio.sleep(pick.uniform(*PAUSE))
        fault = pick.choice(FAULTS)
        name = fault.__name__.strip("_")
        stage.happened[name] += 1
        await fault(stage, pick.uniform(*BROKEN))


async def _cut(stage: Stage, _: float) -> None:
    stage.link.cut()


async def _silence(stage: Stage, seconds: float) -> None:
    stage.link.silent = True
    await asyncio.sleep(seconds)
    stage.link.silent = False
    stage.link.cut()


async def _late_pieces(stage: Stage, seconds: float) -> None:
    stage.link.stall = 0.1
    await asyncio.sleep(seconds)
    stage.link.stall = 0.0


async def _freeze(stage: Stage, seconds: float) -> None:
    dovecot = stage.desk.dovecot
    dovecot.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        dovecot.thaw()


async def _smtp(stage: Stage, _: float) -> None:
    pick = random.Random(len(stage.desk.sink.letters))
    stage.desk.sink.script.extend(pick.choices(FAULTS_OF_SMTP, k=10))


async def _busy(stage: Stage, seconds: float) -> None:
    stage.desk.sink.always = SmtpFault.BUSY
    await asyncio.sleep(seconds)
    stage.desk.sink.always = SmtpFault.NONE


async def _kill(stage: Stage, _: float) -> None:
    for bot in stage.bots[:1]:
        kill(bot)


async def _restart(stage: Stage, _: float) -> None:
    """In a thread of its own that is waited for: a cancelled restart must not stay half-done."""
    dovecot = stage.desk.dovecot

    def again() -> None:
        dovecot.stop()
        dovecot.start()

    await asyncio.shield(asyncio.to_thread(again))


async def _database(stage: Stage, seconds: float) -> None:
    if not stage.on_postgres:
        with locked(stage.file):
            await asyncio.sleep(seconds)
        return

    def again() -> None:
        stage.postgres.crash()
        stage.postgres.start()

    await asyncio.shield(asyncio.to_thread(again))


FAULTS: tuple[Callable[[Stage, float], Awaitable[None]], ...] = (
    _cut,
    _silence,
    _late_pieces,
    _freeze,
    _smtp,
    _busy,
    _kill,
    _restart,
    _database,
)


async def _watch_memory(stage: Stage) -> None:
    while True:
        stage.peak = max([stage.peak, *(megabytes(bot.pid) for bot in stage.bots)])
        await asyncio.sleep(0.5)
