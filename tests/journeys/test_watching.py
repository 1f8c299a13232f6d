"""The bot as a long-running process: it hears mail at once, stops cleanly, and is replaced."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models.database import rows
from tests.drill.desk import Desk
from tests.mixture import plain_request
from tests.processes import kill, start
from tests.registers import in_use
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


class Bots:
    """Bots of one desk; whatever still runs at the end is killed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self) -> asyncio.subprocess.Process:
        """One more bot."""
        process = await start("mailbot", "watch", environ=self.desk.environ)
        self.running.append(process)
        return process

    async def answered(self, number: int, seconds: float = 60) -> bool:
        """Whether a new letter of writer `number` is acknowledged in time."""
        letter = plain_request(number)
        await asyncio.to_thread(self.desk.dovecot.deliver, self.desk.user, letter.raw)
        return await until(lambda: bool(self.desk.sink.sent_to(letter.sender)), seconds)


async def _bots(desk: Desk) -> AsyncIterator[Bots]:
    bots = Bots(desk)
    yield bots
    for process in bots.running:
        kill(process)
        await process.communicate()


@pytest.fixture
async def bots(dovecot: Dovecot, smtp: SmtpServer, register_url: str) -> AsyncIterator[Bots]:
    """On each database."""
    desk = Desk(dovecot, f"w{uuid4().hex[:12]}", smtp, register_url)
    async for one in _bots(desk):
        yield one


async def test_a_letter_that_arrives_is_acknowledged_and_sigterm_stops_the_bot(bots: Bots) -> None:
    process = await bots.start()
    assert await bots.answered(1)
    assert await bots.answered(2)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(8):  # the libraries give up closing after 10
        _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert b"Traceback" not in err


async def test_when_the_leader_is_killed_the_stand_by_takes_over(bots: Bots) -> None:
    leader = await bots.start()
    assert await bots.answered(1)
    await bots.start()
    await asyncio.sleep(1)
    kill(leader)
    assert await bots.answered(2, seconds=60)
    assert bots.desk.doubled() == {}


async def test_two_bots_at_once_answer_each_letter_once(bots: Bots) -> None:
    await bots.start()
    await bots.start()
    for number in range(1, 9):
        assert await bots.answered(number)
    assert bots.desk.doubled() == {}


async def test_after_an_outage_the_officer_hears_how_long_nobody_watched(
    dovecot: Dovecot, smtp: SmtpServer, register_url: str
) -> None:
    more = {"DPO_ADDRESS": "dpo@netpro.example"}
    desk = Desk(dovecot, f"w{uuid4().hex[:12]}", smtp, register_url, more=more)
    assert (await desk.once()).code == 0
    async with in_use(register_url):
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        await rows("UPDATE mail_folder SET reconciled_at = ?", (two_days_ago,))
    async for bots in _bots(desk):
        await bots.start()
        assert await until(lambda: bool(smtp.sent_to("dpo@netpro.example")), 60)
        assert await bots.answered(1)
    assert len(smtp.sent_to("dpo@netpro.example")) == 1
