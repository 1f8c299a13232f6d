"""`python -m tests.bench.load`: asks one server over kept connections, says how long it took.

A process of its own, so that the server's process has its core to itself. Reads one JSON
line {"port", "path", "headers", "connections", "seconds", "bodies"}; writes one
{"count", "seconds", "waits", "failed"}; waits are in milliseconds.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any


@dataclass
class Asked:
    """What one run of a load gave."""

    waits: list[float] = field(default_factory=list)
    failed: int = 0


class Connection:
    """One kept HTTP/1.1 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def post(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """(status, body) of one request."""
        self._writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.lower().split(b"\r\n")
        for line in lines:
            if line.startswith(b"content-length:"):
                found = await self._reader.readexactly(int(line[15:]))
                return int(lines[0].split()[1]), found
        return int(lines[0].split()[1]), await self._chunks()

    async def _chunks(self) -> bytes:
        found = bytearray()
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            found += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return bytes(found)

    def close(self) -> None:
        """No more questions."""
        self._writer.close()


def head(port: int, path: str, headers: dict[str, str]) -> bytes:
    """Everything before Content-Length."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()


async def _caller(asked: Asked, until: float, order: dict[str, Any], offset: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"], limit=2**22)
    connection = Connection(reader, writer)
    first = head(order["port"], order["path"], order["headers"])
    bodies = [body.encode() for body in order["bodies"]]
    bodies = bodies[offset % len(bodies) :] + bodies[: offset % len(bodies)]
    for body in cycle(bodies):
        began = time.perf_counter()
        if began > until:
            break
        status, answer = await connection.post(first, body)
        asked.waits.append((time.perf_counter() - began) * 1000)
        asked.failed += status != 200 or b'"errors"' in answer
    connection.close()


async def run(order: dict[str, Any]) -> dict[str, Any]:
    """One load."""
    asked, began = Asked(), time.perf_counter()
    until = began + order["seconds"]
    callers = order["connections"]
    await asyncio.gather(*(_caller(asked, until, order, 7 * n) for n in range(callers)))
    seconds = time.perf_counter() - began
    return {
        "count": len(asked.waits),
        "seconds": seconds,
        "waits": asked.waits,
        "failed": asked.failed,
    }


def main() -> None:
    """One order a line until the end of the input."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(run(json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
