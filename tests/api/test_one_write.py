"""Head and body of an answer leave together, in order, before anything else happens."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.one_write import Joined, OneWrite


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


async def _echo(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def _long(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(40):
            yield bytes([65 + number % 26]) * 100_000

    return StreamingResponse(pieces())


async def _halting(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"
            await asyncio.sleep(0)

    return StreamingResponse(pieces())


@asynccontextmanager
async def _served(http: Any) -> AsyncIterator[int]:
    routes = [
        Route("/echo", _echo, methods=["GET", "HEAD", "POST"]),
        Route("/long", _long),
        Route("/halting", _halting),
    ]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(Starlette(routes=routes), http=http, log_config=None)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - it offers no event
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await running


async def _answers(http: Any, asked: bytes, at_once: int) -> bytes:
    """All that comes back until the server closes, read so many bytes at once."""
    async with _served(http) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=at_once)
        writer.write(asked)
        found = b""
        while piece := await reader.read(at_once):
            found += piece
            await asyncio.sleep(0)
        writer.close()
        return re.sub(rb"date: [^\r]*\r\n", b"", found)


def _asks(line: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, "", body]).encode()


LAST = _asks("GET /echo", "Connection: close")
BODY = ("Content-Length: 5", "Expect: 100-continue")


@pytest.mark.parametrize(
    "asked",
    [
        _asks("GET /echo") * 3 + LAST,
        _asks("HEAD /echo") + LAST,
        _asks("POST /echo", *BODY, body="abcde") + LAST,
        _asks("GET /halting") + _asks("GET /long") + LAST,
        _asks("GET /nowhere") + LAST,
        b"NOT HTTP\r\n\r\n",
        b"GET /echo HTTP/1.0\r\n\r\n",
    ],
    ids=["pipelined", "head", "100 continue", "streamed", "unknown", "no http", "http 1.0"],
)
async def test_a_caller_reads_the_same_as_from_writes_apart(asked: bytes) -> None:
    async with asyncio.timeout(60):
        apart = await _answers("httptools", asked, 10_000)
        assert apart.startswith(b"HTTP/1.1 ")
        assert await _answers(OneWrite, asked, 10_000) == apart
