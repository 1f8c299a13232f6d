"""What is ready comes together, in order; nobody waits for what is not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from mailbot.grouping import groups


async def counted(most: int, closed: list[int] | None = None) -> AsyncGenerator[int, None]:
    """0, 1, 2 …, without ever waiting; notes where it was closed."""
    number = 0
    try:
        for number in range(most):
            yield number
    finally:
        if closed is not None:
            closed.append(number)


async def test_groups_hold_everything_in_order_and_are_never_too_big() -> None:
    found = []
    async with aclosing(groups(counted(100), 7)) as all_groups:
        async for group in all_groups:
            await asyncio.sleep(0)
            found.append(group)
    assert [number for group in found for number in group] == list(range(100))
    assert max(map(len, found)) <= 7
    assert len(found) < 100, "what is ready comes together"


async def test_what_is_ready_does_not_wait_for_what_is_not() -> None:
    go_on = asyncio.Event()

    async def slow() -> AsyncGenerator[str, None]:
        yield "ready"
        await go_on.wait()
        yield "late"

    async with aclosing(groups(slow(), 20)) as found, asyncio.timeout(10):
        assert await anext(found) == ["ready"]
        go_on.set()
        assert await anext(found) == ["late"]
        assert await anext(found, None) is None


async def test_what_the_source_raises_comes_after_what_it_gave() -> None:
    async def broken() -> AsyncGenerator[int, None]:
        yield 1
        raise LookupError

    async with aclosing(groups(broken(), 20)) as found, asyncio.timeout(10):
        assert await anext(found) == [1]
        with pytest.raises(LookupError):
            await anext(found)


async def test_a_caller_that_leaves_closes_the_source_which_ran_ahead_by_one_group() -> None:
    closed: list[int] = []
    async with aclosing(groups(counted(100, closed), 5)) as found:
        await anext(found)
        await asyncio.sleep(0)
    assert len(closed) == 1
    assert closed[0] < 15
