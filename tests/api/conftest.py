"""A running application over a fresh register, callers of every role, sample rows."""

from collections.abc import AsyncIterator

import pytest

from api.app import build_app
from api.settings import ApiSettings
from models.house import House
from tests.api.desk import Door
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
