"""What a slow source has ready is taken together."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def groups(source: AsyncGenerator[T, None], most: int) -> AsyncGenerator[list[T], None]:
    """All of `source` in order, in groups of what is ready: at least one, at most `most`.

    The source works ahead of the caller, by one group, and is closed when the caller leaves.
    """
    ready: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    room = asyncio.Semaphore(most)

    async def fill() -> None:
        async with aclosing(source):
            async for one in source:
                await room.acquire()
                ready.put_nowait((one,))

    filling = asyncio.create_task(fill())
    filling.add_done_callback(lambda _: ready.put_nowait(None))
    try:
        ended = False
        while not ended:
            found = [await ready.get()]
            while not ready.empty():
                found.append(ready.get_nowait())
            ended = found[-1] is None
            group = [held[0] for held in found if held is not None]
            found.clear()
            for _ in group:
                room.release()
            if group:
                yield group
        await filling
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)
