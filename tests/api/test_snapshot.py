"""An answer is of one moment: what others commit while it is read is not half in it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg
import pytest

from models import database
from models.database import is_postgres, rows, snapshot
from models.postgres_pool import Snapshot
from models.tables import JournalEntry
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import Sample

BOARD = """query Board { requests(first: 25, where: {status: {in: [NEW, IN_PROGRESS]}}) {
  totalCount nodes { reference status deadline { dueOn } subject { displayName }
    items { type status } } } }"""
CHANGES = (
    "UPDATE request SET status = 'in_progress'",
    "UPDATE request_item SET status = 'decided'",
    "UPDATE client SET display_name = 'Somebody Else'",
)


class Stranger:
    """Another process: commits changes over a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def commit(self) -> None:
        """All changes in one transaction."""
        if not self._url.startswith("sqlite"):
            client = await asyncpg.connect(self._url.replace("postgres://", "postgresql://", 1))
            async with client.transaction():
                for sql in CHANGES:
                    await client.execute(sql)
            await client.close()
            return
        process = await asyncio.create_subprocess_exec(
            "python3", "-c", _SQLITE, self._url.removeprefix("sqlite://"), *CHANGES
        )
        assert await process.wait() == 0


_SQLITE = """import sqlite3, sys
client = sqlite3.connect(sys.argv[1], timeout=20)
with client:
    for sql in sys.argv[2:]:
        client.execute(sql)
client.close()
"""


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Does something after the first statement that reads cases."""
    fetch = database._fetch

    def put(act: Callable[[], Awaitable[None]]) -> None:
        waiting = [act]

        async def fetched(client: Any, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
            found = await fetch(client, sql, values)
            if " FROM request " in sql and waiting:
                await waiting.pop()()
            return found

        monkeypatch.setattr(database, "_fetch", fetched)

    return put


async def test_a_board_is_never_half_old_half_new(
    register: str,
    door: Door,
    sample: Sample,
    between: Callable[[Callable[[], Awaitable[None]]], None],
) -> None:
    old = await door.ask(BOARD)
    between(Stranger(register).commit)
    assert await door.ask(BOARD) == old
    new = await door.ask(BOARD)
    assert {case["status"] for case in new["requests"]["nodes"]} == {"IN_PROGRESS"}
    assert {case["subject"]["displayName"] for case in new["requests"]["nodes"]} == {
        "Somebody Else"
    }


async def test_a_question_that_is_cut_off_leaves_its_connection_whole(
    door: Door, sample: Sample
) -> None:
    """More often than the pool has connections."""
    slow = "SELECT pg_sleep(60) AS n" if is_postgres() else _ENDLESS
    for _ in range(10):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), snapshot():
                await rows(slow)
    assert (await door.ask("{ requests { totalCount } }"))["requests"]["totalCount"] == 2


ONE = """query One { requestByReference(reference: "NP-2026-0002") {
  reference subject { displayName } deadline { dueOn } timeline { nodes { kind } } } }"""
MORE = """query More { requestByReference(reference: "NP-2026-0002") {
  reference messages { nodes { id } } } }"""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A snapshot's number for each statement in it."""
    found: list[int] = []
    open_it = Snapshot._opened

    async def noted(self: Snapshot) -> asyncpg.Connection:
        found.append(id(self))
        return await open_it(self)

    monkeypatch.setattr(Snapshot, "_opened", noted)
    return found


async def test_one_statement_opens_no_snapshot_and_two_do_on_postgresql(
    door: Door, sample: Sample, opened: list[int]
) -> None:
    await door.ask(ONE)
    assert opened == []
    await door.ask(MORE)
    assert len(opened) == (2 if is_postgres() else 0)
    assert len(set(opened)) <= 1


async def test_that_it_is_one_statement_is_known_of_an_operation_not_of_its_document(
    door: Door, sample: Sample, opened: list[int]
) -> None:
    async def ask(name: str, role: Role) -> None:
        body = {"query": f"{ONE} {MORE}", "operationName": name}
        opened.clear()
        response = await door.http.post("/graphql", json=body, headers=door.headers(role))
        assert "errors" not in response.json()
        assert bool(opened) == (is_postgres() and name == "More")

    for _ in range(2):
        for role in (Role.VIEWER, Role.CASE_HANDLER):
            await ask("One", role)
            await ask("More", role)


async def test_a_case_asked_again_and_again_is_never_half_old_half_new(
    register: str,
    door: Door,
    sample: Sample,
    between: Callable[[Callable[[], Awaitable[None]]], None],
) -> None:
    """It is one statement on PostgreSQL; on SQLite several, which need their snapshot each time."""
    old = await door.ask(ONE)
    assert await door.ask(ONE) == old
    between(Stranger(register).commit)
    assert await door.ask(ONE) == old
    assert await door.ask(ONE) != old


TWICE = """query Twice { requests(first: 25, where: {status: {in: [NEW, IN_PROGRESS]}}) {
  nodes { reference status } edges { node { reference items { status } } } } }"""


async def test_a_page_that_is_shown_twice_is_of_one_moment_too(
    register: str,
    door: Door,
    sample: Sample,
    between: Callable[[Callable[[], Awaitable[None]]], None],
) -> None:
    old = await door.ask(TWICE)
    between(Stranger(register).commit)
    assert await door.ask(TWICE) == old
    assert await door.ask(TWICE) != old


_ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " SELECT max(i) AS n FROM n"
)


async def test_questions_at_once_have_a_snapshot_each(door: Door, sample: Sample) -> None:
    """More than the pool has connections, several roots each; all are journalled."""
    query = "query Many { viewer { label } requests { totalCount nodes { reference } }"
    query += ' requestByReference(reference: "NP-2026-0001") { timeline { nodes { kind } } }'
    query += ' statistics(period: {from: "2026-01-01", until: "2026-02-01"}) { open } }'
    answers = await asyncio.gather(*(door.ask(query, Role.DPO) for _ in range(24)))
    assert all(answer == answers[0] for answer in answers)
    assert await JournalEntry.filter(operation="Many").count() == 24
