"""A case is worked to its end over GraphQL, each act with its letter, its version and its key."""

from datetime import timedelta
from typing import Any

import pytest

from api.ids import encode
from models.house import House
from models.tables import DataSubjectRequest, FulfilmentTask, JournalEntry, OutboundMail
from models.vocabulary import DeliveryState, RequestStatus, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample
from tests.models.acts.desk import a_case, a_client, again, everything, post_goes

ASKED = "request { status version deadline { dueOn suspendedDays extension { isPending } } }"


async def act(
    door: Door, name: str, given: dict[str, Any], role: Role = Role.CASE_HANDLER, says: str = ASKED
) -> Any:
    """Answer of one act on a case."""
    kind = name[0].upper() + name[1:]
    query = (
        f"mutation Act($input: {kind}Input!) {{ {name}(input: $input) {{ {says}"
        " outboundMail { kind text delivery { state } } userErrors { __typename code path } } }"
    )
    return (await door.ask(query, role, input=given))[name]


def of(case: DataSubjectRequest, key: str | None = None, **more: Any) -> dict[str, Any]:
    """The input of an act on this case as it stands."""
    given = {"requestId": encode("DataSubjectRequest", case.id), "version": case.version}
    return given | ({"idempotencyKey": key} if key else {}) | more


def code(done: Any) -> str:
    """The one error's code."""
    (error,) = done["userErrors"]
    assert done["request"] is None
    assert done["outboundMail"] is None
    return str(error["code"])


async def case_of(house: House, *kinds: RequestType) -> DataSubjectRequest:
    """A case of a known client, received yesterday."""
    await a_client(house)
    return await a_case(house, *kinds, received_at=NOW - timedelta(days=1))


async def test_a_question_a_reminder_and_an_answer_move_the_case(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.COPY)
    asked = await act(door, "requestAskIdentity", of(case, "a", text="Kiri tuli uuelt aadressilt."))
    assert asked["request"]["status"] == "AWAITING_IDENTITY"
    assert asked["outboundMail"]["kind"] == "IDENTITY_CHECK"
    assert "Kiri tuli uuelt aadressilt." in asked["outboundMail"]["text"]
    early = await act(door, "requestRemind", of(await again(case), "b"))
    assert code(early) == "CONFLICT"
    await post_goes(house, NOW + timedelta(hours=1))
    reminded = await act(door, "requestRemind", of(await again(case), "c"))
    assert reminded["outboundMail"]["kind"] == "REMINDER"
    resumed = await act(door, "requestResume", of(await again(case), note="Helistas."))
    assert resumed["request"]["status"] == "IN_PROGRESS"
    given = of(await again(case), method="CALL_BACK", note="Helistasime numbril, mis on kirjas.")
    checked = await act(
        door, "requestVerifyIdentity", given, says="request { identity { assurance note } }"
    )
    assert checked["request"]["identity"] == {
        "assurance": "CONFIRMED",
        "note": "Helistasime numbril, mis on kirjas.",
    }


async def test_a_question_of_scope_is_asked_with_its_words(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.INFORMATION)
    given = of(case, "a", text="Kas mõtlete kliendikontot või kirjavahetust?")
    asked = await act(door, "requestAskClarification", given)
    assert asked["request"]["status"] == "AWAITING_CLARIFICATION"
    again_asked = await act(door, "requestAskClarification", given)
    assert again_asked == asked
    assert await OutboundMail.filter(kind="clarification").count() == 1


async def test_the_time_is_extended_once_and_counts_when_its_letter_is_sent(
    door: Door, house: House
) -> None:
    case = await case_of(house, RequestType.COPY)
    due = case.due_on
    given = of(case, "a", ground="COMPLEXITY", explanation="Andmed on viies süsteemis.")
    done = await act(door, "requestExtendDeadline", given)
    assert done["request"]["deadline"]["extension"] == {"isPending": True}
    await post_goes(house, NOW + timedelta(hours=1))
    case = await again(case)
    assert case.due_on is not None
    assert due is not None
    assert case.due_on > due
    second = of(case, "b", ground="COMPLEXITY", explanation="Veel.")
    assert code(await act(door, "requestExtendDeadline", second)) == "ALREADY_EXTENDED"


