"""An error stands where it belongs, and takes away no more than that."""

from typing import Any

import pytest

from api.ids import encode
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import Sample


def places(answer: dict[str, Any]) -> list[tuple[str, list[str | int]]]:
    """Code and path of each error."""
    return [(one["extensions"]["code"], one["path"]) for one in answer["errors"]]


async def test_a_broken_id_costs_the_other_nodes_nothing(door: Door, sample: Sample) -> None:
    query = "query Some($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    mari, firm = encode("Client", sample.mari.id), encode("Client", sample.firm.id)
    answer = (await door.post(query, ids=[mari, "x", firm, encode("Client", "\0")])).json()
    assert answer["data"]["nodes"] == [{"id": mari}, None, {"id": firm}, None]
    assert places(answer) == [("BAD_USER_INPUT", ["nodes", 1]), ("BAD_USER_INPUT", ["nodes", 3])]
    alone = (await door.post('{ node(id: "x") { id } viewer { label } }')).json()
    assert alone["data"]["node"] is None
    assert alone["data"]["viewer"]
    assert places(alone) == [("BAD_USER_INPUT", ["node"])]


@pytest.mark.parametrize("argument", ['after: "bad"', "first: 0", "first: 101"])
async def test_a_wrong_argument_of_a_list_below_is_an_error_of_that_list(
    door: Door, sample: Sample, argument: str
) -> None:
    inside = f"displayName requests({argument}) {{ nodes {{ id }} }}"
    answer = (await door.post(f"{{ clients(first: 2) {{ nodes {{ {inside} }} }} }}")).json()
    assert answer["data"]["clients"]["nodes"] == [
        {"displayName": "Mari Maasikas", "requests": None},
        {"displayName": "Õunaaed OÜ", "requests": None},
    ]
    assert places(answer) == [
        ("BAD_USER_INPUT", ["clients", "nodes", number, "requests"]) for number in (0, 1)
    ]
    one = (await door.post(f'{{ clientByExternalId(externalId: "C-1") {{ {inside} }} }}')).json()
    found = one["data"]["clientByExternalId"]
    assert found == {"displayName": "Mari Maasikas", "requests": None}
    assert places(one) == [("BAD_USER_INPUT", ["clientByExternalId", "requests"])]


@pytest.mark.parametrize("field", ["timeline", "messages"])
async def test_a_list_that_may_not_be_null_takes_its_case_away_and_no_more(
    door: Door, sample: Sample, field: str
) -> None:
    case = 'requestByReference(reference: "NP-2026-0002")'
    wanted = f'{case} {{ reference {field}(after: "bad") {{ nodes {{ id }} }} }}'
    answer = (await door.post(f"{{ {wanted} viewer {{ label }} }}")).json()
    assert answer["data"]["requestByReference"] is None
    assert answer["data"]["viewer"]
    assert places(answer) == [("BAD_USER_INPUT", ["requestByReference", field])]
    alone = (await door.post(f"{{ {wanted} }}")).json()
    assert places(alone) == [("BAD_USER_INPUT", ["requestByReference", field])]


async def test_null_is_the_default_where_there_is_one(door: Door, sample: Sample) -> None:
    query = """query Nulls($first: Int, $by: RequestOrder, $text: String, $id: ID!) {
      requests(first: $first, orderBy: $by) { nodes { id timeline(first: $first) { nodes { id } }
        earlierRequests(first: $first) { nodes { id } } } }
      clients(first: $first) { nodes { id requests(first: $first) { nodes { id } } } }
      letterPreview(requestId: $id, kind: REPLY, text: $text) { to } }"""
    case = encode("DataSubjectRequest", sample.case.id)
    left_out = await door.ask(query, id=case)
    assert await door.ask(query, id=case, first=None, by=None, text=None) == left_out
    assert len(left_out["requests"]["nodes"]) == 2


async def test_others_of_the_caller_are_the_cases_that_are_not_the_callers(
    door: Door, sample: Sample
) -> None:
    query = "query Whose($where: RequestWhere!) { requests(where: $where) { nodes { reference } } }"
    not_mine = {"assignee": {"me": False}}, {"not": {"assignee": {"me": True}}}
    for role, expected in (
        (Role.CASE_HANDLER, {"NP-2026-0001"}),
        (Role.DPO, {"NP-2026-0001", "NP-2026-0002"}),
    ):
        for where in not_mine:
            nodes = (await door.ask(query, role, where=where))["requests"]["nodes"]
            assert {node["reference"] for node in nodes} == expected, (role, where)
