"""Tortoise engine for SQLite whose transactions open with BEGIN IMMEDIATE.

A plain BEGIN that reads first and writes later fails with "database is locked" under
two processes, whatever busy_timeout says; IMMEDIATE waits its turn.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any

import aiosqlite
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

INTERRUPT_SECONDS = 0.01


class _Reading:
    """One statement for the connection's thread; it can be ended, and nothing else with it."""

    def __init__(
        self, connection: aiosqlite.Connection, sql: str, values: Sequence[Any] | None
    ) -> None:
        self._connection, self._sql, self._values = connection, sql, values or []
        self._turn = threading.Lock()
        self._is_running = self._is_unwanted = False

    async def rows(self) -> list[Any]:
        """Its rows. When the caller is cancelled it has ended before the connection is free."""
        try:
            found: list[Any] = await self._connection._execute(self._run)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            # one that is just beginning, or between two rows, may not hear the first call
            while self._interrupted():  # noqa: ASYNC110 - its thread sets no event of ours
                await asyncio.sleep(INTERRUPT_SECONDS)
            raise
        return found

    def _run(self) -> list[Any]:
        with self._turn:
            if self._is_unwanted:
                return []
            self._is_running = True
        try:
            return self._connection._conn.execute(self._sql, self._values).fetchall()
        finally:
            with self._turn:
                self._is_running = False

    def _interrupted(self) -> bool:
        """Whether it is running; one that waits behind others will not run any more."""
        with self._turn:
            self._is_unwanted = True
            if self._is_running:
                self._connection._conn.interrupt()
            return self._is_running


class _ReadingClient(SqliteClient):
    """Reads end in the database when nobody waits for them any more; writes are never cut off."""

    @translate_exceptions
    async def execute_query_dict(
        self, query: str, values: list[Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of one statement."""
        if not query.startswith(("SELECT", "WITH")):
            found: list[dict[str, Any]] = await super().execute_query_dict(query, values)
            return found
        async with self.acquire_connection() as connection:
            return list(map(dict, await _Reading(connection, query, values).rows()))


class _ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            raise OperationalError(problem) from problem

    async def commit(self) -> None:
        """Done, or rolled back: a COMMIT that fails leaves SQLite inside its transaction."""
        try:
            await super().commit()
        except sqlite3.Error as problem:
            await self.rollback()
            kind = (
                IntegrityError if isinstance(problem, sqlite3.IntegrityError) else OperationalError
            )
            raise kind(problem) from problem


class _Snapshot(_ReadingClient, _ImmediateTransaction):
    async def begin(self) -> None:
        await self._connection.execute("BEGIN DEFERRED")


class _ImmediateContext(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        # tortoise's own keeps its lock when BEGIN fails or is cancelled, and later calls hang
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            if self.connection._connection:
                # a cancelled BEGIN may still have run: the next one would find it open
                await self.connection._connection.rollback()
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection  # type: ignore[no-any-return]


class ImmediateSqliteClient(_ReadingClient):
    """SqliteClient that takes the write lock when a transaction begins."""

    def snapshot(self) -> TransactionContext:
        """A transaction that reads the register as it stood at its first statement."""
        return _ImmediateContext(_Snapshot(self), self._lock)

    def _in_transaction(self) -> TransactionContext:
        return _ImmediateContext(_ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
