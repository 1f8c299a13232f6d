"""Tortoise engine for SQLite whose transactions open with BEGIN IMMEDIATE.

A plain BEGIN that reads first and writes later fails with "database is locked" under
two processes, whatever busy_timeout says; IMMEDIATE waits its turn.
"""

import sqlite3

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import OperationalError


class _ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            raise OperationalError(problem) from problem


class _ImmediateContext(SqliteTransactionContext):
    async def __aenter__(self):  # type: ignore[no-untyped-def]  # tortoise's own is untyped
        try:
            return await super().__aenter__()
        except BaseException:
            # tortoise leaves its lock held when BEGIN fails, and every later call would hang
            if self._trxlock.locked():
                self._trxlock.release()
            raise


class ImmediateSqliteClient(SqliteClient):
    """SqliteClient that takes the write lock when a transaction begins."""

    def _in_transaction(self) -> TransactionContext:
        return _ImmediateContext(_ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