async def settled(door: Door, case: DataSubjectRequest) -> None:
    """One task is done, the others are not needed."""
    says = "request { tasks { id doneAt isSkipped note } }"
    found = await FulfilmentTask.filter(request_id=case.id).order_by("id")
    ids = [str(encode("FulfilmentTask", one.id)) for one in found]
    given = of(await again(case), taskIds=ids[:1], note="Parandatud.")
    await act(door, "requestCompleteTasks", given, says=says)
    given = of(await again(case), taskIds=ids[1:], reason="Seal teda ei ole.")
    done = await act(door, "requestSkipTasks", given, says=says)
    tasks = done["request"]["tasks"]
    assert [one["isSkipped"] for one in tasks] == [False, *[True] * (len(ids) - 1)]
    assert all(one["doneAt"] for one in tasks)
    assert {one["note"] for one in tasks} == {"Parandatud.", "Seal teda ei ole."}


async def test_a_case_is_decided_closed_and_opened_again(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.RECTIFICATION, RequestType.INQUIRY)
    decide = {"outcome": "GRANTED", "answer": "Parandasime nime."}
    await act(door, "requestDecideItem", of(case, type="RECTIFICATION", **decide))
    early = await act(door, "requestClose", of(await again(case), "a"))
    assert code(early) == "DECISION_INCOMPLETE"
    await act(door, "requestDecideItem", of(await again(case), type="INQUIRY", **decide))
    await settled(door, case)
    done = await act(door, "requestClose", of(await again(case), "c"))
    assert done["request"]["status"] == "CLOSED"
    assert "Parandasime nime." in done["outboundMail"]["text"]
    reopened = await act(door, "requestReopen", of(await again(case), reason="Viga vastuses."))
    assert reopened["request"]["status"] == "IN_PROGRESS"
    actions = set(await JournalEntry.filter(staff_id__not_isnull=True).values_list("action"))
    assert {("request.decide",), ("request.close",), ("request.reopen",)} <= actions


async def test_only_the_officer_refuses(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.ERASURE)
    given = of(case, "a", reason="PROCESS_EXCESSIVE", explanation="Kuues samasugune kuu jooksul.")
    query = "mutation R($input: RequestRefuseInput!) { requestRefuse(input: $input) { __typename }}"
    assert await door.codes(query, Role.CASE_HANDLER, input=given) == ["FORBIDDEN"]
    done = await act(door, "requestRefuse", given, Role.DPO)
    assert done["outboundMail"]["kind"] == "REFUSAL"
    assert (await again(case)).status.value == "closed"


async def test_a_person_takes_the_request_back(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.ERASURE)
    done = await act(door, "requestWithdraw", of(case, "a", note="Ütles telefonis."))
    assert done["request"]["status"] == "CLOSED"
    assert done["outboundMail"]["kind"] == "CLOSING"


async def test_an_act_that_does_not_fit_says_where_the_case_stands(
    door: Door, house: House
) -> None:
    case = await case_of(house, RequestType.ERASURE)
    query = """mutation R($input: RequestReopenInput!) { requestReopen(input: $input) {
      request { id } userErrors { code path ... on TransitionError { from allowed } } } }"""
    done = (await door.ask(query, input=of(case, reason="x")))["requestReopen"]
    (error,) = done["userErrors"]
    assert (error["code"], error["from"]) == ("ILLEGAL_TRANSITION", "NEW")
    assert "ASSIGN" in error["allowed"]


ALLOWED = "query A($r: String!) { requestByReference(reference: $r) { allowedActions } }"


async def allowed(door: Door, case: DataSubjectRequest, role: Role) -> list[str]:
    """What this role may do now."""
    answer = await door.ask(ALLOWED, role, r=case.reference)
    return list(answer["requestByReference"]["allowedActions"])


async def test_allowed_actions_come_from_the_published_table(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.COPY)
    handler, officer = [await allowed(door, case, one) for one in (Role.CASE_HANDLER, Role.DPO)]
    assert {"ASSIGN", "EXTEND", "ASK_CLARIFICATION", "DROP_LETTER"} <= set(handler)
    assert not {"CLOSE", "REFUSE", "REOPEN", "REMIND"} & set(handler)
    assert {"REFUSE", "LEGAL_HOLD"} <= set(officer) - set(handler)
    assert await allowed(door, case, Role.VIEWER) == []
    await act(door, "requestExtendDeadline", of(case, "a", ground="COMPLEXITY", explanation="x"))
    assert "EXTEND" not in await allowed(door, case, Role.CASE_HANDLER)


