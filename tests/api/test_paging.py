"""Cursors: long names pass, whatever is made up is an answer or an error of the caller."""

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.ids import MAX_KEY, MAX_LEDGER_KEY, decode, encode
from api.paging import READERS, Order, window
from models.names import NAME_MAX, folded
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import Sample

UPSERT = """mutation Upsert($input: ClientUpsertInput!) { clientUpsert(input: $input) {
  client { displayName } userErrors { code } } }"""
CLIENTS = """query Clients($after: String) { clients(first: 1, after: $after) {
  nodes { displayName } pageInfo { endCursor hasNextPage } } }"""
CASES = (
    "query Cases($after: String) { requests(after: $after, orderBy: {field: %s}) { nodes { id } } }"
)
JOURNAL = "query Journal($after: String) { auditLog(after: $after) { nodes { id } } }"
LISTS = {
    "NAME": CLIENTS,
    "DUE_ON": CASES % "DUE_ON",
    "RECEIVED_AT": CASES % "RECEIVED_AT",
    "JOURNAL": JOURNAL,
}
PLACES = (
    st.text()
    | st.integers().map(str)
    | st.datetimes().map(datetime.isoformat)
    | st.sampled_from(["\ud800", "\0", "9" * 30, "0001-01-01T00:00:00+14:00", "9999-12-31"])
)
NUMBERS = st.integers() | st.sampled_from([2**31, 2**63 - 1, 2**63])
SCALARS = st.none() | st.booleans() | st.floats() | NUMBERS | PLACES
LOOSE = st.lists(st.recursive(SCALARS, st.lists, max_leaves=5))


def packed(parts: Any) -> str:
    """A cursor made by hand."""
    text = json.dumps(parts).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def likely(name: str) -> st.SearchStrategy[list[Any]]:
    """Lists of the form that a cursor of one list has."""
    return st.tuples(st.just(name), PLACES, NUMBERS).map(list)


def after(order: Order, cursor: str) -> Any:
    """Where a page begins, or the error."""
    try:
        return window(order, 1, cursor).after
    except GraphQLError as error:
        return error


@pytest.mark.parametrize("kind", list(READERS))
@settings(deadline=None)
@given(parts=likely("LIST") | LOOSE)
@example(parts=["LIST", "\ud800", 1])
@example(parts=["LIST", "9" * 30, 1])
@example(parts=["LIST", "0001-01-01T00:00:00+14:00", 1])
@example(parts=["LIST", "2026-01-01T00:00:00", 1])
@example(parts=["LIST", "Anna\0", 1])
def test_a_made_up_cursor_is_a_place_both_databases_know_or_refused(
    kind: str, parts: list[Any]
) -> None:
    found = after(Order("LIST", "c", "c", kind, "id"), packed(parts))
    if isinstance(found, GraphQLError):
        assert (found.extensions or {})["code"] == "BAD_USER_INPUT"
        return
    place, row_id = found
    assert 0 <= row_id <= MAX_KEY
    if isinstance(place, datetime):
        assert place.tzinfo is not None
    elif isinstance(place, int):
        assert 0 <= place <= MAX_LEDGER_KEY
    else:
        assert b"\0" not in str(place).encode()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_no_cursor_is_a_fault_of_ours(
    door: Door, sample: Sample, data: st.DataObject
) -> None:
    door.app.state.desk.buckets._size = 10**9  # the bucket has tests of its own
    name = data.draw(st.sampled_from(sorted(LISTS)))
    after = packed(data.draw(likely(name) | LOOSE))
    answer = (await door.post(LISTS[name], Role.DPO, after=after)).json()
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes in ([], ["BAD_USER_INPUT"]), answer


LONGEST = [
    "Ж" * NAME_MAX,
    "Õ" * NAME_MAX,
    "ß" * NAME_MAX,
    "ΐ" * NAME_MAX,
    "𐐀" * NAME_MAX,
    '"\\' * (NAME_MAX // 2),
    "a" + "\x01" * (NAME_MAX - 2) + "b",
]


async def test_pages_go_on_after_the_longest_names_the_register_takes(door: Door) -> None:
    for number, name in enumerate(LONGEST):
        given = {"externalId": f"C-{number}", "kind": "LEGAL_PERSON", "displayName": name}
        done = (await door.ask(UPSERT, Role.INTEGRATION, input=given))["clientUpsert"]
        assert done == {"client": {"displayName": name}, "userErrors": []}
    seen, after = [], None
    for _ in LONGEST:
        found = (await door.ask(CLIENTS, after=after))["clients"]
        seen += [node["displayName"] for node in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
    assert sorted(seen) == sorted(LONGEST)
    assert not found["pageInfo"]["hasNextPage"]


def test_a_name_is_folded_the_same_however_it_is_typed() -> None:
    assert folded("Õunaaed  OÜ") == folded("O\u0303UNAAED ou\u0308") == "õunaaed oü"
    assert folded("Strauß") == folded("STRAUSS")
    assert len(folded("ΐ" * NAME_MAX)) == NAME_MAX


async def test_a_name_typed_in_parts_is_found(door: Door) -> None:
    given = {"externalId": "C-1", "kind": "LEGAL_PERSON", "displayName": "O\u0303unaaed OÜ"}
    await door.ask(UPSERT, Role.INTEGRATION, input=given)
    query = "query Find($s: String!) { clients(search: $s) { nodes { externalId } } }"
    for typed in ("Õuna", "o\u0303una", "ÕUNAAED ou\u0308"):
        found = await door.ask(query, s=typed)
        assert found["clients"]["nodes"] == [{"externalId": "C-1"}], typed


async def test_an_id_with_a_nul_is_no_id(door: Door, sample: Sample) -> None:
    odd = encode("Client", "\0")
    query = "query Log($id: ID!) { auditLog(where: {targetId: $id}) { nodes { id } } }"
    assert await door.codes(query, Role.DPO, id=odd) == ["BAD_USER_INPUT"]
    with pytest.raises(GraphQLError):
        decode(odd)
