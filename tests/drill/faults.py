"""Every fault a drill makes, by name: each leaves the world broken only while it runs."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from tests.drill import house_faults as house
from tests.drill import killing
from tests.drill.restoring import backup_restored
from tests.drill.soak import soak
from tests.drill.stage import Stage
from tests.drill.victim import STEPS, Step
from tests.processes import kill
from tests.servers.smtp import Fault as SmtpFault

CLUTTER = b"".join(b"* %d FETCH (FLAGS (\\Seen))\r\n" % n for n in range(1, 2501))


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table. `doubtful`: letters may end as `maybe_sent`, for a person."""

    name: str
    words: str
    happens: Callable[[Stage], Awaitable[None]]
    doubtful: bool = False
    from_contact: bool = False  # START_AT unset: the mailbox's past is left alone
    forgets: bool = False  # the register loses a day: who was answered then waits for a person
    holds: Callable[[Stage], Awaitable[list[str]]] | None = None  # what else is wrong at the end
    seconds: float = 900  # no drill takes longer on two cores; one that does is stuck


async def nothing(stage: Stage) -> None:
    """The run all others are compared with."""
    stage.deliver()
    await stage.once()


async def cut_in_literal(stage: Stage) -> None:
    """Eight connections end in the middle of a letter's bytes, each a little further on."""
    stage.deliver()
    size = sum(len(letter.raw) for letter in stage.letters)
    stage.link.cut_after = [2000 + size * n // 10 for n in range(1, 9)]
    for _ in range(8):
        await stage.once()


async def bye_in_idle(stage: Stage) -> None:
    """The server says BYE whenever the bot begins to wait."""
    half = len(stage.letters) // 2
    stage.deliver(stage.letters[:half])
    stage.link.farewell = b"* BYE going down for maintenance\r\n"
    async with stage.watched():
        await stage.decided(0.5)
        stage.link.farewell = b"* BYE going down again\r\n"
        stage.deliver(stage.letters[half:])
        await stage.quiet()


async def silent_drop(stage: Stage) -> None:
    """Packets vanish and nobody says so: twice, each for longer than the bot waits."""
    stage.deliver()
    async with stage.watched():
        for share in (0.05, 0.3):
            await stage.decided(share)
            stage.link.silent = True
            await asyncio.sleep(5)
            stage.link.heal()
        await stage.quiet()


async def stalling(stage: Stage) -> None:
    """A line that loses packets: every piece is late by up to 0.4 s, some connections die."""
    stage.deliver()
    stage.link.stall = 0.4
    stage.link.cut_after = [6000, 150_000]
    async with stage.watched():
        await stage.quiet()


async def thousands_of_lines(stage: Stage) -> None:
    """Each FETCH is answered with 2,500 lines nobody asked for."""
    stage.deliver()
    stage.link.clutter = CLUTTER
    await stage.once()


async def dovecot_restarted(stage: Stage) -> None:
    """Stopped with a goodbye and started again, twice; killed and started again, once."""
    dovecot = stage.desk.dovecot
    stage.deliver()
    async with stage.watched():
        for share, end in ((0.0, dovecot.stop), (0.2, dovecot.stop), (0.5, dovecot.kill)):
            await stage.decided(share)
            await asyncio.to_thread(end)
            await asyncio.sleep(1)
            await asyncio.to_thread(dovecot.start)
        await stage.quiet()


async def dovecot_frozen(stage: Stage) -> None:
    """SIGSTOP for longer than the bot waits, in the middle of the work."""
    dovecot = stage.desk.dovecot
    stage.deliver()
    async with stage.watched():
        for share in (0.1, 0.5):
            await stage.decided(share)
            dovecot.freeze()
            await asyncio.sleep(5)
            dovecot.thaw()
        await stage.quiet()


async def answer_to_data_lost(stage: Stage) -> None:
    """Every fifth letter is taken, but our 250 never comes; every ninth is not taken."""
    stage.deliver()
    lost = {0: SmtpFault.DROP_AFTER_250, 4: SmtpFault.DROP_BEFORE_250}
    stage.desk.sink.script.extend(
        lost.get(n % 9, SmtpFault.NONE) if n % 5 else SmtpFault.DROP_AFTER_250
        for n in range(len(stage.letters))
    )
    await stage.once()


async def smtp_falters(stage: Stage) -> None:
    """4xx and cuts at every step of the conversation, in no order."""
    stage.deliver()
    pick = random.Random(9)
    kinds = (
        SmtpFault.DEFER,
        SmtpFault.DEFER_SENDER,
        SmtpFault.DEFER_DATA,
        SmtpFault.DROP_BEFORE_DATA,
        SmtpFault.NONE,
    )
    stage.desk.sink.script.extend(pick.choice(kinds) for _ in stage.letters)
    for _ in range(6):
        await stage.once()
        await stage.time_passes()


async def storm(stage: Stage) -> None:
    """An hour of 4xx: as many attempts as our waits allow in one, then it clears."""
    stage.deliver()
    sink = stage.desk.sink
    for fault in (SmtpFault.BUSY, SmtpFault.DEFER, SmtpFault.DEFER_DATA, SmtpFault.DEFER_SENDER):
        sink.always = fault
        await stage.once()
        await stage.time_passes()
    sink.always = SmtpFault.NONE


async def killed_at_random(stage: Stage) -> None:
    """kill -9 ten times, whenever it comes."""
    stage.deliver()
    moments = random.Random(5)
    for _ in range(10):
        await stage.killed_after(moments.uniform(0.6, 4))


async def two_bots(stage: Stage) -> None:
    """Two bots on one mailbox and one outbox; each is killed once, so also the one that leads."""
    half = len(stage.letters) // 2
    stage.deliver(stage.letters[:half])
    async with stage.watched(bots=2):
        for share in (0.3, 0.5):
            await stage.decided(share)
            for bot in stage.bots[:1]:
                kill(bot)  # its keeper starts it again, as the last of the list
            await asyncio.sleep(1)
        stage.deliver(stage.letters[half:])
        await stage.quiet()


async def two_at_once(stage: Stage) -> None:
    """Two runs begun in the same moment, three times, and one always waits on SQLite."""
    third = len(stage.letters) // 3
    for first in (0, third, 2 * third):
        last = first + third if first < 2 * third else len(stage.letters)
        stage.deliver(stage.letters[first:last])
        await asyncio.gather(stage.once(), stage.once())


ROADS = {
    "letter": (killing.killed_at, None),
    "erasure": (killing.killed_while_erasing, killing.erased_once),
    "staff": (killing.killed_while_telling, killing.told_once),
}


def _killed(step: Step, name: str) -> Fault:
    happens, holds = ROADS[step.road]
    words = f"kill -9: {step.name}"
    return Fault(name, words, partial(happens, step), step.doubtful, holds=holds)


FAULTS = (
    Fault("none", "no fault", nothing),
    Fault("cut", "connection cut inside a literal, 8 times", cut_in_literal),
    Fault("bye", "BYE in IDLE", bye_in_idle),
    Fault("silent", "silent drop, no FIN", silent_drop),
    Fault("stall", "a line that loses packets", stalling),
    Fault("lines", "2,500 more lines before each answer", thousands_of_lines),
    Fault("restart", "Dovecot restarted twice, killed once", dovecot_restarted),
    Fault("freeze", "Dovecot frozen (SIGSTOP) twice", dovecot_frozen),
    Fault("lost250", "250 lost after DATA", answer_to_data_lost, doubtful=True),
    # a cut at DATA itself is doubtful to us, although the server took nothing
    Fault("falter", "4xx and cuts at every SMTP step", smtp_falters, doubtful=True),
    Fault("storm", "an hour of 4xx", storm),
    Fault("kill", "kill -9 ten times at random", killed_at_random, doubtful=True),
    Fault("gone", "database gone thrice", house.database_gone, doubtful=True),
    Fault("full", "disk full thrice", house.disk_full, doubtful=True),
    Fault("clock", "clock a day ahead, an hour behind", house.clock_jumps, doubtful=True),
    Fault("contact", "first contact, 10 × as many old", house.first_contact, from_contact=True),
    Fault("recreated", "new UIDVALIDITY, then moved", house.mailbox_recreated),
    Fault("restored", "yesterday's database restored", backup_restored, forgets=True),
    Fault("two", "two bots watch, each killed once", two_bots, doubtful=True),
    Fault("race", "two bots begin at once, 3 times", two_at_once),
    *(_killed(step, f"kill{n}") for n, step in enumerate(STEPS, 1)),
)


def soaking(minutes: float) -> Fault:
    """The soak as a row of the table; five minutes more to work off what is left."""
    words = "soak, random faults"
    happens = partial(soak, minutes=minutes)
    return Fault("soak", words, happens, doubtful=True, seconds=minutes * 60 + 900)
