"""A running application over a fresh register, callers of every role, sample rows."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from api.app import build_app
from api.settings import ApiSettings
from models import database
from models.house import House
from tests.api.desk import Door, Statements
from tests.api.seeds import Sample, seed_people, seed_sample


@pytest.fixture
async def door(register: str, house: House) -> AsyncIterator[Door]:
    """The API over one register, with a token for every role."""
    app = build_app(house, ApiSettings())
    tokens = await seed_people(house)
    async with app.router.lifespan_context(app), Door.over(app, tokens) as door:
        yield door


@pytest.fixture
async def sample(door: Door, house: House) -> Sample:
    """Two clients, cases with everything in them, letters in triage."""
    return await seed_sample(house)


@pytest.fixture
def statements(door: Door, monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Counts statements on the register's connection."""
    found, fetch = Statements(), database._fetch

    async def counted(client: Any, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        found.add(sql)
        return await fetch(client, sql, values)

    monkeypatch.setattr(database, "_fetch", counted)
    return found
