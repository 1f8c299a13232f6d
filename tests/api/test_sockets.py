"""graphql-transport-ws, word by word: what is no message, what is refused, what is written down."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from prometheus_client import generate_latest

from api.app import build_app
from api.settings import ApiSettings
from models.house import House
from models.vocabulary import Role, TimelineKind
from tests.api.desk import Door
from tests.api.live import PATIENCE, calling, settled, stranger
from tests.api.seeds import Sample, make_entry
from tests.api.serving import served

LIVE = "subscription Live { requestChanged { entry { id } } }"


@pytest.fixture
async def address(door: Door) -> AsyncIterator[str]:
    """ws:// address of the running application."""
    async with served(door.app) as server:
        yield server.url("ws")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "5",
        "null",
        "no JSON",
        "[" * 50_000,
        "9" * 5_000,
        "{}",
        '{"type": []}',
        json.dumps({"type": "x" * 200}),
        '{"type": "ping", "payload": "x"}',
        '{"type": "connection_init", "payload": "x"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": "x"}',
        '{"type": "subscribe", "id": [], "payload": {}}',
        '{"type": "complete", "id": {}}',
    ],
)
async def test_what_is_no_message_of_the_protocol_closes_the_connection(
    door: Door, address: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """4400 and a sentence, before a caller is known and after; nothing breaks on our side."""
    async with stranger(address) as nobody, calling(address, door.tokens[Role.DPO]) as caller:
        for one in (nobody, caller):
            await one._ws.send(text)
            code, reason = await one.closed()
            assert (code, bool(reason)) == (4400, True)
    assert "Exception in ASGI application" not in caplog.text


async def test_an_id_in_use_closes_the_connection_however_long_it_is(
    door: Door, address: str
) -> None:
    async with calling(address, door.tokens[Role.DPO]) as caller:
        for _ in range(2):
            await caller.subscribe("x" * 200, LIVE)
        assert (await caller.closed())[0] == 4409


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({}, "`query` must be a JSON string."),
        ({"query": 7}, "`query` must be a JSON string."),
        ({"query": LIVE, "variables": "x"}, "`variables` must be a JSON object."),
        ({"query": LIVE, "operationName": 7}, "`operationName` must be a JSON string."),
        ({"query": LIVE, "operationName": "Other"}, "`operationName` names no operation"),
        ({"query": LIVE, "variables": {"x": "\0"}}, "U+0000"),
        ({"query": "subscription Live { "}, "Syntax Error"),
        ({"query": ""}, "Syntax Error"),
        ({"query": "subscription Live { " + "a " * 3_000 + "}"}, "2000 tokens"),
        ({"query": LIVE.replace(" Live", "")}, "Give the operation a name"),
    ],
)
async def test_what_is_no_subscription_is_refused_with_a_code(
    door: Door, address: str, payload: Any, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An error, once, and the connection goes on; no fault of ours is written down."""
    async with calling(address, door.tokens[Role.DPO]) as caller:
        await caller.send(id="1", type="subscribe", payload=payload)
        message = await caller.next()
        assert (message["id"], message["type"]) == ("1", "error")
        (error,) = message["payload"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT"}
        assert says in error["message"]
        await caller.send(type="ping")
        assert (await caller.next())["type"] == "pong"
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


async def test_with_debug_a_subscription_needs_no_name(
    house: House, door: Door, sample: Sample
) -> None:
    app = build_app(house, ApiSettings.load({"DEBUG": "1"}, None))
    async with (
        app.router.lifespan_context(app),
        served(app) as server,
        calling(server.url("ws"), door.tokens[Role.DPO]) as caller,
    ):
        await caller.subscribe(query=LIVE.replace(" Live", ""))
        async with asyncio.timeout(PATIENCE):
            while not app.state.desk.ledger._waiting:  # noqa: ASYNC110 - a look from outside
                await asyncio.sleep(0.01)


async def test_a_subscription_is_a_line_at_its_start_and_one_at_its_end(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """Name, caller by number, cost, milliseconds and request id, and nobody's data; counted."""
    query = "subscription Live { requestChanged { request { subject { displayName } } } }"
    with structlog.testing.capture_logs() as lines:
        async with calling(address, door.tokens[Role.DPO]) as caller:
            await caller.subscribe(query=query)
            await settled(door)
            await make_entry(house, sample.case, TimelineKind.NOTE)
            await caller.event()
            await caller.subscribe("2", "subscription Bad { nothing }")
            await caller.next()
            await caller.send(id="1", type="complete")
            async with asyncio.timeout(PATIENCE):
                while len(lines) < 3:  # noqa: ASYNC110 - a look from outside
                    await asyncio.sleep(0.01)
    began, refused, ended = map(dict, lines)
    assert re.fullmatch(r"staff \d+", began["caller"])
    same = {name: began[name] for name in ("operation", "caller", "cost", "request")}
    assert began == {"event": "subscribed", "log_level": "info", **same}
    assert (same["operation"], same["cost"] > 1) == ("Live", True)
    assert ended.pop("ms") > 0
    assert ended == began | {"event": "ended", "status": 200, "codes": []}
    assert (refused["event"], refused["codes"]) == ("answered", ["BAD_USER_INPUT"])
    assert not re.search("(?i)mari|person", str(lines))
    told = generate_latest(door.app.state.metrics.registry).decode()
    assert 'operations_total{failed="false",operation="Live",status="200"} 1.0' in told
    assert 'operations_total{failed="true",operation="unnamed",status="400"} 1.0' in told
    assert "netpro_operation_seconds_count 1.0" in told  # how long one listens says nothing
