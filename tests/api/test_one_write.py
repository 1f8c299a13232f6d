"""Head and body of an answer leave together, in order, before anything else happens."""

import asyncio
from typing import cast

from api.one_write import Joined


class _Transport:
    def __init__(self) -> None:
        self.done: list[bytes | str] = []
        self.is_gone = False

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")
        self.is_gone = True

    def is_closing(self) -> bool:
        return self.is_gone


def _joined() -> tuple[Joined, _Transport]:
    transport = _Transport()
    joined = Joined(cast("asyncio.Transport", transport), asyncio.get_running_loop())
    return joined, transport


async def test_head_and_body_are_one_write() -> None:
    joined, transport = _joined()
    joined.write(b"head ")
    assert transport.done == []
    joined.write(b"body")
    assert transport.done == [b"head body"]


async def test_a_head_without_a_body_leaves_at_the_end_of_the_turn() -> None:
    joined, transport = _joined()
    joined.write(b"head")
    await asyncio.sleep(0)
    assert transport.done == [b"head"]


async def test_what_was_written_leaves_before_the_connection_is_closed() -> None:
    joined, transport = _joined()
    joined.write(b"head")
    joined.close()
    await asyncio.sleep(0)
    assert transport.done == [b"head", "closed"]


async def test_nothing_is_written_to_a_caller_who_hung_up() -> None:
    joined, transport = _joined()
    joined.write(b"head")
    transport.is_gone = True
    await asyncio.sleep(0)
    assert transport.done == []


async def test_a_long_answer_never_waits_for_more_than_one_write() -> None:
    joined, transport = _joined()
    for piece in (b"a", b"b", b"c", b"d"):
        joined.write(piece)
    assert transport.done == [b"ab", b"cd"]
