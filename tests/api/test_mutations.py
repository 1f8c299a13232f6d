"""Acts over GraphQL: done as a whole, refused as a whole, repeated without doing it twice."""

import asyncio
from typing import Any

from api.ids import encode
from models.acts.access import token_digest
from models.house import House
from models.tables import (
    ApiToken,
    Client,
    ConsentEvent,
    DataSubjectRequest,
    IdempotencyKey,
    JournalEntry,
    Message,
    OutboundMail,
    Staff,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import DeliveryState, Fate, RequestStatus, Role
from tests.api.desk import Door
from tests.api.seeds import Sample

CLASSIFY = """
mutation Classify($input: MessageClassifyInput!) { messageClassify(input: $input) {
  message { fate version classification { types model correctedBy { name } } }
  request { reference types }
  userErrors { code path message } } }
"""
NOTE = """
mutation Note($input: RequestNoteInput!) { requestNote(input: $input) {
  request { version timeline { nodes { kind detail actor { label kind } } } }
  userErrors { __typename code path } } }
"""
CONSENT = """
mutation Withdraw($input: ConsentWithdrawInput!) { consentWithdraw(input: $input) {
  consent { state purpose { code } } client { version } userErrors { code path } } }
"""


def letter(kind: str, given: str) -> str:
    """A decision about a letter of ours."""
    return (
        f"mutation L($input: {given}!) {{ {kind}(input: $input) {{"
        " outboundMail { version delivery { state } } userErrors { code path } } }"
    )


async def test_a_letter_in_triage_becomes_a_case(door: Door, sample: Sample) -> None:
    """With its verdict by a person, its journal row, and nothing left in triage."""
    given = {
        "messageId": encode("Message", sample.triage.id),
        "version": 1,
        "labels": ["ERASURE", "COPY"],
        "idempotencyKey": "one",
    }
    done = (await door.ask(CLASSIFY, input=given))["messageClassify"]
    assert done["userErrors"] == []
    assert set(done["request"]["types"]) == {"ERASURE", "COPY"}
    assert done["message"]["fate"] == "REGISTERED"
    assert done["message"]["classification"]["correctedBy"] == {"name": "Person case_handler"}
    assert (await door.ask("{ triage { nodes { id } } }"))["triage"]["nodes"] == []
    row = await JournalEntry.get(action="message.classify")
    assert row.targets == [f"Message:{sample.triage.id}"]
    assert row.staff_id is not None
    assert row.call_id


async def test_the_same_key_and_input_give_the_first_answer(door: Door, sample: Sample) -> None:
    """Another input under the key is a conflict; nothing is done twice."""
    given: dict[str, Any] = {
        "messageId": encode("Message", sample.triage.id),
        "version": 1,
        "labels": ["COPY"],
        "idempotencyKey": "one",
    }
    first = (await door.ask(CLASSIFY, input=given))["messageClassify"]
    again = (await door.ask(CLASSIFY, input=given))["messageClassify"]
    assert first == again
    assert await DataSubjectRequest.all().count() == 3
    other = (await door.ask(CLASSIFY, input=given | {"labels": []}))["messageClassify"]
    assert [error["code"] for error in other["userErrors"]] == ["CONFLICT"]
    assert other["request"] is None
    # a key belongs to its caller
    theirs = (await door.ask(CLASSIFY, Role.DPO, input=given))["messageClassify"]
    assert [error["code"] for error in theirs["userErrors"]] == ["STALE_VERSION"]
    key = await IdempotencyKey.get()
    assert "COPY" not in key.input_digest


async def test_the_same_key_twice_at_once_acts_once(door: Door, sample: Sample) -> None:
    """Whoever comes second gets the first answer."""
    given = {
        "requestId": encode("DataSubjectRequest", sample.case.id),
        "version": 1,
        "text": "Called back.",
        "idempotencyKey": "same",
    }
    answers = await asyncio.gather(*(door.ask(NOTE, input=given) for _ in range(4)))
    assert [answer["requestNote"]["userErrors"] for answer in answers] == [[]] * 4
    assert await TimelineEntry.filter(kind="note").count() == 1


async def test_a_stale_version_changes_nothing(door: Door, sample: Sample) -> None:
    """STALE_VERSION at the field, the object null."""
    given = {
        "requestId": encode("DataSubjectRequest", sample.case.id),
        "version": 7,
        "text": "Called back.",
    }
    done = (await door.ask(NOTE, input=given))["requestNote"]
    error = {"__typename": "FieldError", "code": "STALE_VERSION", "path": ["input", "version"]}
    assert done == {"request": None, "userErrors": [error]}
    assert await TimelineEntry.filter(kind="note").count() == 0


async def test_a_note_is_sealed_and_seen_by_case_handlers(door: Door, sample: Sample) -> None:
    """And the version moves on."""
    given = {
        "requestId": encode("DataSubjectRequest", sample.case.id),
        "version": 1,
        "text": "Called back.",
    }
    done = (await door.ask(NOTE, input=given))["requestNote"]["request"]
    assert done["version"] == 2
    last = done["timeline"]["nodes"][-1]
    assert last["detail"] == {"text": "Called back."}
    assert last["actor"] == {"label": "Person case_handler", "kind": "STAFF"}
    empty = (await door.ask(NOTE, input=given | {"text": "  "}))["requestNote"]
    assert [error["code"] for error in empty["userErrors"]] == ["REASON_REQUIRED"]


async def test_a_case_is_assigned_and_put_back(door: Door, sample: Sample) -> None:
    """Only to trained staff; a finished case refuses with where it stands."""
    query = """mutation A($input: RequestAssignInput!) { requestAssign(input: $input) {
      request { assignee { name } status version }
      userErrors { __typename code ... on TransitionError { from } } } }"""
    case = encode("DataSubjectRequest", sample.case.id)
    dpo = await Staff.get(role=Role.DPO)
    given = {"requestId": case, "version": 1, "staffId": encode("Staff", dpo.id)}
    done = (await door.ask(query, input=given))["requestAssign"]
    assert done["request"] == {
        "assignee": {"name": "Person dpo"},
        "status": "IN_PROGRESS",
        "version": 2,
    }
    back = await door.ask(query, input=given | {"version": 2, "staffId": None})
    assert back["requestAssign"]["request"]["assignee"] is None
    await DataSubjectRequest.filter(id=sample.case.id).update(status=RequestStatus.MERGED)
    refused = await door.ask(query, input=given | {"version": 3})
    assert refused["requestAssign"]["userErrors"] == [
        {"__typename": "TransitionError", "code": "ILLEGAL_TRANSITION", "from": "MERGED"}
    ]


async def test_a_held_letter_is_released_or_dropped(door: Door, sample: Sample) -> None:
    """Once; the second decision is stale or does not fit."""
    given = {"id": encode("OutboundMail", sample.held.id), "version": 1}
    release = letter("outboundMailRelease", "OutboundMailSendInput")
    done = (await door.ask(release, input=given | {"idempotencyKey": "k"}))["outboundMailRelease"]
    assert done["outboundMail"] == {"version": 2, "delivery": {"state": "QUEUED"}}
    stale = (await door.ask(release, input=given | {"idempotencyKey": "l"}))["outboundMailRelease"]
    assert [error["code"] for error in stale["userErrors"]] == ["STALE_VERSION"]
    drop = letter("outboundMailDrop", "OutboundMailInput")
    dropped = (await door.ask(drop, input=given | {"version": 2}))["outboundMailDrop"]
    assert dropped["outboundMail"]["delivery"]["state"] == "DROPPED"


async def test_a_doubtful_letter_is_confirmed_or_sent_again(door: Door, sample: Sample) -> None:
    """Only a person decides about maybe_sent."""
    await OutboundMail.filter(id=sample.held.id).update(state=DeliveryState.MAYBE_SENT)
    given = {"id": encode("OutboundMail", sample.held.id), "version": 1}
    confirm = letter("outboundMailConfirmSent", "OutboundMailInput")
    done = (await door.ask(confirm, input=given))["outboundMailConfirmSent"]
    assert done["outboundMail"]["delivery"]["state"] == "SENT"
    retry = letter("outboundMailRetry", "OutboundMailSendInput")
    again = await door.ask(retry, input=given | {"version": 2, "idempotencyKey": "k"})
    assert [e["code"] for e in again["outboundMailRetry"]["userErrors"]] == ["ILLEGAL_TRANSITION"]


async def test_sending_acts_need_a_key(door: Door, sample: Sample) -> None:
    """Where a letter goes out, a repeat must be recognisable."""
    release = letter("outboundMailRelease", "OutboundMailSendInput")
    given = {"id": encode("OutboundMail", sample.held.id), "version": 1}
    assert (await door.post(release, input=given)).status_code == 400


async def test_a_consent_is_withdrawn_by_a_machine(door: Door, sample: Sample) -> None:
    """A line in the ledger, a suppression, the folded state."""
    given = {
        "clientId": encode("Client", sample.mari.id),
        "version": 1,
        "purpose": "SURVEYS",
        "method": "FORM",
        "note": "by form",
    }
    done = (await door.ask(CONSENT, Role.INTEGRATION, input=given))["consentWithdraw"]
    assert done == {
        "consent": {"state": "WITHDRAWN", "purpose": {"code": "SURVEYS"}},
        "client": {"version": 2},
        "userErrors": [],
    }
    event = await ConsentEvent.get(client_id=sample.mari.id, purpose__code="surveys")
    assert event.actor_kind.value == "integration"
    assert await Suppression.filter(purpose="surveys").count() == 1


async def test_a_client_is_written_by_its_key(door: Door, sample: Sample, house: House) -> None:
    """Created, changed under its version, refused with the field that is wrong."""
    query = """mutation C($input: ClientUpsertInput!) { clientUpsert(input: $input) {
      isNew client { displayName version identifier { masked }
        addresses { value } representatives { name addresses { value } } contracts { number } }
      userErrors { code path } } }"""
    given: dict[str, Any] = {
        "externalId": "C-9",
        "kind": "LEGAL_PERSON",
        "displayName": "Kaev OÜ",
        "identifier": {"scheme": "EE_REGISTRY_CODE", "code": "12345678"},
        "addresses": [{"kind": "EMAIL", "value": "kaev@example.com", "isPrimary": True}],
        "representatives": [
            {"name": "Ann", "addresses": [{"kind": "PHONE", "value": "+3725551111"}]}
        ],
        "contracts": [{"number": "L-9", "startsOn": "2026-01-01"}],
    }
    done = (await door.ask(query, Role.INTEGRATION, input=given))["clientUpsert"]
    assert done["isNew"] is True
    assert done["client"]["identifier"] == {"masked": "******78"}
    assert done["client"]["representatives"][0]["addresses"] == [{"value": "+3725551111"}]
    again = await door.ask(query, Role.INTEGRATION, input=given | {"version": 1})
    assert again["clientUpsert"]["isNew"] is False
    stale = await door.ask(query, Role.INTEGRATION, input=given | {"version": 1})
    assert stale["clientUpsert"]["userErrors"][0]["code"] == "STALE_VERSION"
    for change, path in (
        ({"identifier": {"scheme": "EE_REGISTRY_CODE", "code": "12345679"}}, "code"),
        ({"displayName": "x" * 201}, "displayName"),
        ({"externalId": " "}, "externalId"),
        ({"addresses": [{"kind": "EMAIL", "value": "a@b.c"}] * 51}, "addresses"),
    ):
        bad = await door.ask(query, Role.INTEGRATION, input=given | change)
        (error,) = bad["clientUpsert"]["userErrors"]
        assert (error["code"], error["path"][-1]) == ("INVALID", path)
    assert await Client.filter(external_id="C-9").count() == 1


async def test_staff_and_tokens_are_made_by_the_admin(door: Door) -> None:
    """The token is shown once and works; revoked, it ends at once."""
    staff = """mutation S($input: StaffUpsertInput!) { staffUpsert(input: $input) {
      staff { id version role } userErrors { code path } } }"""
    token = """mutation T($input: TokenCreateInput!) { tokenCreate(input: $input) {
      token name expiresAt userErrors { code path } } }"""
    revoke = """mutation R($input: TokenRevokeInput!) { tokenRevoke(input: $input) {
      name userErrors { code } } }"""
    person = {"name": "Uus", "email": "uus@example.com", "role": "VIEWER", "trainedOn": None}
    refused = (await door.ask(staff, Role.ADMIN, input=person))["staffUpsert"]
    assert refused["userErrors"] == [{"code": "REASON_REQUIRED", "path": ["input", "trainedOn"]}]
    made = await door.ask(staff, Role.ADMIN, input=person | {"trainedOn": "2026-01-01"})
    who = made["staffUpsert"]["staff"]
    given = {"name": "uus", "role": "VIEWER", "staffId": who["id"], "days": 30}
    shown = (await door.ask(token, Role.ADMIN, input=given))["tokenCreate"]
    door.tokens[Role.VIEWER] = shown["token"]
    assert shown["expiresAt"]
    assert (await door.ask("{ viewer { label } }", Role.VIEWER))["viewer"]["label"] == "Uus"
    taken = (await door.ask(token, Role.ADMIN, input=given))["tokenCreate"]
    assert taken["userErrors"] == [{"code": "CONFLICT", "path": ["input", "name"]}]
    await door.ask(revoke, Role.ADMIN, input={"name": "uus"})
    assert (await door.post("{ viewer { label } }", Role.VIEWER)).status_code == 401
    unknown = (await door.ask(revoke, Role.ADMIN, input={"name": "nobody"}))["tokenRevoke"]
    assert unknown["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_a_token_made_under_a_key_is_made_once_and_shown_once(door: Door) -> None:
    """A repeat tells its name and its end; the token itself is kept nowhere."""
    query = """mutation T($input: TokenCreateInput!) { tokenCreate(input: $input) {
      token name expiresAt userErrors { code path } } }"""
    given = {"name": " shop ", "role": "INTEGRATION", "days": 30, "idempotencyKey": "one"}
    first = (await door.ask(query, Role.ADMIN, input=given))["tokenCreate"]
    again = (await door.ask(query, Role.ADMIN, input=given))["tokenCreate"]
    shown = [{"code": "CONFLICT", "path": ["input", "idempotencyKey"]}]
    assert first["userErrors"] == []
    assert again == first | {"token": None, "userErrors": shown}
    assert again["name"] == "shop"
    assert again["expiresAt"]
    other = (await door.ask(query, Role.ADMIN, input=given | {"name": "other"}))["tokenCreate"]
    assert other == {"token": None, "name": None, "expiresAt": None, "userErrors": shown}
    assert await ApiToken.filter(role=Role.INTEGRATION).count() == 2
    kept = str(await IdempotencyKey.all().values()) + str(await JournalEntry.all().values())
    assert first["token"]
    assert first["token"] not in kept


async def test_a_token_made_twice_at_once_is_shown_to_one_caller(door: Door) -> None:
    """The one whose token stands."""
    query = """mutation T($input: TokenCreateInput!) { tokenCreate(input: $input) {
      token name userErrors { code } } }"""
    given = {"name": "shop", "role": "INTEGRATION", "idempotencyKey": "one"}
    answers = await asyncio.gather(*(door.ask(query, Role.ADMIN, input=given) for _ in range(4)))
    (token,) = [one for answer in answers if (one := answer["tokenCreate"]["token"])]
    assert {answer["tokenCreate"]["name"] for answer in answers} == {"shop"}
    assert await ApiToken.filter(digest=token_digest(token)).count() == 1


async def test_a_token_is_ended_once_under_a_key(door: Door) -> None:
    query = """mutation R($input: TokenRevokeInput!) { tokenRevoke(input: $input) {
      name userErrors { code path } } }"""
    given = {"name": "integration", "idempotencyKey": "one"}
    answers = [(await door.ask(query, Role.ADMIN, input=given))["tokenRevoke"] for _ in range(2)]
    assert answers == [{"name": "integration", "userErrors": []}] * 2
    assert await JournalEntry.filter(action="token.revoke").count() == 1
    other = (await door.ask(query, Role.ADMIN, input=given | {"name": "dpo"}))["tokenRevoke"]
    assert [error["code"] for error in other["userErrors"]] == ["CONFLICT"]
    assert (await ApiToken.get(name="dpo")).revoked_at is None


async def test_an_ignored_letter_can_still_be_classified(door: Door, sample: Sample) -> None:
    """A wrong verdict can be found and mended."""
    given = {
        "messageId": encode("Message", sample.ignored.id),
        "version": 1,
        "labels": ["COPY"],
        "requestId": encode("DataSubjectRequest", sample.older.id),
        "idempotencyKey": "x",
    }
    done = (await door.ask(CLASSIFY, Role.DPO, input=given))["messageClassify"]
    assert done["request"]["reference"] == "NP-2026-0001"
    assert (await Message.get(id=sample.ignored.id)).fate is Fate.FOLLOW_UP


async def test_an_id_of_another_type_is_refused_at_its_field(door: Door, sample: Sample) -> None:
    """Never a row of another table."""
    given = {"id": encode("Message", sample.held.id), "version": 1}
    query = letter("outboundMailDrop", "OutboundMailInput")
    done = (await door.ask(query, Role.DPO, input=given))["outboundMailDrop"]
    assert done["userErrors"] == [{"code": "INVALID", "path": ["input", "id"]}]
