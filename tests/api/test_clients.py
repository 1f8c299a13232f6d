"""Clients, their consents and their ledger."""

from datetime import timedelta
from typing import Any

from api.ids import encode
from models.house import House
from models.tables import Client, Staff
from models.vocabulary import ConsentEventKind, Purpose, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample, make_client, make_event

LIST = """
query Clients($search: String, $where: ClientWhere, $first: Int = 25, $after: String) {
  clients(search: $search, where: $where, first: $first, after: $after) {
    totalCount nodes { displayName } pageInfo { hasNextPage endCursor } } }
"""


async def names(door: Door, **given: Any) -> list[str]:
    """Names a list holds."""
    data = await door.ask(LIST, **given)
    return [node["displayName"] for node in data["clients"]["nodes"]]


async def test_clients_are_listed_by_name_page_by_page(door: Door, house: House) -> None:
    """Also beyond ASCII, in the order of the folded name, without a gap."""
    for number, name in enumerate(("Õie", "anna", "Ärni", "Zoja", "Жанна", "Anna")):
        await make_client(house, name, f"c{number}@example.com")
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = (await door.ask(LIST, first=2, after=after))["clients"]
        seen += [node["displayName"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert page["totalCount"] == 6
    assert not page["pageInfo"]["hasNextPage"]
    assert sorted(seen) == sorted(("Õie", "anna", "Ärni", "Zoja", "Жанна", "Anna"))


async def test_clients_are_found(door: Door, sample: Sample) -> None:
    """By the start of the name, whole address or code, and by filter."""
    assert await names(door, search="õuna") == ["Õunaaed OÜ"]
    assert await names(door, search="mari@example.com") == ["Mari Maasikas"]
    assert await names(door, search="36805280109") == ["Mari Maasikas"]
    assert await names(door, search="+3725550000") == ["Õunaaed OÜ"]
    assert await names(door, where={"hasOpenRequest": True}) == ["Mari Maasikas"]
    assert await names(door, where={"hasOpenRequest": False}) == ["Õunaaed OÜ"]
    assert await names(door, where={"kind": "LEGAL_PERSON"}) == []
    await Client.filter(id=sample.firm.id).update(erase_after=NOW.date())
    assert await names(door, where={"eraseAfter": {"gte": NOW.date().isoformat()}}) == [
        "Õunaaed OÜ"
    ]
    await Client.filter(id=sample.firm.id).update(erased_at=NOW)
    assert await names(door) == ["Mari Maasikas"]


async def test_the_state_of_a_consent_is_folded_from_its_ledger(door: Door, sample: Sample) -> None:
    """The last line by effective time counts; what lies in the future does not; unknown else."""
    await make_event(sample.mari, Purpose.SURVEYS, ConsentEventKind.GIVEN, NOW - timedelta(days=9))
    await make_event(
        sample.mari, Purpose.SURVEYS, ConsentEventKind.WITHDRAWN, NOW + timedelta(days=9)
    )
    await make_event(
        sample.mari, Purpose.COOKIES, ConsentEventKind.REFUSED, NOW - timedelta(days=1)
    )
    await make_event(sample.mari, Purpose.COOKIES, ConsentEventKind.GIVEN, NOW - timedelta(days=2))
    query = """query Q { clientByExternalId(externalId: "C-1") {
      consents { id state since purpose { code } client { displayName } events { kind } } } }"""
    consents = (await door.ask(query))["clientByExternalId"]["consents"]
    assert {one["purpose"]["code"]: one["state"] for one in consents} == {
        "MARKETING": "WITHDRAWN",
        "SURVEYS": "GIVEN",
        "ANALYTICS": "UNKNOWN",
        "COOKIES": "REFUSED",
    }
    by_id = await door.ask(
        "query Q($ids: [ID!]!) { nodes(ids: $ids) { ... on Consent { state purpose { code } } } }",
        ids=[one["id"] for one in consents],
    )
    assert [one["state"] for one in by_id["nodes"]] == [one["state"] for one in consents]
    assert consents[2] | {"id": ""} == {
        "id": "",
        "state": "UNKNOWN",
        "since": None,
        "purpose": {"code": "ANALYTICS"},
        "client": {"displayName": "Mari Maasikas"},
        "events": [],
    }


async def test_suppressed_addresses_are_found_whatever_their_case(
    door: Door, sample: Sample
) -> None:
    """Only they are listed; at most a thousand a question."""
    query = (
        "query Q($a: [EmailAddress!]!) { isSuppressed(addresses: $a) { address purposes since } }"
    )
    found = await door.ask(query, Role.INTEGRATION, a=["MARI@example.com", "other@example.com"])
    assert [(one["address"], one["purposes"]) for one in found["isSuppressed"]] == [
        ("MARI@example.com", ["MARKETING"])
    ]
    many = [f"a{n}@example.com" for n in range(1001)]
    assert await door.codes(query, Role.INTEGRATION, a=many) == ["BAD_USER_INPUT"]
    response = (await door.post(query, Role.INTEGRATION, a=many[:1000])).json()
    assert response["data"]["isSuppressed"] == []
    assert response["extensions"]["cost"]["points"] == 20 + 1000


async def test_nodes_come_in_order_with_null_for_what_is_not_there(
    door: Door, sample: Sample
) -> None:
    """At most a hundred; no id of ours is an error; a refused one is null with an error."""
    query = "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [
        encode("Client", sample.firm.id),
        encode("Client", 999_999),
        encode("Staff", sample.case.assignee_id),
        encode("Nothing", 1),
        encode("Client", 10**30),
        encode("ProcessingActivity", "payment"),
        encode("Client", sample.mari.id),
    ]
    found = (await door.ask(query, ids=ids))["nodes"]
    kinds = [one and one["__typename"] for one in found]
    assert kinds == ["Client", None, "Staff", None, None, "ProcessingActivity", "Client"]
    assert [one["id"] for one in found if one] == [ids[0], ids[2], ids[5], ids[6]]
    assert await door.codes(query, Role.DPO, ids=["x"]) == ["BAD_USER_INPUT"]
    assert await door.codes(query, Role.DPO, ids=ids[:1] * 101) == ["BAD_USER_INPUT"]
    mixed = (await door.post(query, Role.INTEGRATION, ids=[ids[2], ids[0]])).json()
    assert mixed["data"]["nodes"][0] is None
    assert mixed["data"]["nodes"][1]["id"] == ids[0]
    assert mixed["errors"][0]["path"] == ["nodes", 0]
    assert await Staff.all().count() == 4


RECORD = """mutation R($input: ConsentRecordInput!) { consentRecord(input: $input) {
  consent { state expiresOn events { kind expiresOn } } client { version }
  userErrors { code path } } }"""


async def test_a_consent_for_a_time_is_recorded_and_renewed(door: Door, sample: Sample) -> None:
    first, last = (str((NOW + timedelta(days=days)).date()) for days in (30, 400))
    given = {
        "clientId": encode("Client", sample.mari.id), "version": sample.mari.version,
        "purpose": "ANALYTICS", "method": "FORM", "kind": "GIVEN",
        "at": (NOW - timedelta(days=9)).isoformat(), "expiresOn": first,
    }  # fmt: skip
    done = (await door.ask(RECORD, Role.INTEGRATION, input=given))["consentRecord"]
    assert done["consent"]["expiresOn"] == first
    renewed = given | {
        "kind": "RENEWED", "version": done["client"]["version"], "expiresOn": last,
        "at": (NOW - timedelta(days=2)).isoformat(),
    }  # fmt: skip
    done = (await door.ask(RECORD, Role.INTEGRATION, input=renewed))["consentRecord"]
    assert done["consent"] == {
        "state": "GIVEN",
        "expiresOn": last,
        "events": [
            {"kind": "GIVEN", "expiresOn": first},
            {"kind": "RENEWED", "expiresOn": last},
        ],
    }
    wrong = renewed | {"version": done["client"]["version"], "kind": "WITHDRAWN"}
    refused = (await door.ask(RECORD, Role.INTEGRATION, input=wrong))["consentRecord"]
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["input", "expiresOn"]}]
