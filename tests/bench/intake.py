"""From Dovecot into the register and out: letters a second, processor time, memory, latency."""

import asyncio
import re
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.acts.mailbox import instant
from models.database import rows
from models.migrate import migrate
from tests.letters.huge import base64_attachment
from tests.mixture import mixture, plain_request
from tests.processes import kill, settings, start
from tests.registers import in_use
from tests.servers import smtp as smtp_servers
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer

OLD = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = (1_000, 5_000, 10_000, 20_000)  # letters after which memory is looked at
DECIDED = re.compile(rb"\bletter \d+: ")
LOOK_SECONDS = 0.02
PATIENCE = 60.0  # seconds for one letter while idle


@dataclass(frozen=True, slots=True)
class Intake:
    """One measured run: seconds from start to end, megabytes of bot and child together.

    `deciding` are the seconds from the first letter stored to the last commit B, `processor`
    those of the processor that bot and child took, `marks` megabytes after so many letters.
    """

    letters: int
    seconds: float
    processor: float
    deciding: float
    megabytes: float
    marks: Mapping[int, float]
    sent: int


async def intake(database_url: str, dovecot: Dovecot, user: str, count: int) -> Intake:
    """`count` mixed letters in the INBOX of `user`, worked off by `watch --once`."""
    await migrate(database_url)
    dovecot.fill(user, [letter.raw for letter in mixture(count)])
    async with smtp_servers.running() as sink:
        worked = await _worked_off(_environ(database_url, dovecot, user, sink))
        sent = len(sink.letters)
    deciding = await _deciding(database_url)
    return Intake(
        count, worked.seconds, worked.processor, deciding, worked.megabytes, worked.marks, sent
    )


@dataclass(frozen=True, slots=True)
class _Worked:
    seconds: float
    processor: float
    megabytes: float
    marks: Mapping[int, float]


async def _worked_off(environ: Mapping[str, str]) -> _Worked:
    before, began = _processor(), time.perf_counter()
    process = await start("mailbot", "watch", "--once", environ=environ)
    peak = asyncio.create_task(_peak(process.pid))
    marks: dict[int, float] = {}
    decided, last = 0, b""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        last = line
        if DECIDED.search(line):
            decided += 1
            if decided in MARKS:
                marks[decided] = _megabytes(process.pid)
    if await process.wait():
        raise RuntimeError(last.decode())
    seconds = time.perf_counter() - began
    return _Worked(seconds, _processor() - before, await peak, marks)


def _processor() -> float:
    """Seconds of the processor that ended children took, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _deciding(url: str) -> float:
    async with in_use(url):
        found = await rows(
            "SELECT min(s.seen_at) AS first, max(m.read_at) AS last"
            " FROM sighting s JOIN message m ON m.id = s.message_id"
        )
    return (instant(found[0]["last"]) - instant(found[0]["first"])).total_seconds()


def _environ(url: str, dovecot: Dovecot, user: str, sink: SmtpServer) -> dict[str, str]:
    imap = f"imap://{user}:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX"
    return settings(url, imap, f"smtp://127.0.0.1:{sink.port}", START_AT=(OLD).isoformat())


async def _peak(pid: int) -> float:
    """Megabytes of the process and its child together, at their highest, until it ends."""
    most = 0.0
    while (now := _megabytes(pid)) or not most:
        most = max(most, now)
        await asyncio.sleep(LOOK_SECONDS)
        if not _family(pid):
            break
    return most


def _megabytes(pid: int) -> float:
    return sum(_resident(one) for one in _family(pid)) / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *map(int, children)]


def _resident(pid: int) -> int:
    """Kilobytes resident."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


async def one_letter(database_url: str, dovecot: Dovecot, user: str, megabytes: int) -> float:
    """Peak megabytes while one letter of this size is worked off; 0 is a short one."""
    await migrate(database_url)
    raw = base64_attachment(megabytes) if megabytes else plain_request(1).raw
    dovecot.fill(user, [raw])
    async with smtp_servers.running() as sink:
        return (await _worked_off(_environ(database_url, dovecot, user, sink))).megabytes


async def idle_latency(database_url: str, dovecot: Dovecot, user: str, count: int) -> list[float]:
    """Seconds from delivery to our acknowledgement at the server, one letter at a time."""
    await migrate(database_url)
    waits = []
    async with smtp_servers.running() as sink:
        process = await start(
            "mailbot", "watch", environ=_environ(database_url, dovecot, user, sink)
        )
        try:
            await _answered(dovecot, user, sink, 49_999)  # it watches now
            for number in range(50_000, 50_000 + count):
                waits.append(await _answered(dovecot, user, sink, number))
                await asyncio.sleep(0.3)
        finally:
            kill(process)
            await process.wait()
    return waits


async def _answered(dovecot: Dovecot, user: str, sink: SmtpServer, number: int) -> float:
    letter = plain_request(number)
    began = time.perf_counter()
    await asyncio.to_thread(dovecot.deliver, user, letter.raw)
    while not sink.sent_to(letter.sender):
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError(f"no acknowledgement within {PATIENCE:.0f} s")
        await asyncio.sleep(0.005)
    return time.perf_counter() - began
