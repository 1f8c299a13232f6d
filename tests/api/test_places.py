"""Connections and subscriptions have a number; whoever has too many is told so."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from api.app import build_app
from api.places import NoPlace, Places
from api.settings import ApiSettings
from models.house import House
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.live import PATIENCE, Caller, calling, stranger
from tests.api.serving import served

ALL = "subscription All { requestChanged { entry { id } } }"


@pytest.fixture
def limited(door: Door, house: House) -> Callable[..., Door]:
    """The API with places of its own, over the register of `door`."""

    def made(**limits: int) -> Door:
        settings = ApiSettings.load({name: str(value) for name, value in limits.items()}, None)
        return Door(door.http, door.tokens, build_app(house, settings))

    return made


async def so(condition: Callable[[], bool]) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a look from outside
            await asyncio.sleep(0.01)


async def turned_away(address: str, token: str) -> tuple[int, str]:
    """Code and reason with which a connection is closed in place of its acknowledgement."""
    async with stranger(address) as caller:
        await caller.send(type="connection_init", payload={"token": token})
        return await caller.closed()


def test_a_place_given_back_is_free_again() -> None:
    places = Places("doors", in_all=2, each=1)
    with places.one("a"):
        with pytest.raises(NoPlace, match="You have 1 doors open"), places.one("a"):
            pass
        with places.one("b"), pytest.raises(NoPlace, match="2 doors are open"), places.one("c"):
            pass
        assert places.taken == 1
    with places.one("a"):
        assert places.taken == 1


async def test_a_caller_has_so_many_connections(limited: Callable[..., Door]) -> None:
    """The next one is closed and told why; others come in; a closed one makes room."""
    desk = limited(SOCKETS_PER_CALLER=2)
    token = desk.tokens[Role.VIEWER]
    async with served(desk.app) as server, AsyncExitStack() as open_ones:
        address = server.url("ws")
        await open_ones.enter_async_context(calling(address, token))
        async with calling(address, token):
            code, reason = await turned_away(address, token)
            assert (code, "You have 2 connections" in reason) == (4429, True)
            await open_ones.enter_async_context(calling(address, desk.tokens[Role.DPO]))
        await so(lambda: desk.app.state.desk.sockets.taken == 2)
        await open_ones.enter_async_context(calling(address, token))


async def test_a_process_has_so_many_connections(limited: Callable[..., Door]) -> None:
    """Whoever comes too late is told to come again."""
    desk = limited(SOCKETS_LIMIT=1)
    async with served(desk.app) as server:
        address = server.url("ws")
        async with calling(address, desk.tokens[Role.VIEWER]):
            code, reason = await turned_away(address, desk.tokens[Role.DPO])
    assert (code, reason.endswith("Try again in a minute.")) == (4429, True)


async def test_strangers_take_no_place_from_callers(
    limited: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have few of their own, and who is silent longest goes; who spoke stays."""
    monkeypatch.setattr("api.sockets.STRANGERS_MAX", 3)
    desk = limited(SOCKETS_LIMIT=2)
    async with served(desk.app) as server, AsyncExitStack() as open_ones:
        address = server.url("ws")
        first = await open_ones.enter_async_context(calling(address, desk.tokens[Role.VIEWER]))
        silent = [await open_ones.enter_async_context(stranger(address)) for _ in range(5)]
        async with calling(address, desk.tokens[Role.DPO]) as second:
            for one in silent[:3]:
                assert await one.closed() == (4408, "Send connection_init at once.")
            for caller in (first, second, *silent[3:]):
                await caller.send(type="ping")
                assert (await caller.next())["type"] == "pong"


async def test_whoever_does_not_say_in_time_who_it_is_is_closed(
    limited: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """4408; for a caller the time has stopped."""
    monkeypatch.setattr("api.sockets.INIT_SECONDS", 0.3)
    desk = limited()
    async with served(desk.app) as server:
        address = server.url("ws")
        async with calling(address, desk.tokens[Role.DPO]) as caller:
            async with stranger(address) as silent:
                assert (await silent.closed())[0] == 4408
            await caller.send(type="ping")
            assert (await caller.next())["type"] == "pong"


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"SUBSCRIPTIONS_PER_CALLER": 2}, "You have 2 subscriptions open"),
        ({"SUBSCRIPTIONS_LIMIT": 2}, "2 subscriptions are open"),
    ],
)
async def test_subscriptions_have_a_number_over_all_connections(
    limited: Callable[..., Door], limits: dict[str, int], says: str
) -> None:
    """LIMIT_EXCEEDED; one that ends makes room, whether completed or cut off."""
    desk = limited(**limits)
    token, places = desk.tokens[Role.VIEWER], desk.app.state.desk.subscriptions

    async def refusal(caller: Caller) -> Any:
        await caller.subscribe("3", ALL)
        return (await caller.next())["payload"]

    async with served(desk.app) as server:
        address = server.url("ws")
        async with calling(address, token) as first:
            await first.subscribe("1", ALL)
            async with calling(address, token) as second:
                await second.subscribe("2", ALL)
                await so(lambda: places.taken == 2)
                refused = json.dumps(await refusal(first))
                assert "LIMIT_EXCEEDED" in refused
                assert says in refused
            await so(lambda: places.taken == 1)
            await first.send(id="1", type="complete")
            await so(lambda: places.taken == 0)
