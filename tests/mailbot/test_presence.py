"""A replay and the bot beside it: each knows whether the other is at work, on both databases."""

import asyncio
from typing import Any, cast

import pytest

from mailbot import presence
from mailbot.bot import Bot, _take_over
from mailbot.presence import no_replay_at_work, replay_at_work
from models.acts.mailbox import REPLAYED, balance, store
from models.shapes import Arrival
from tests.registers import NOW, house, in_use


async def is_free(url: str) -> bool:
    """Whether a bot may take over what a replay left."""
    async with no_replay_at_work(url) as found:
        return found


async def test_a_bot_takes_nothing_over_while_any_replay_is_at_work(register_url: str) -> None:
    assert await is_free(register_url)
    async with replay_at_work(register_url):
        async with replay_at_work(register_url):
            assert not await is_free(register_url)
        assert not await is_free(register_url)
    assert await is_free(register_url)


async def test_a_replay_begins_only_after_a_take_over(
    register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LOOK_SECONDS", 0.01)
    begun = asyncio.Event()

    async def replaying() -> None:
        async with replay_at_work(register_url):
            begun.set()

    async with asyncio.TaskGroup() as tasks:
        async with no_replay_at_work(register_url) as found:
            assert found
            tasks.create_task(replaying())
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(begun.wait(), 0.3)
        await asyncio.wait_for(begun.wait(), 30)


async def test_a_replay_of_files_is_alone(
    register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two would give their letters the same numbers."""
    monkeypatch.setattr(presence, "LOOK_SECONDS", 0.01)
    begun = asyncio.Event()

    async def replaying() -> None:
        async with replay_at_work(register_url, alone=True):
            begun.set()

    async with asyncio.TaskGroup() as tasks:
        async with replay_at_work(register_url):
            tasks.create_task(replaying())
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(begun.wait(), 0.3)
        await asyncio.wait_for(begun.wait(), 30)


async def test_letters_of_a_replay_at_work_are_its_own(register_url: str) -> None:
    bot = Bot(house(), cast(Any, None), register_url)
    async with in_use(register_url):
        arrival = Arrival(REPLAYED, 1, 1, 1, NOW, b"x")
        await store(bot.house, [arrival], ["0" * 64], by_replay=True)
        async with replay_at_work(register_url):
            assert await _take_over(bot, cast(Any, None)) == 0
        assert (await balance())["stored"] == 1
