"""`make run` as a newcomer sees it: all in one command, twice, and gone when told."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from mailbot.demo.samples import letters
from tests.processes import kill, run, start
from tests.servers.dovecot import free_ports

DONE = "All sample letters are in."


@dataclass
class Demo:
    """A running demo: what it printed, and the addresses in it."""

    process: asyncio.subprocess.Process
    environ: dict[str, str]
    lines: list[str] = field(default_factory=list)

    def said(self, name: str) -> str:
        """The value of NAME=value, alone on its line."""
        return next(x.partition("=")[2] for x in self.lines if x.startswith(f"{name}="))

    async def read_until(self, words: str, seconds: float) -> None:
        """Reads on until a line holds these words."""
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while not any(words in line for line in self.lines):
                line = await self.process.stdout.readline()
                assert line, "\n".join(self.lines)
                self.lines.append(line.decode().rstrip())

    async def settled(self) -> dict[str, int]:
        """The balance sheet once every sample letter is decided."""
        async with asyncio.timeout(120):
            while True:
                sheet = (await self.ask("query H { health { balance } }"))["health"]["balance"]
                if not sheet["stored"] and sum(sheet.values()) >= len(letters()):
                    return dict(sheet)
                await asyncio.sleep(0.2)

    async def ask(self, query: str) -> Any:
        """`data` of one query."""
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                self.said("GRAPHQL"),
                json={"query": query},
                headers={"Authorization": f"Bearer {self.said('TOKEN')}"},
            )
        found = answer.json()
        assert "errors" not in found, found
        return found["data"]


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Demo]:
    """The demo in a folder of its own; settings of a real system must not matter to it."""
    environ = {
        "PATH": os.environ["PATH"],
        "DEMO_DIR": str(folder),
        "PORT": str(free_ports(1)[0]),
        "DATABASE_URL": "postgres://u:p@127.0.0.1:1/real",
        "IMAP_URL": "imaps://u:p@127.0.0.1:1/INBOX",
        "MAIL_ADDRESS": "real@netpro.ee",
    }
    process = await start("mailbot", "demo", environ=environ)
    found = Demo(process, environ)
    try:
        yield found
    finally:
        kill(process)
        await process.communicate()


@asynccontextmanager
async def subscribed(found: Demo) -> AsyncIterator[ClientConnection]:
    """A dashboard that follows every case."""
    url = found.said("GRAPHQL").replace("http", "ws", 1)
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(url, subprotocols=[protocol]) as socket:
        hello = {"type": "connection_init", "payload": {"token": found.said("TOKEN")}}
        await socket.send(json.dumps(hello))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        query = "subscription Live { requestChanged { request { reference } entry { kind } } }"
        message = {"id": "1", "type": "subscribe", "payload": {"query": query}}
        await socket.send(json.dumps(message))
        await asyncio.sleep(0.3)
        yield socket


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Demo]:
    """A demo that has all its letters in."""
    async with demo(tmp_path) as found:
        await found.read_until(DONE, 240)
        yield found


async def test_every_sample_letter_is_decided_and_nobody_ordinary_is_answered(
    running: Demo,
) -> None:
    sheet = await running.settled()
    assert sheet["quarantined"] == sheet["before_start"] == 0
    query = "query B { requests(first: 100) { nodes { reference deadline { dueOn } } } }"
    cases = (await running.ask(query))["requests"]["nodes"]
    assert len(cases) >= 25
    assert any(case["deadline"] for case in cases)
    sent = "query O { outboundMail(first: 100) { nodes { to } } }"
    written_to = [mail["to"] for mail in (await running.ask(sent))["outboundMail"]["nodes"]]
    ordinary = {letter.sender for letter in letters() if letter.decision == "ignore"}
    assert not ordinary & set(written_to)


async def test_a_subscription_sees_a_letter_of_one_s_own_at_once(running: Demo) -> None:
    async with subscribed(running) as socket:
        words = ("send", "Palun kustutage minu konto ja kõik minu andmed.")
        sent = await run("mailbot", *words, environ=running.environ)
        assert sent.code == 0, sent.err
        async with asyncio.timeout(10):
            told = json.loads(await socket.recv())
    assert told["type"] == "next"
    assert told["payload"]["data"]["requestChanged"]["request"]["reference"].startswith("NP-")


async def test_ctrl_c_stops_everything_and_it_starts_again(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        async with demo(tmp_path) as found:
            await found.read_until("↳ sent", 120)
            found.process.send_signal(signal.SIGINT)
            async with asyncio.timeout(10):
                _, err = await found.process.communicate()
            assert found.process.returncode == 0
            assert b"Traceback" not in err, err.decode()


async def test_a_taken_port_is_said(tmp_path: Path) -> None:
    async with demo(tmp_path) as found:
        await found.read_until("TOKEN=", 120)
        again = await run("mailbot", "demo", environ=found.environ)
        assert again.code == 1
        assert "is taken" in again.err
