"""Every illegal act is refused with one typed error; nothing is changed, nothing is sent."""

import pytest

from models.house import House
from models.shapes import ActRefused
from tests.illegal import ILLEGAL, Illegal, sentence
from tests.models.acts.desk import everything, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")


@pytest.mark.parametrize("illegal", ILLEGAL, ids=sentence)
async def test_the_act_is_refused_and_leaves_nothing_behind(house: House, illegal: Illegal) -> None:
    case = await illegal.prepare(house, NOW)
    actor = await staff(house, illegal.role)
    before = await everything()
    with pytest.raises(ActRefused) as refusal:
        await illegal.act(
            house, actor, request_id=case.id, version=case.version, now=NOW, **illegal.given
        )
    (problem,) = refusal.value.problems
    assert problem.code is illegal.code
    assert problem.path[0] == "input"
    assert await everything() == before
