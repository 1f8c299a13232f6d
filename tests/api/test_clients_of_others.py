"""Clients of others, from npm, against the running API: the audit suite, graphql-ws."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tortoise.transactions import in_transaction

from api.app import build_app
from api.ids import encode
from api.settings import ApiSettings
from models.acts.access import revoke_token
from models.acts.work import LEDGER_LOCK
from models.database import CONNECTION, connection, is_postgres
from models.house import House
from models.shapes import SYSTEM
from models.vocabulary import Role, TimelineKind
from tests.api import node_clients
from tests.api.desk import Door
from tests.api.live import settled
from tests.api.node_clients import running
from tests.api.seeds import Sample, make_entry
from tests.api.serving import free_port, served
from tests.processes import kill, settings, start

MUST_AND_SHOULD = 36
BY_INTROSPECTION = {"2EA1", "28B9"}  # their variables go to `__type(name:)`


@pytest.fixture(autouse=True)
def _node() -> None:
    node_clients.needed()


async def audited(house: House, token: str, debug: bool) -> dict[str, set[str]]:
    """Ids of the audits by status; what a server MAY do is left out."""
    app = build_app(house, ApiSettings.load({"DEBUG": "1"} if debug else {}, None))
    words = [] if debug else ["named"]  # production takes no operation without a name
    async with (
        app.router.lifespan_context(app),
        served(app) as server,
        running("audit.mjs", server.url(), token, *words) as client,
    ):
        audits = await client.next()
    found: dict[str, set[str]] = {}
    for audit in audits:
        if not audit["name"].startswith("MAY"):
            found.setdefault(audit["status"], set()).add(audit["id"])
    return found


async def test_the_audit_suite_of_the_graphql_foundation_passes(door: Door, house: House) -> None:
    """Every MUST and every SHOULD."""
    found = await audited(house, door.tokens[Role.VIEWER], debug=True)
    assert set(found) == {"ok"}
    assert len(found["ok"]) == MUST_AND_SHOULD


async def test_in_production_only_audits_that_ask_for_the_schema_fail(
    door: Door, house: House
) -> None:
    """Introspection is off there: the schema is published in the repository."""
    found = await audited(house, door.tokens[Role.VIEWER], debug=False)
    assert set().union(*found.values()) - found["ok"] == BY_INTROSPECTION
    assert len(found["ok"]) == MUST_AND_SHOULD - len(BY_INTROSPECTION)


async def test_a_cut_connection_loses_nothing(door: Door, sample: Sample, house: House) -> None:
    """The client goes on behind the last line it saw: each line once, in order."""
    async with served(door.app) as server:
        after = encode("TimelineEntry", sample.entry.id)
        client = running("live.mjs", server.url("ws"), door.tokens[Role.VIEWER], after)
        async with client as live:
            for number in range(6):
                await make_entry(house, sample.case, TimelineKind.NOTE, f"Line {number}")
                if number % 2:
                    assert await live.event() == f"Line {number - 1}"
                    assert server.cut()
                    assert await live.event() == f"Line {number}"


async def test_who_is_nobody_is_turned_away_for_good(door: Door) -> None:
    """4403, before anything is answered."""
    async with served(door.app) as server, running("live.mjs", server.url("ws"), "wrong") as live:
        assert await live.next() == {"closed": 4403}


async def test_a_token_that_ends_ends_the_subscription(
    door: Door, sample: Sample, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client is told why."""
    monkeypatch.setattr("api.subscriptions.RECHECK_SECONDS", 0.05)
    async with served(door.app) as server:
        client = running("live.mjs", server.url("ws"), door.tokens[Role.VIEWER])
        async with client as live:
            assert await live.next() == {"connected": True}
            await settled(door)
            await revoke_token(house, SYSTEM, name="viewer")
            told = await live.next()
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@asynccontextmanager
async def api_process(url: str, port: int) -> AsyncIterator[None]:
    """`python -m api serve`, killed at the end."""
    environ = settings(url, "", "") | {"PORT": str(port), "HOST": "127.0.0.1"}
    process = await start("api", "serve", environ=environ)
    try:
        assert process.stdout is not None
        assert b"GraphQL on" in await process.stdout.readline()
        yield
    finally:
        kill(process)
        await process.communicate()


@asynccontextmanager
async def held_open(house: House, sample: Sample, summary: str) -> AsyncIterator[None]:
    """A line written by a transaction that commits only at the end."""
    async with in_transaction(CONNECTION):
        if is_postgres():
            await connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LEDGER_LOCK])
        await make_entry(house, sample.case, TimelineKind.NOTE, summary)
        yield


async def test_a_killed_api_and_a_late_commit_leave_no_gap(
    register: str, door: Door, sample: Sample, house: House
) -> None:
    """Lines of the dead time come first, the one that commits late before what waited for it."""

    async def write_late() -> None:
        async with held_open(house, sample, "Late"):
            begun.set()
            await may_commit.wait()

    async def write(summary: str) -> None:
        async with held_open(house, sample, summary):
            pass

    begun, may_commit, port = asyncio.Event(), asyncio.Event(), free_port()
    after = encode("TimelineEntry", sample.entry.id)
    words = (f"ws://127.0.0.1:{port}/graphql", door.tokens[Role.VIEWER], after)
    async with running("live.mjs", *words) as live:
        async with api_process(register, port):
            await write("Before")
            assert await live.event() == "Before"
        await write("While it was dead")
        async with api_process(register, port):
            assert await live.event() == "While it was dead"
            late = asyncio.create_task(write_late())
            await begun.wait()
            later = asyncio.create_task(write("Later"))
            await live.silent(0.5)
            may_commit.set()
            await asyncio.gather(late, later)
            assert [await live.event(), await live.event()] == ["Late", "Later"]