async def test_a_case_whose_words_are_erased_has_no_button_for_more(
    door: Door, house: House
) -> None:
    """And says why: what is new is a case of its own."""
    case = await case_of(house, RequestType.COMPLAINT)
    found = DataSubjectRequest.filter(id=case.id)
    await found.update(status=RequestStatus.CLOSED, closed_at=NOW, closed_on=NOW.date())
    assert "REPORT_BREACH" in await allowed(door, case, Role.DPO)
    await found.update(erased_at=NOW)
    assert await allowed(door, case, Role.DPO) == ["DROP_LETTER"]
    for name, words in (("requestNote", {"text": "x"}), ("requestReportBreach", {"note": "x"})):
        assert code(await act(door, name, of(case, **words), Role.DPO)) == "CONFLICT"


async def test_words_that_are_too_long_are_refused_at_their_field(
    door: Door, sample: Sample
) -> None:
    given = of(sample.case, "a", text="x" * 10_001)
    done = await act(door, "requestAskIdentity", given)
    assert done["userErrors"] == [
        {"__typename": "FieldError", "code": "INVALID", "path": ["input", "text"]}
    ]


@pytest.mark.parametrize("name", ["requestClose", "requestRemind", "requestAskIdentity"])
async def test_an_act_that_writes_needs_a_key(door: Door, sample: Sample, name: str) -> None:
    given = of(sample.case, text="x") if name == "requestAskIdentity" else of(sample.case)
    kind = name[0].upper() + name[1:]
    query = f"mutation A($input: {kind}Input!) {{ {name}(input: $input) {{ __typename }} }}"
    assert (await door.post(query, input=given)).status_code == 400


async def test_a_reply_with_data_goes_only_to_an_address_on_file(door: Door, house: House) -> None:
    case = await a_case(house, RequestType.INQUIRY, sender="new@example.com")
    plain = of(case, "a", text="Täname täpsustuse eest.", holdsData=False)
    done = await act(door, "requestReply", plain)
    assert "Täname täpsustuse eest." in done["outboundMail"]["text"]
    data = of(await again(case), "b", text="Teie arved on lisatud.", holdsData=True)
    assert code(await act(door, "requestReply", data)) == "INVALID"


async def test_a_fee_is_announced_by_the_officer_on_its_two_grounds(
    door: Door, house: House
) -> None:
    case = await case_of(house, RequestType.COPY)
    given = of(case, "a", ground="PROCESS_EXCESSIVE", reasons="Kuues taotlus.", amount="15.00")
    done = await act(door, "requestAnnounceFee", given, Role.DPO)
    assert "15,00" in done["outboundMail"]["text"]
    case = await again(case)
    for number, change in enumerate(
        ({"ground": "COMPLEXITY_OF_PROCESS"}, {"amount": "0"}, {"amount": "NaN"}, {"reasons": " "})
    ):
        bad = given | of(case, f"b{number}") | change
        expected = "REASON_REQUIRED" if "reasons" in change else "INVALID"
        assert code(await act(door, "requestAnnounceFee", bad, Role.DPO)) == expected


PREVIEW = """query P($id: ID!, $kind: LetterKind!, $text: String!, $about: LetterAbout) {
  letterPreview(requestId: $id, kind: $kind, text: $text, about: $about) {
    to subject text problems { code path } } }"""
WRITTEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "IDENTITY_CHECK": ("requestAskIdentity", {"text": "Kes?"}, {}),
    "CLARIFICATION": ("requestAskClarification", {"text": "Mis?"}, {}),
    "EXTENSION": (
        "requestExtendDeadline",
        {"explanation": "Palju.", "ground": "COMPLEXITY"},
        {"extensionGround": "COMPLEXITY"},
    ),
    "REPLY": ("requestReply", {"text": "Tere.", "holdsData": True}, {"holdsData": True}),
    "REFUSAL": (
        "requestRefuse",
        {"explanation": "Sest.", "reason": "PROCESS_EXCESSIVE"},
        {"reason": "PROCESS_EXCESSIVE"},
    ),
    "FEE_NOTICE": (
        "requestAnnounceFee",
        {"reasons": "Sest.", "ground": "PROCESS_EXCESSIVE", "amount": "9"},
        {"reason": "PROCESS_EXCESSIVE", "amount": "9"},
    ),
}


