"""Tortoise engine for SQLite whose transactions open with BEGIN IMMEDIATE.

A plain BEGIN that reads first and writes later fails with "database is locked" under
two processes, whatever busy_timeout says; IMMEDIATE waits its turn.
"""

import sqlite3

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError


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


class _Snapshot(_ImmediateTransaction):
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


class ImmediateSqliteClient(SqliteClient):
    """SqliteClient that takes the write lock when a transaction begins."""

    def snapshot(self) -> TransactionContext:
        """A transaction that reads the register as it stood at its first statement."""
        return _ImmediateContext(_Snapshot(self), self._lock)

    def _in_transaction(self) -> TransactionContext:
        return _ImmediateContext(_ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
