"""Real servers every test may ask for."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.servers import dovecot as dovecot_server
from tests.servers import postgres as postgres_server
from tests.servers import smtp as smtp_server
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import SmtpServer


def _needs_dovecot() -> None:
    if dovecot_server.program() is None:
        sentence = "Dovecot is not installed: apt install dovecot-imapd dovecot-lmtpd"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)


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
