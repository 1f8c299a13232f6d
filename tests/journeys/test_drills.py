"""A few of `make drill`'s faults with a few letters, so that the drills themselves stay true."""

import importlib
from functools import reduce
from uuid import uuid4

import pytest

from tests.drill.account import account
from tests.drill.desk import Desk
from tests.drill.faults import FAULTS, ROADS
from tests.drill.link import linked
from tests.drill.stage import Stage
from tests.drill.victim import STEPS, Step
from tests.mixture import mixture, plain_request
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import SmtpServer

NAMES = ("cut", "lost250", "kill5")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_of_a_kill_names_a_function_there_is(step: Step) -> None:
    module, _, path = step.where.partition(":")
    owner = importlib.import_module(module)
    assert callable(reduce(getattr, path.split("."), owner))
    assert step.road in ROADS


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
