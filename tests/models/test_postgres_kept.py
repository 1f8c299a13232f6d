"""Connections kept out of the pool: never lost, never dead, never more than agreed."""

import asyncio
from typing import Any

import pytest

from models import postgres_kept
from models.database import connection, is_postgres, rows
from models.postgres_kept import KEPT_MAX
from models.postgres_pool import PooledPostgresClient


def _client() -> Any:
    found = connection()
    return found if isinstance(found, PooledPostgresClient) else None


async def _number() -> int:
    sql = "SELECT pg_backend_pid() AS n" if is_postgres() else "SELECT 1 AS n"
    found: int = (await rows(sql))[0]["n"]
    return found


async def test_one_after_the_other_they_ask_over_the_same_connection(register: str) -> None:
    assert len({await _number() for _ in range(5)}) == 1


async def test_no_connection_is_lost_with_a_statement_that_failed_or_was_cut_off(
    register: str,
) -> None:
    """More often than there are connections; the next statement gets its own answer."""
    slow = "SELECT pg_sleep(60) AS n" if is_postgres() else _ENDLESS
    for _ in range(10):
        with pytest.raises(Exception, match="nowhere"):
            await rows("SELECT 1 FROM nowhere")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await rows(slow)
        assert await _number()


async def test_more_statements_at_once_than_are_kept_are_all_answered(register: str) -> None:
    assert len(await asyncio.gather(*(_number() for _ in range(40)))) == 40
    client = _client()
    if client:
        assert len(client._kept._free) == KEPT_MAX
        assert client._pool.get_size() - client._pool.get_idle_size() == KEPT_MAX


async def test_a_connection_that_was_closed_meanwhile_is_replaced(register: str) -> None:
    """The server was restarted, or somebody ended its processes."""
    before, client = await _number(), _client()
    if client:
        gone = asyncio.Event()
        client._kept._free[0][0].add_termination_listener(lambda *_: gone.set())
        async with client._pool.acquire() as other, asyncio.timeout(10):
            await other.execute("SELECT pg_terminate_backend($1)", before)
            await gone.wait()
    assert not client or await _number() != before


async def test_a_connection_that_lay_idle_for_long_is_not_trusted(
    register: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firewall may have dropped it without a word."""
    before = await _number()
    monkeypatch.setattr(postgres_kept, "IDLE_SECONDS", 0.0)
    assert not is_postgres() or await _number() != before


async def test_closing_waits_for_nobody_who_keeps_a_connection(register: str) -> None:
    """Neither for those at hand nor for one whose statement is still running."""
    client = _client()
    if client:
        await asyncio.gather(*(_number() for _ in range(KEPT_MAX)))
        running = asyncio.create_task(rows("SELECT pg_sleep(0.2)::text AS n"))
        await asyncio.sleep(0)  # on its way
        async with asyncio.timeout(8):  # the pool would wait for ten seconds
            await client.close()
        assert await running == [{"n": ""}]


_ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " SELECT max(i) AS n FROM n"
)
