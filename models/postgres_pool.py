"""Tortoise engine for PostgreSQL whose transactions give their connection back, always.

The library's own keeps the connection for ever when BEGIN fails or is cancelled: a stopping
bot would wait for it, and an API whose slow queries are cancelled would run out of them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from asyncpg import Connection
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from models.postgres_kept import KEPT_MAX, Kept


class _PooledContext(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            # releasing rolls back a BEGIN that ran all the same
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class Snapshot(TransactionWrapper):
    """A transaction that reads only, and opens when it is first asked."""

    async def _opened(self) -> Connection:
        if self.transaction is None:
            pool: Any = self._parent._pool
            found = await pool.acquire()
            try:
                transaction = found.transaction(isolation="repeatable_read", readonly=True)
                await transaction.start()
            except BaseException:
                await pool.release(found)
                raise
            self._connection, self.transaction = found, transaction
        return self._connection

    @asynccontextmanager
    async def acquire_connection(self) -> AsyncIterator[Connection]:  # type: ignore[override]
        """One statement at a time."""
        async with self._lock:
            yield await self._opened()

    @property
    def unopened(self) -> AsyncpgDBClient:
        """Where to ask when one statement is all there is: this one once it has begun."""
        return self if self.transaction else self._parent


class _SnapshotContext(TransactionContextPooled):
    client: Snapshot

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        if self.client.transaction is None:
            get_connections().reset(self.token)
        else:
            await super().__aexit__(exc_type, exc_val, exc_tb)


class PooledPostgresClient(AsyncpgDBClient):
    """AsyncpgDBClient that never loses a connection of its pool."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._kept = Kept(min(KEPT_MAX, self.pool_maxsize // 2))

    async def fetch(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """The records of one statement outside any transaction."""
        if self._pool is None:
            await self._open_pool()
        return await self._kept.fetch(self._pool, sql, values)

    async def _open_pool(self) -> None:
        async with self._pool_init_lock:
            if self._pool is None:
                self._kept = Kept(min(KEPT_MAX, self.pool_maxsize // 2))
                await self.create_connection(with_db=True)

    async def _close(self) -> None:
        if self._pool:
            await self._kept.close(self._pool)
        await super()._close()

    def snapshot(self) -> TransactionContext:
        """A transaction that reads the register as it stood at its first statement."""
        return _SnapshotContext(Snapshot(self), self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return _PooledContext(TransactionWrapper(self), self._pool_init_lock)


client_class = PooledPostgresClient
