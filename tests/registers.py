"""Registers for tests: migrated once a run for each database, copied for each test."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tortoise.backends.base.executor import EXECUTOR_CACHE

from models.database import opened
from models.house import House
from models.letters.facts import Controller
from models.migrate import migrate
from models.sealed import Vault
from tests.servers.postgres import Postgres, database_name

KEY = bytes(range(32))
SECRET = bytes(range(1, 33))
NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)

CONTROLLER = Controller(
    name="Näidis OÜ",
    registry_code="12345678",
    address="Näidise 1, 10111 Tallinn",
    phone="+372 000 0000",
    contact="info@netpro.ee",
)


def house(**changes: object) -> House:
    """A house with fixed keys and a sample controller."""
    facts = {
        "vault": Vault([KEY], [SECRET]),
        "controller": CONTROLLER,
        "zone": ZoneInfo("Europe/Tallinn"),
        "mail_address": "info@netpro.ee",
        "bounce_address": "info@netpro.ee",
    }
    return House(**(facts | changes))  # type: ignore[arg-type]


class Registers:
    """Gives out DATABASE_URLs of fresh, migrated registers."""

    def __init__(self, template: Path, postgres: Postgres, template_url: str) -> None:
        self._template = template
        self.server = postgres
        self._template_url = template_url

    def sqlite(self, folder: Path) -> str:
        """A copy of the migrated file."""
        path = folder / "register.sqlite3"
        shutil.copy(self._template, path)
        return f"sqlite://{path}"

    def postgres(self) -> str:
        """A copy of the migrated database."""
        return self.server.create_database(database_name(self._template_url))


async def migrated(postgres: Postgres, folder: Path) -> Registers:
    """Templates on both databases, migrated once."""
    path = folder / "template.sqlite3"
    await migrate(f"sqlite://{path}")
    # tortoise caches INSERT statements by connection name, and placeholders differ
    EXECUTOR_CACHE.clear()
    template_url = postgres.create_database()
    await migrate(template_url)
    EXECUTOR_CACHE.clear()
    return Registers(path, postgres, template_url)


@asynccontextmanager
async def in_use(url: str) -> AsyncIterator[str]:
    """The register opened for this test."""
    EXECUTOR_CACHE.clear()
    async with opened(url):
        yield url
    EXECUTOR_CACHE.clear()
