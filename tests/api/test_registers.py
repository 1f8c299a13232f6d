"""An erasure from proposal to answer over GraphQL; holds, tasks, disclosures, restrictions."""

from datetime import date, timedelta
from typing import Any

import pytest

from api.ids import encode
from models.acts.clients import AddressRecord, ClientRecord, ContractRecord, upsert_client
from models.house import House
from models.shapes import SYSTEM
from models.tables import Client, ContactAddress, DataSubjectRequest, PolicyVersion
from models.vocabulary import AddressKind, ClientKind, DataCategory, Language, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample
from tests.models.acts.desk import MARI, a_case, again, post_goes

DECISIONS = (
    "items { decisions { category outcome basis reason keepUntil source isProposal"
    " decidedBy { label staff { name } } note } }"
)
TASKS = "tasks { id kind system category doneAt instruction }"
ENDED = NOW.date() - timedelta(days=40)


async def act(door: Door, name: str, given: dict[str, Any], says: str, **more: Any) -> Any:
    """Answer of one act."""
    kind = more.pop("kind", name[0].upper() + name[1:])
    role = more.pop("role", Role.DPO)
    query = (
        f"mutation Act($i: {kind}Input!) {{ {name}(input: $i)"
        f" {{ {says} userErrors {{ code path message }} }} }}"
    )
    return (await door.ask(query, role, i=given))[name]


async def on_case(door: Door, name: str, case: DataSubjectRequest, says: str, **more: Any) -> Any:
    """Answer of one act on a case as it stands."""
    kind, now = more.pop("kind", None), await again(case)
    given = {"requestId": encode("DataSubjectRequest", case.id), "version": now.version} | more
    extra = {"kind": kind} if kind else {}
    return await act(door, name, given, f"request {{ {says} }}", **extra)


async def erasure(house: House) -> tuple[int, DataSubjectRequest]:
    """A client whose contract ended, and a proven case that asks for erasure."""
    record = ClientRecord(
        external_id="K-77",
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Maasikas",
        language=Language.ET,
        addresses=[AddressRecord(AddressKind.EMAIL, MARI, is_primary=True)],
        contracts=[ContractRecord("L-1", date(2024, 1, 1), ENDED)],
    )
    made = await upsert_client(house, SYSTEM, record=record)
    case = await a_case(house, RequestType.ERASURE, received_at=NOW - timedelta(days=1))
    await post_goes(house, NOW)
    assert made.client_id is not None
    return made.client_id, case


async def test_the_rules_propose_and_staff_decide_each_category(door: Door, house: House) -> None:
    _, case = await erasure(house)
    query = f"query Q($r: String!) {{ requestByReference(reference: $r) {{ {DECISIONS} }} }}"
    found = await door.ask(query, r=case.reference)
    lines = found["requestByReference"]["items"][0]["decisions"]
    assert [one["isProposal"] for one in lines] == [True] * len(DataCategory)
    payment = next(one for one in lines if one["category"] == "PAYMENT")
    assert payment["outcome"] == "PARTLY_GRANTED"
    assert payment["keepUntil"] == f"{(ENDED - timedelta(days=1)).year + 7}-12-31"
    assert (payment["source"], payment["basis"]) == ("RPS § 12", "LEGAL_OBLIGATION")
    done = await on_case(
        door, "requestDecideCategory", case, DECISIONS, category="PAYMENT",
        outcome=payment["outcome"], reason=payment["reason"], keepUntil=payment["keepUntil"],
    )  # fmt: skip
    assert done["userErrors"] == []
    decided = next(
        one for one in done["request"]["items"][0]["decisions"] if one["category"] == "PAYMENT"
    )
    who = {"label": "Person dpo", "staff": {"name": "Person dpo"}}
    assert (decided["isProposal"], decided["decidedBy"]) == (False, who)


async def test_an_erasure_is_worked_to_its_end(door: Door, house: House) -> None:
    client_id, case = await erasure(house)
    for category in DataCategory:
        done = await on_case(
            door, "requestDecideCategory", case, f"{TASKS} allowedActions",
            category=category.name, outcome="GRANTED", note="Arveid ei ole.",
        )  # fmt: skip
        assert done["userErrors"] == []
    assert "ERASE" in done["request"]["allowedActions"]
    letter = next(one for one in done["request"]["tasks"] if one["kind"] == "DELETE_IN_MAILBOX")
    assert letter["instruction"].startswith("Delete in “INBOX” the letter with Message-ID <1@")
    done = await on_case(door, "requestErase", case, f"{TASKS} allowedActions status")
    assert done["userErrors"] == []
    assert "ERASE" not in done["request"]["allowedActions"]
    assert (await Client.get(id=client_id)).erased_at is not None
    assert not await ContactAddress.exists()
    for task in done["request"]["tasks"]:
        given = {"taskId": task["id"], "version": (await again(case)).version, "note": "ok"}
        says = "task { doneAt doneBy { label staff { name } } note } request { version }"
        ticked = await act(door, "taskComplete", given, says)
        assert ticked["task"]["note"] == "ok"
        assert ticked["task"]["doneBy"]["staff"] == {"name": ticked["task"]["doneBy"]["label"]}
    waiting = await door.ask("{ tasks(where: {isDone: false}) { totalCount } }")
    assert waiting["tasks"]["totalCount"] == 0
    done = await on_case(
        door, "requestDecideItem", case, "status", type="ERASURE", outcome="GRANTED",
        answer="Kustutasime teie andmed.",
    )  # fmt: skip
    assert done["userErrors"] == []
    done = await on_case(door, "requestClose", case, "status outcome", idempotencyKey="close")
    assert done["request"] == {"status": "CLOSED", "outcome": "GRANTED"}
    assert await post_goes(house, NOW + timedelta(hours=1)) == 1


