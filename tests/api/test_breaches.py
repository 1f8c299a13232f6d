"""The officer sees a possible breach and records over GraphQL what is decided about it."""

from datetime import timedelta
from typing import Any

from api.ids import encode
from models.house import House
from models.tables import DataSubjectRequest, OutboundMail
from models.vocabulary import LetterKind, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW
from tests.models.acts.desk import a_case, again

BREACH = "breach { decideBy hoursLeft decisions { outcome notifiedAt isLate explanation } }"
DECIDE = (
    "mutation Decide($input: RequestDecideBreachInput!) { requestDecideBreach(input: $input)"
    f" {{ request {{ status allowedActions {BREACH} timeline(kinds: [BREACH])"
    " { nodes { summary } } } userErrors { code path } } }"
)


async def look(door: Door, case: DataSubjectRequest) -> Any:
    """The breach as a case handler sees it."""
    query = f"query Look($r: String!) {{ requestByReference(reference: $r) {{ {BREACH} }} }}"
    return (await door.ask(query, Role.CASE_HANDLER, r=case.reference))["requestByReference"]


async def test_a_breach_is_shown_with_its_hours_and_decided_once(door: Door, house: House) -> None:
    received_at = NOW - timedelta(hours=2)
    case = await a_case(house, RequestType.COMPLAINT, possible_breach=True, received_at=received_at)
    seen = (await look(door, case))["breach"]
    assert seen["hoursLeft"] in (69, 70)
    assert seen["decisions"] == []
    given = {
        "requestId": encode("DataSubjectRequest", case.id),
        "version": (await again(case)).version,
        "outcome": "NOTIFIED",
        "explanation": "Loend läks valele aadressile.",
        "notifiedAt": (NOW - timedelta(hours=1)).isoformat(),
        "idempotencyKey": "breach-1",
    }
    done = (await door.ask(DECIDE, Role.DPO, input=given))["requestDecideBreach"]
    assert done["userErrors"] == []
    breach = done["request"]["breach"]
    assert breach["hoursLeft"] is None
    (decision,) = breach["decisions"]
    assert (decision["outcome"], decision["isLate"]) == ("NOTIFIED", False)
    assert decision["explanation"] == "Loend läks valele aadressile."
    assert len(done["request"]["timeline"]["nodes"]) == 1
    assert "DECIDE_BREACH" in done["request"]["allowedActions"]
    assert (await door.ask(DECIDE, Role.DPO, input=given))["requestDecideBreach"] == done


async def test_where_no_breach_is_in_sight_none_is_shown(door: Door, house: House) -> None:
    case = await a_case(house, RequestType.COMPLAINT)
    assert (await look(door, case))["breach"] is None


TELL = (
    "mutation Tell($input: RequestDecideTellingInput!) { requestDecideTelling(input: $input)"
    " { request { allowedActions breach { tellingWaits tellings { outcome toldAt explanation"
    " decidedBy { label } } } } userErrors { code path } } }"
)
WAITS = (
    "query Look($r: String!) { requestByReference(reference: $r)"
    " { breach { tellingWaits tellings { outcome } } } }"
)


async def test_a_notified_breach_waits_until_it_is_decided_whether_people_are_told(
    door: Door, house: House
) -> None:
    received_at = NOW - timedelta(hours=2)
    case = await a_case(house, RequestType.COMPLAINT, possible_breach=True, received_at=received_at)

    async def waits() -> Any:
        found = await door.ask(WAITS, Role.VIEWER, r=case.reference)
        return found["requestByReference"]["breach"]

    async def given(**more: Any) -> dict[str, Any]:
        version = (await again(case)).version
        return {"requestId": encode("DataSubjectRequest", case.id), "version": version, **more}

    assert await waits() == {"tellingWaits": False, "tellings": []}
    moment = (NOW - timedelta(hours=1)).isoformat()
    notified = await given(outcome="NOTIFIED", explanation="Loend lekkis.", notifiedAt=moment)
    await door.ask(DECIDE, Role.DPO, input=notified)
    assert await waits() == {"tellingWaits": True, "tellings": []}
    told = await given(outcome="TOLD", explanation="Kiri igaühele.", toldAt=moment)
    done = (await door.ask(TELL, Role.DPO, input=told))["requestDecideTelling"]
    assert done["userErrors"] == []
    assert "DECIDE_TELLING" in done["request"]["allowedActions"]
    breach = done["request"]["breach"]
    assert not breach["tellingWaits"]
    (telling,) = breach["tellings"]
    assert (telling["outcome"], telling["explanation"]) == ("TOLD", "Kiri igaühele.")
    assert telling["decidedBy"]["label"]
    back = await given(outcome="AVERTED", explanation="Siiski mitte.")
    refused = (await door.ask(TELL, Role.DPO, input=back))["requestDecideTelling"]["userErrors"]
    assert refused == [{"code": "CONFLICT", "path": ["input", "outcome"]}]


async def test_what_a_repeat_without_a_key_does_is_what_its_description_says(
    door: Door, house: House
) -> None:
    """Staff are alarmed about each case that is opened, once; nobody else is written to."""
    create = """mutation C($i: RequestCreateInput!) { requestCreate(input: $i) {
      request { id version } userErrors { code } } }"""
    report = """mutation R($i: RequestReportBreachInput!) { requestReportBreach(input: $i) {
      userErrors { code } } }"""
    told = {
        "channel": "PHONE", "receivedAt": (NOW - timedelta(hours=2)).isoformat(),
        "labels": ["COMPLAINT"], "text": "Minu andmed lekkisid.",
    }  # fmt: skip
    for _ in range(2):
        await door.ask(create, i=told | {"possibleBreach": True})
    plain = (await door.ask(create, i=told))["requestCreate"]["request"]
    assert await DataSubjectRequest.all().count() == 3
    assert [one.kind for one in await OutboundMail.all()] == [LetterKind.STAFF_ALARM] * 2
    found = {"requestId": plain["id"], "version": plain["version"], "note": "Leke."}
    for expected in ([], [{"code": "STALE_VERSION"}]):
        done = await door.ask(report, i=found)
        assert done["requestReportBreach"]["userErrors"] == expected
    assert [one.kind for one in await OutboundMail.all()] == [LetterKind.STAFF_ALARM] * 3
