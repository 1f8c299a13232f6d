"""What stands against a letter is named by the preview's own arguments."""

from datetime import timedelta
from typing import Any

import pytest

from api.ids import encode
from models.house import House
from models.tables import Client, DataSubjectRequest, Lifting
from models.vocabulary import RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW
from tests.models.acts.desk import a_case, a_client, post_goes

PREVIEW = """query P($id: ID!, $kind: LetterKind!, $text: String! = "", $about: LetterAbout) {
  letterPreview(requestId: $id, kind: $kind, text: $text, about: $about) {
    to subject text problems { code path } } }"""
LIFT = """mutation L($input: RestrictionLiftInput!) { restrictionLift(input: $input) {
  userErrors { message } } }"""
FEE = {"reason": "PROCESS_EXCESSIVE", "amount": "9"}
WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("ACKNOWLEDGEMENT", {}, ["requestId"]),
    ("STAFF_ALARM", {}, ["kind"]),
    ("CLARIFICATION", {}, ["text"]),
    ("CLARIFICATION", {"text": "x" * 10_001}, ["text"]),
    ("EXTENSION", {"about": {"extensionGround": "COMPLEXITY"}}, ["text"]),
    ("EXTENSION", {"text": "Palju."}, ["about", "extensionGround"]),
    ("FEE_NOTICE", {"text": "Sest."}, ["about", "reason"]),
    ("FEE_NOTICE", {"text": "Sest.", "about": {"reason": "COMPLEXITY_OF_PROCESS"}},
     ["about", "reason"]),
    ("FEE_NOTICE", {"text": "Sest.", "about": FEE | {"amount": "0"}}, ["about", "amount"]),
    ("FEE_NOTICE", {"about": FEE}, ["text"]),
    ("REFUSAL", {"about": {"reason": "PROCESS_EXCESSIVE"}}, ["text"]),
    ("REPLY", {"text": "Tere.", "about": {"answerAddress": "new@example.com"}},
     ["about", "answerAddress"]),
    ("RESTRICTION_LIFTED", {"text": "Sest."}, ["about", "liftedOn"]),
    ("RESTRICTION_LIFTED", {"text": "Sest.", "about": {"liftedOn": "2020-01-01"}}, ["requestId"]),
]  # fmt: skip


async def case_of(house: House, *kinds: RequestType) -> DataSubjectRequest:
    """A case of a known client, received yesterday and acknowledged."""
    await a_client(house)
    case = await a_case(house, *kinds, received_at=NOW - timedelta(days=1))
    await post_goes(house, NOW)
    return case


@pytest.mark.parametrize(("kind", "given", "path"), WRONG)
async def test_a_problem_of_a_preview_is_at_the_argument_it_comes_from(
    door: Door, house: House, kind: str, given: dict[str, Any], path: list[str]
) -> None:
    case = await case_of(house, RequestType.COPY)
    asked = {"id": encode("DataSubjectRequest", case.id), "kind": kind} | given
    (problem,) = (await door.ask(PREVIEW, Role.DPO, **asked))["letterPreview"]["problems"]
    assert problem["path"] == path


async def test_the_end_of_a_restriction_is_previewed_in_the_words_of_staff(
    door: Door, house: House
) -> None:
    case = await case_of(house, RequestType.RESTRICTION)
    client = await Client.get()
    client.restricted_since = NOW
    await client.save()
    day = str(NOW.date() + timedelta(days=9))
    asked: dict[str, Any] = {
        "id": encode("DataSubjectRequest", case.id),
        "kind": "RESTRICTION_LIFTED",
    }
    shown = await door.ask(PREVIEW, **asked, text="Andmed on õiged.", about={"liftedOn": day})
    assert shown["letterPreview"]["problems"] == []
    assert "Andmed on õiged." in shown["letterPreview"]["text"]
    assert not await Lifting.exists()
    lift = {
        "clientId": encode("Client", client.id), "version": client.version,
        "reasons": "Andmed on õiged.", "liftedOn": day, "idempotencyKey": "a",
    }  # fmt: skip
    assert (await door.ask(LIFT, input=lift))["restrictionLift"]["userErrors"] == []
    query = "{ outboundMail(where: {kind: [RESTRICTION_LIFTED]}) { nodes { to subject text } } }"
    (letter,) = (await door.ask(query))["outboundMail"]["nodes"]
    assert shown["letterPreview"] == letter | {"problems": []}


async def test_a_restriction_of_nobody_is_not_previewed(door: Door, house: House) -> None:
    case = await case_of(house, RequestType.RESTRICTION)
    await DataSubjectRequest.all().update(subject_id=None)
    asked: dict[str, Any] = {
        "id": encode("DataSubjectRequest", case.id),
        "kind": "RESTRICTION_LIFTED",
    }
    shown = await door.ask(PREVIEW, **asked, text="x", about={"liftedOn": "2099-01-01"})
    assert shown["letterPreview"]["problems"] == [{"code": "INVALID", "path": ["requestId"]}]