@pytest.mark.parametrize("kind", WRITTEN)
async def test_a_preview_is_the_letter_of_the_act_and_leaves_nothing(
    door: Door, house: House, kind: str
) -> None:
    case = await case_of(house, RequestType.COPY)
    name, fields, about = WRITTEN[kind]
    text = next(fields[one] for one in ("text", "explanation", "reasons") if one in fields)
    before = await everything()
    asked = {"id": encode("DataSubjectRequest", case.id), "kind": kind, "text": text}
    shown = (await door.ask(PREVIEW, Role.DPO, **asked, about=about))["letterPreview"]
    kept = await everything()
    assert [row for row in kept[-1] if row["action"] != "read"] == before[-1]
    assert kept[:-1] == before[:-1]
    done = await act(door, name, of(case, "a", **fields), Role.DPO)
    assert shown["problems"] == []
    assert shown["to"] == "mari@example.com"
    assert shown["text"] == done["outboundMail"]["text"]


async def test_a_preview_says_why_the_act_would_be_refused(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.COPY)
    asked = {"id": encode("DataSubjectRequest", case.id), "text": ""}
    for kind, expected in (
        ("CLOSING", "DECISION_INCOMPLETE"),
        ("REMINDER", "ILLEGAL_TRANSITION"),
        ("CLARIFICATION", "REASON_REQUIRED"),
        ("EXTENSION", "REASON_REQUIRED"),
        ("REFUSAL", "REASON_REQUIRED"),
        ("ACKNOWLEDGEMENT", "CONFLICT"),
        ("RESTRICTION_LIFTED", "INVALID"),
    ):
        shown = (await door.ask(PREVIEW, Role.DPO, **asked, kind=kind))["letterPreview"]
        assert [problem["code"] for problem in shown["problems"]] == [expected], kind
        assert shown["text"] is None
    nobody = asked | {"id": encode("DataSubjectRequest", 999)}
    assert await door.ask(PREVIEW, Role.DPO, **nobody, kind="REPLY") == {"letterPreview": None}


async def test_a_held_acknowledgement_is_let_go_once(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.COPY)
    await OutboundMail.all().update(state=DeliveryState.HELD, hold_reasons=["late"])
    says = "request { allowedActions acknowledgement { delivery { state } } }"
    shown = (await door.ask(PREVIEW, id=encode("DataSubjectRequest", case.id), text="",
                            kind="ACKNOWLEDGEMENT"))["letterPreview"]  # fmt: skip
    assert shown["problems"] == []
    assert await OutboundMail.filter(state=DeliveryState.HELD).exists()
    done = await act(door, "requestAcknowledge", of(case, "a"), says=says)
    assert done["outboundMail"]["text"] == shown["text"]
    assert done["request"]["acknowledgement"] == {"delivery": {"state": "QUEUED"}}
    assert "ACKNOWLEDGE" not in done["request"]["allowedActions"]
    assert await act(door, "requestAcknowledge", of(case, "a"), says=says) == done
    twice = await act(door, "requestAcknowledge", of(await again(case), "b"))
    assert code(twice) == "CONFLICT"
    assert await OutboundMail.all().count() == 1


async def test_the_button_is_there_only_while_nobody_can_have_been_acknowledged(
    door: Door, house: House
) -> None:
    case = await case_of(house, RequestType.COPY)
    query = "query A($id: ID!) { node(id: $id) { ... on DataSubjectRequest { allowedActions } } }"
    seen = {}
    for state in DeliveryState:
        await OutboundMail.all().update(state=state)
        found = await door.ask(query, id=encode("DataSubjectRequest", case.id))
        seen[state] = "ACKNOWLEDGE" in found["node"]["allowedActions"]
    assert {state for state, shown in seen.items() if shown} == {
        DeliveryState.HELD,
        DeliveryState.DROPPED,
    }