async def test_a_hold_stops_an_erasure_with_one_typed_error(door: Door, house: House) -> None:
    _, case = await erasure(house)
    done = await on_case(
        door, "requestHold", case, "legalHold allowedActions", kind="RequestHold", reason="Kohus."
    )
    assert done["request"]["legalHold"] is True
    assert "ERASE" not in done["request"]["allowedActions"]
    for name, more in (
        ("requestDecideCategory", {"category": "DEVICE", "outcome": "GRANTED", "note": "x"}),
        ("requestErase", {}),
    ):
        refused = await on_case(door, name, case, "version", **more)
        assert [one["code"] for one in refused["userErrors"]] == ["LEGAL_HOLD"]
        assert refused["request"] is None
    done = await on_case(
        door, "requestLiftHold", case, "legalHold", kind="RequestHold", reason="Lõppes."
    )
    assert done["request"]["legalHold"] is False


async def test_a_disclosure_is_recorded_and_seen_on_the_client(door: Door, sample: Sample) -> None:
    client = encode("Client", sample.mari.id)
    given = {
        "clientId": client, "version": sample.mari.version, "recipient": "Maksekeskus AS",
        "categories": ["PAYMENT"], "purpose": "makse", "basis": "CONTRACT",
        "at": (NOW - timedelta(days=2)).isoformat(),
    }  # fmt: skip
    done = await act(
        door, "disclosureRecord", given,
        "disclosure { id recipient recordedBy { label } } client { disclosures { purpose } }",
    )  # fmt: skip
    assert done["disclosure"]["recipient"] == "Maksekeskus AS"
    assert done["client"]["disclosures"] == [{"purpose": "makse"}]
    stale = await act(door, "disclosureRecord", given, "disclosure { id }")
    assert stale["userErrors"][0]["code"] == "STALE_VERSION"
    node = "query N($id: ID!) { node(id: $id) { ... on Disclosure { client { id } } } }"
    assert (await door.ask(node, id=done["disclosure"]["id"]))["node"]["client"]["id"] == client
    assert await door.codes(node, Role.VIEWER, id=done["disclosure"]["id"]) == ["FORBIDDEN"]


async def test_a_restricted_client_is_suppressed_until_told_and_lifted(
    door: Door, house: House
) -> None:
    client_id, case = await erasure(house)
    other = await a_case(house, RequestType.RESTRICTION, uid=2, received_at=NOW)
    done = await on_case(
        door, "requestDecideItem", other, "subject { version restriction { reason } }",
        type="RESTRICTION", outcome="GRANTED", answer="Piirasime.",
    )  # fmt: skip
    assert done["request"]["subject"]["restriction"]["reason"] == f"Art. 18, {other.reference}"
    query = "query Q($a: [EmailAddress!]!) { isSuppressed(addresses: $a) { purposes } }"
    found = await door.ask(query, Role.INTEGRATION, a=[MARI])
    assert found["isSuppressed"] == [{"purposes": ["ALL"]}]
    refused = await on_case(door, "requestErase", case, "version")
    assert refused["userErrors"][0]["code"] == "DECISION_INCOMPLETE"
    version = (await Client.get(id=client_id)).version
    given = {
        "clientId": encode("Client", client_id), "version": version,
        "reasons": "Andmed on parandatud.", "liftedOn": str(NOW.date() + timedelta(days=9)),
        "idempotencyKey": "lift",
    }  # fmt: skip
    lifted = await act(door, "restrictionLift", given, "client { restriction { since } }")
    assert lifted["userErrors"] == []
    assert lifted["client"]["restriction"] is not None
    assert await act(door, "restrictionLift", given, "client { restriction { since } }") == lifted


async def test_a_policy_version_is_recorded_once_and_never_rewritten(door: Door) -> None:
    given = {"version": "2027", "validFrom": "2027-01-01", "text": "Põhimõtted."}
    done = await act(door, "policyVersionRecord", given, "policyVersion { version sha256 }")
    assert done["policyVersion"]["version"] == "2027"
    assert await act(door, "policyVersionRecord", given, "policyVersion { version sha256 }") == done
    other = await act(
        door, "policyVersionRecord", given | {"text": "Muud."}, "policyVersion { version }"
    )
    assert [one["code"] for one in other["userErrors"]] == ["CONFLICT"]
    assert await PolicyVersion.filter(version="2027").count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN, Role.INTEGRATION])
async def test_who_may_not_read_letters_reads_no_instruction_of_a_task(
    door: Door, house: House, role: Role
) -> None:
    _, case = await erasure(house)
    await on_case(
        door, "requestDecideCategory", case, "version", category="COMMUNICATION",
        outcome="GRANTED",
    )  # fmt: skip
    query = f"query Q($r: String!) {{ requestByReference(reference: $r) {{ {TASKS} }} }}"
    answer = await door.post(query, role, r=case.reference)
    assert "Message-ID" not in answer.text
    assert "FORBIDDEN" in answer.text
