"""The office that the journeys from letter to close take place in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.office import Office, open_office
from tests.registers import Registers
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    request: pytest.FixtureRequest,
    dovecot: Dovecot,
    registers: Registers,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Office]:
    """One office for all journeys of a module: bot, API and test share the register.

    On PostgreSQL, or on the database a module asks for with `ON_BOTH`.
    """
    folder: Path = tmp_path_factory.mktemp("office")
    on_sqlite = getattr(request, "param", "postgres") == "sqlite"
    url = registers.sqlite(folder) if on_sqlite else registers.postgres()
    async with running() as sink, open_office(dovecot, sink, url, folder) as one:
        yield one
