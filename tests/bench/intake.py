"""Letters a second from Dovecot into the register, memory of bot and child, idle latency."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from models.acts.mailbox import instant
from models.database import rows
from models.migrate import migrate
from tests.mixture import mixture, plain_request
from tests.processes import kill, settings, start
from tests.registers import in_use
from tests.servers import smtp as smtp_servers
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer

OLD = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Intake:
    """One measured run: seconds from start to end, peak megabytes of bot and child.

    `deciding` are the seconds from the first letter stored to the last commit B.
    """

    letters: int
    seconds: float
    megabytes: float
    sent: int
    deciding: float

    @property
    def per_second(self) -> float:
        """Letters decided a second, start of the process included."""
        return self.letters / self.seconds


async def intake(database_url: str, dovecot: Dovecot, user: str, count: int) -> Intake:
    """`count` mixed letters in the INBOX of `user`, worked off by `watch --once`."""
    await migrate(database_url)
    letters = mixture(count)
    async with smtp_servers.running() as sink:
        environ = _environ(database_url, dovecot, user, sink)
        dovecot.fill(user, [letter.raw for letter in letters])
        began = time.perf_counter()
        process = await start("mailbot", "watch", "--once", environ=environ)
        peak = asyncio.create_task(_peak(process.pid))
        _, err = await process.communicate()
        seconds = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(err.decode()[-2000:])
        return Intake(count, seconds, await peak, len(sink.letters), await _deciding(database_url))


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
    most = 0
    while (now := sum(_resident(one) for one in _family(pid))) or not most:
        most = max(most, now)
        await asyncio.sleep(0.05)
        if not _family(pid):
            break
    return most / 1024


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


async def idle_latency(database_url: str, dovecot: Dovecot, user: str, count: int) -> list[float]:
    """Seconds from delivery to our acknowledgement at the server, one letter at a time."""
    await migrate(database_url)
    letters = [plain_request(number) for number in range(50_000, 50_000 + count)]
    waits = []
    async with smtp_servers.running() as sink:
        environ = _environ(database_url, dovecot, user, sink)
        process = await start("mailbot", "watch", environ=environ)
        try:
            await asyncio.sleep(3)
            for letter in letters:
                began = time.perf_counter()
                await asyncio.to_thread(dovecot.deliver, user, letter.raw)
                while not sink.sent_to(letter.sender):
                    if time.perf_counter() - began > 20:
                        raise RuntimeError("no acknowledgement within 20 s")
                    await asyncio.sleep(0.005)
                waits.append(time.perf_counter() - began)
                await asyncio.sleep(0.3)
        finally:
            kill(process)
            await process.wait()
    return waits


def summary(waits: list[float]) -> str:
    """Median and worst."""
    return f"median {median(waits):.2f} s, worst {max(waits):.2f} s of {len(waits)}"
