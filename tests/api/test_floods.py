"""Whoever floods the API is refused, and the others are answered meanwhile."""

import asyncio

import pytest

from api.sockets import STRANGERS_MAX
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.floods import (
    FLOODS,
    IDLE,
    Attacker,
    Colleague,
    idle_sockets,
    idle_websockets,
    slow_listeners,
    slow_readers,
)
from tests.api.live import calling
from tests.api.seeds import Sample
from tests.api.serving import served

# in the end the caller's bucket is empty (429), whatever was asked
REFUSED = {"20 dear questions": {200, 429}, "5 MB body": {413, 429}}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_is_refused_and_others_are_answered(
    door: Door, sample: Sample, flood: str
) -> None:
    async with served(door.app) as server:
        attacker = Attacker(server.port, door.tokens[Role.CASE_HANDLER])
        colleague = Colleague(server.port, door.tokens[Role.DPO])
        attacks = [asyncio.create_task(FLOODS[flood](attacker)) for _ in range(5)]
        for _ in range(5):
            await colleague.ask()
        await asyncio.gather(*attacks)
    assert set(attacker.statuses) <= REFUSED.get(flood, {400, 422, 429}), attacker.statuses


async def test_idle_sockets_and_slow_readers_stop_nobody(door: Door, sample: Sample) -> None:
    async with served(door.app) as server:
        colleague = Colleague(server.port, door.tokens[Role.DPO])
        slow = slow_readers(server.port, door.tokens[Role.CASE_HANDLER])
        async with idle_sockets(server.port) as idle, slow:
            assert idle == IDLE
            for _ in range(5):
                await colleague.ask()
    assert len(colleague.waits) == 5


async def test_idle_websockets_and_slow_listeners_shut_out_nobody(
    door: Door, sample: Sample
) -> None:
    """Neither from answers nor from live updates, though there are more than may wait."""
    async with served(door.app) as server:
        colleague = Colleague(server.port, door.tokens[Role.DPO])
        slow = slow_listeners(server.port, door.tokens[Role.CASE_HANDLER])
        async with idle_websockets(server.port) as idle, slow:
            assert idle > STRANGERS_MAX
            async with calling(server.url("ws"), door.tokens[Role.DPO]) as caller:
                for _ in range(5):
                    await colleague.ask()
                await caller.send(type="ping")
                assert (await caller.next())["type"] == "pong"
