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
    dovecot: Dovecot, registers: Registers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """One office for all journeys, on PostgreSQL: three processes share the register."""
    folder: Path = tmp_path_factory.mktemp("anchors")
    async with running() as sink, open_office(dovecot, sink, registers.postgres(), folder) as one:
        yield one
