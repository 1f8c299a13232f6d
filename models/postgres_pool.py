"""Tortoise engine for PostgreSQL whose transactions give their connection back, always.

The library's own keeps the connection for ever when BEGIN fails or is cancelled: a stopping
bot would wait for it, and an API whose slow queries are cancelled would run out of them.
"""

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections


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


class _Snapshot(TransactionWrapper):
    async def begin(self) -> None:
        self.transaction = self._connection.transaction(isolation="repeatable_read", readonly=True)
        await self.transaction.start()


class PooledPostgresClient(AsyncpgDBClient):
    """AsyncpgDBClient that never loses a connection of its pool."""

    def snapshot(self) -> TransactionContext:
        """A transaction that reads the register as it stood at its first statement."""
        return _PooledContext(_Snapshot(self), self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return _PooledContext(TransactionWrapper(self), self._pool_init_lock)


client_class = PooledPostgresClient
