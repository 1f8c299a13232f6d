"""The same illegal acts through the API: one user error, the objects null, nothing behind."""

import pytest

from api.ids import encode
from models.house import House
from tests.api.desk import Door
from tests.api.seeds import NOW
from tests.illegal import ILLEGAL, Illegal, sentence
from tests.models.acts.desk import everything

ASKABLE = [one for one in ILLEGAL if one.mutation is not None]
WITHOUT_LETTER = {
    "requestDecideItem", "requestVerifyIdentity", "requestCorrectClassification", "requestReopen",
}  # fmt: skip


@pytest.mark.parametrize("illegal", ASKABLE, ids=sentence)
async def test_the_mutation_is_refused_and_leaves_nothing_behind(
    door: Door, house: House, illegal: Illegal
) -> None:
    case = await illegal.prepare(house, NOW)
    name = illegal.mutation or ""
    given = illegal.fields() | {
        "requestId": encode("DataSubjectRequest", case.id),
        "version": case.version,
    }
    if name in {"requestAskIdentity", "requestAskClarification"}:
        del given["ground"]  # the mutation itself is the ground
    if name not in WITHOUT_LETTER:
        given["idempotencyKey"] = "one"
    before = await everything()
    kind = name[0].upper() + name[1:]
    query = (
        f"mutation Act($input: {kind}Input!) {{ {name}(input: $input) {{"
        " request { id } outboundMail { id } userErrors { code path message } } }"
    )
    done = (await door.ask(query, illegal.role, input=given))[name]
    (error,) = done["userErrors"]
    assert error["code"] == illegal.code.name
    assert error["path"][0] == "input"
    assert (done["request"], done["outboundMail"]) == (None, None)
    assert await everything() == before


async def test_no_ground_but_the_law_s_two_stops_the_clock(door: Door) -> None:
    """The published schema has no other way to ask for it."""
    query = (
        "mutation S($input: RequestSuspendInput!) { requestSuspend(input: $input) { __typename } }"
    )
    assert (await door.post(query, input={})).status_code == 422
