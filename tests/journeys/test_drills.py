"""A few of `make drill`'s faults with a few letters, so that the drills themselves stay true."""

from uuid import uuid4

import pytest

from tests.drill.account import account
from tests.drill.desk import Desk
from tests.drill.faults import FAULTS
from tests.drill.link import linked
from tests.drill.stage import Stage
from tests.mixture import mixture, plain_request
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import SmtpServer

NAMES = ("cut", "lost250", "kill5")


@pytest.mark.parametrize("name", NAMES)
async def test_a_fault_loses_nothing_and_doubles_nothing(
    name: str, dovecot: Dovecot, smtp: SmtpServer, register_url: str, postgres: Postgres
) -> None:
    fault = next(one for one in FAULTS if one.name == name)
    letters = [*mixture(8), *(plain_request(number) for number in range(100, 104))]
    async with linked(dovecot.port) as link:
        desk = Desk(dovecot, f"d{uuid4().hex[:12]}", smtp, register_url)
        stage = Stage(desk, link, postgres, letters)
        await fault.happens(stage)
        stage.heal()
        assert await stage.finish() == []
        result = await account(desk, letters, None)
    assert result.wrong == []
    assert bool(result.maybe_sent) == fault.doubtful
