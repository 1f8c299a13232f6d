"""Two APIs and two bots on one PostgreSQL: nobody does anything twice, everybody is told once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.ids import decode
from models.vocabulary import Role
from tests.api.live import Caller, calling
from tests.api.seeds import seed_people
from tests.drill.desk import Desk
from tests.journeys.office import PATIENCE, until
from tests.mixture import plain_request
from tests.processes import kill, start
from tests.registers import Registers, house, in_use
from tests.servers.dovecot import Dovecot, free_ports
from tests.servers.smtp import SmtpServer

LIVE = """subscription Live { requestChanged {
  entry { id kind } request { reference status } } }"""
LEDGER = "query Ledger { requests { nodes { reference timeline { nodes { id kind } } } } }"
LETTERS = 3


@pytest.fixture
async def desk(dovecot: Dovecot, smtp: SmtpServer, registers: Registers) -> AsyncIterator[Desk]:
    """A mailbox, an SMTP server and a PostgreSQL register."""
    url = registers.postgres()
    yield Desk(dovecot, f"t{uuid4().hex[:12]}", smtp, url)
    registers.server.release(url)


@asynccontextmanager
async def api(desk: Desk) -> AsyncIterator[int]:
    """One more API of the desk; its port."""
    (port,) = free_ports(1)
    process = await start("api", "serve", environ=desk.environ | {"PORT": str(port)})
    try:
        assert process.stdout is not None
        assert b"GraphQL on" in await process.stdout.readline()
        yield port
    finally:
        kill(process)
        await process.communicate()


@asynccontextmanager
async def bot(desk: Desk) -> AsyncIterator[None]:
    """One more bot of the desk."""
    process = await start("mailbot", "watch", environ=desk.environ)
    try:
        yield
    finally:
        kill(process)
        await process.communicate()


async def told(caller: Caller, last: str) -> list[tuple[str, str]]:
    """(id, kind) of every line up to and with line `last`."""
    lines: list[tuple[str, str]] = []
    async with asyncio.timeout(PATIENCE):
        while not lines or lines[-1][0] != last:
            entry = (await caller.event())["entry"]
            lines.append((entry["id"], entry["kind"]))
    return lines


async def ledger(port: int, token: str) -> list[Any]:
    """(id, kind) of every line of every case, as one API tells it."""
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        answer = await http.post(
            f"http://127.0.0.1:{port}/graphql",
            json={"query": LEDGER},
            headers={"Authorization": f"Bearer {token}"},
        )
    cases = answer.json()["data"]["requests"]["nodes"]
    return [(one["id"], one["kind"]) for case in cases for one in case["timeline"]["nodes"]]


async def test_a_letter_is_told_once_by_both_apis(desk: Desk) -> None:
    """Every line of every case, in the order of the ledger, and one answer for each letter."""
    async with in_use(desk.url):
        token = (await seed_people(house()))[Role.VIEWER]
    async with AsyncExitStack() as running:
        ports = [await running.enter_async_context(api(desk)) for _ in range(2)]
        addresses = [f"ws://127.0.0.1:{port}/graphql" for port in ports]
        callers = [await running.enter_async_context(calling(one, token)) for one in addresses]
        for caller in callers:
            await caller.subscribe(query=LIVE)
            await caller.send(type="ping")
            assert (await caller.next())["type"] == "pong"
        for _ in range(2):
            await running.enter_async_context(bot(desk))
        writers = [plain_request(number) for number in range(1, LETTERS + 1)]
        desk.dovecot.fill(desk.user, [letter.raw for letter in writers])
        for letter in writers:
            await until(partial(_answered, desk, letter.sender), "an answer")
        lines = await _settled(ports, token)
        first, second = await asyncio.gather(*(told(one, lines[-1][0]) for one in callers))
    assert first == second == lines
    assert [kind for _, kind in lines].count("RECEIVED") == LETTERS
    assert desk.doubled() == {}


def _answered(desk: Desk, sender: str) -> bool:
    return bool(desk.sink.sent_to(sender))


async def _settled(ports: list[int], token: str) -> list[Any]:
    """The ledger once every letter's delivery stands in it, alike at both APIs."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        first, second = [sorted(await ledger(port, token), key=_place) for port in ports]
        kinds = [kind for _, kind in first]
        if first == second and kinds.count("ACKNOWLEDGED") == LETTERS:
            return first
        assert asyncio.get_running_loop().time() < end, kinds
        await asyncio.sleep(0.25)


def _place(line: tuple[str, str]) -> int:
    return int(decode(line[0])[1])
