"""Figures are counted once a second, however many ask."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from api.recent import Recent


class Counted:
    """A reading that counts how often it was done, and a clock that stands still."""

    def __init__(self) -> None:
        self.times = 0
        self.now = 100.0
        self.recent = Recent(clock=lambda: self.now)

    async def read(self) -> int:
        """The number of this reading."""
        self.times += 1
        times = self.times
        await asyncio.sleep(0)
        return times

    async def ask(self, asked: str = "today") -> int:
        """One question."""
        found: int = await self.recent.of(asked, self.read)
        return found


async def test_many_who_ask_at_once_are_answered_by_one_reading() -> None:
    counted = Counted()
    assert await asyncio.gather(*(counted.ask() for _ in range(20))) == [1] * 20


async def test_after_a_second_it_is_read_again() -> None:
    counted = Counted()
    await counted.ask()
    counted.now += 0.9
    assert await counted.ask() == 1
    counted.now += 0.2
    assert await counted.ask() == 2


async def test_another_question_is_another_reading() -> None:
    counted = Counted()
    assert [await counted.ask("a"), await counted.ask("b"), await counted.ask("a")] == [1, 2, 1]


async def test_what_was_changed_while_it_was_read_is_read_again() -> None:
    counted = Counted()
    asking = asyncio.create_task(counted.ask())
    await asyncio.sleep(0)
    counted.recent.forget()
    assert await asking == 1
    assert await counted.ask() == 2


async def test_a_reading_that_failed_is_not_kept() -> None:
    counted = Counted()

    async def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await counted.recent.of("today", fail)
    assert await counted.ask() == 1


async def test_who_waits_for_a_connection_keeps_nobody_from_reading() -> None:
    """The only connection is in the hand of one who asks too, and who came later."""
    counted, pool = Counted(), asyncio.Semaphore(1)

    async def ask(ready: Callable[[], Awaitable[Any]] | None) -> int:
        found: int = await counted.recent.of("today", counted.read, ready)
        pool.release()
        return found

    await pool.acquire()
    early = asyncio.create_task(ask(pool.acquire))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        assert await ask(None) == 1
        assert await early == 1
