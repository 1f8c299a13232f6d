"""Every role at every guarded door, from one table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.ids import encode
from models.acts.access import create_token, token_digest, upsert_staff
from models.house import House
from models.shapes import SYSTEM, ActRefused
from models.tables import (
    ApiToken,
    Client,
    ConsentEvent,
    DataSubjectRequest,
    JournalEntry,
    Message,
    OutboundMail,
    Staff,
    TimelineEntry,
)
from models.vocabulary import ErrorCode, Role
from tests.api.desk import Door
from tests.api.seeds import TRAINED, Sample

V, H, D, A, M = Role.VIEWER, Role.CASE_HANDLER, Role.DPO, Role.ADMIN, Role.INTEGRATION
ALL = set(Role)

QUESTIONS: dict[str, set[Role]] = {
    "viewer { label }": ALL,
    "consentPurposes { code }": ALL,
    "supportedRights { type }": ALL,
    "processingActivities { category }": ALL,
    "policyVersions { version }": ALL,
    "health { database }": ALL,
    "requests { nodes { id } }": {V, H, D},
    'requestByReference(reference: "NP-2026-0002") { id }': {V, H, D},
    'statistics(period: {from: "2026-01-01", until: "2026-02-01"}) { open }': {V, H, D},
    "clients { nodes { id } }": {V, H, D, M},
    'clientByExternalId(externalId: "C-1") { id }': {V, H, D, M},
    'isSuppressed(addresses: ["mari@example.com"]) { address }': {H, D, M},
    "triage { nodes { id } }": {H, D},
    "quarantine { nodes { id } }": {H, D},
    "ignoredMessages { nodes { id } }": {D},
    "outboundMail { nodes { id } }": {H, D},
    f'letterPreview(requestId: "{encode("DataSubjectRequest", 9)}", kind: REPLY) {{ to }}': {H, D},
    "staff { name }": {H, D, A},
    "auditLog { nodes { id } }": {D},
}

CASE = 'requestByReference(reference: "NP-2026-0002")'
FIELDS: dict[str, set[Role]] = {
    f"{CASE} {{ actingFor }}": {H, D},
    f"{CASE} {{ identity {{ evidence }} }}": {H, D},
    f"{CASE} {{ identity {{ note }} }}": {H, D},
    f"{CASE} {{ items {{ explanation }} }}": {H, D},
    f"{CASE} {{ classification {{ evidence {{ text }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ from }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ messageId }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ subject }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ text }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ newText }} }} }}": {H, D},
    f"{CASE} {{ messages {{ nodes {{ attachments {{ name }} }} }} }}": {H, D},
    f"{CASE} {{ outbound {{ to }} }}": {H, D},
    f"{CASE} {{ outbound {{ subject }} }}": {H, D},
    f"{CASE} {{ outbound {{ text }} }}": {H, D},
    f"{CASE} {{ files {{ name }} }}": {H, D},
    f"{CASE} {{ packages {{ sha256 }} }}": {H, D},
    f"{CASE} {{ timeline {{ nodes {{ detail }} }} }}": {H, D},
    f"{CASE} {{ subject {{ disclosures {{ purpose }} }} }}": {H, D},
    f"{CASE} {{ subject {{ identifier {{ full }} }} }}": {H, D},
    f"{CASE} {{ subject {{ consents {{ events {{ note }} }} }} }}": {H, D},
    f"{CASE} {{ subject {{ consents {{ events {{ evidence {{ id }} }} }} }} }}": {H, D},
    f"{CASE} {{ subject {{ requests {{ nodes {{ id }} }} }} }}": {V, H, D},
    f"{CASE} {{ assignee {{ assigned {{ nodes {{ id }} }} }} }}": {V, H, D},
    'clientByExternalId(externalId: "C-1") { requests { nodes { id } } }': {V, H, D},
    'clientByExternalId(externalId: "C-1") { identifier { full } }': {H, D},
    'clientByExternalId(externalId: "C-1") { consents { events { evidence { id } } } }': {H, D},
}
SECRETS = ("secret", "36805280109", "writer2@", "reader1@")


@pytest.mark.parametrize("role", list(Role))
async def test_every_question_is_answered_only_to_its_roles(
    door: Door, sample: Sample, role: Role
) -> None:
    """A refused one is null with FORBIDDEN; the rest of the answer stands."""
    for question, allowed in (QUESTIONS | FIELDS).items():
        answer = (await door.post(f"{{ {question} viewer {{ label }} }}", role)).json()
        codes = {e["extensions"]["code"] for e in answer.get("errors", ())}
        reach = (
            allowed
            if question in QUESTIONS or not question.startswith("request")
            else allowed & {V, H, D}
        )
        assert codes == (set() if role in reach else {"FORBIDDEN"}), (role, question, answer)
        assert answer["data"]["viewer"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN, Role.INTEGRATION])
async def test_no_path_shows_a_letter_to_the_others(door: Door, sample: Sample, role: Role) -> None:
    """Text, subject, evidence words, notes and file names stay away, by id too."""
    ids = [
        encode("Message", sample.letter.id),
        encode("DataSubjectRequest", sample.case.id),
        encode("OutboundMail", sample.ack.id),
        encode("ConsentEvent", sample.event.id),
        encode("TimelineEntry", sample.entry.id),
        encode("Client", sample.mari.id),
        encode("RequestItem", sample.item.id),
    ]
    query = """query Q($ids: [ID!]!) { nodes(ids: $ids) { id
      ... on Message { from subject text newText attachments { name }
        classification { evidence { text } } }
      ... on DataSubjectRequest { actingFor identity { note evidence } }
      ... on OutboundMail { to subject text }
      ... on ConsentEvent { note evidence { subject } }
      ... on TimelineEntry { detail }
      ... on Client { identifier { masked full } }
    } }"""
    response = await door.post(query, role, ids=ids)
    assert response.status_code == 200
    assert not any(secret in response.text for secret in SECRETS)
    for path in (f"/messages/{ids[0]}.eml", f"/files/{encode('Attachment', sample.file.id)}"):
        assert (await door.http.get(path, headers=door.headers(role))).status_code == 403


def acts(sample: Sample) -> dict[str, tuple[dict[str, Any], set[Role]]]:
    """Every mutation with an input that would work, and who may do it."""
    client, case = encode("Client", sample.mari.id), encode("DataSubjectRequest", sample.case.id)
    consent = {"clientId": client, "version": 1, "purpose": "SURVEYS", "method": "PHONE"}
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    held = {"id": encode("OutboundMail", sample.held.id), "version": 1}
    on_case = {"requestId": case, "version": 1}
    letter = on_case | {"idempotencyKey": "k4"}
    package = {"packageId": encode("AccessPackage", 1), "version": 1}
    return {
        "messageClassify": (
            {
                "messageId": encode("Message", sample.triage.id),
                "version": 1,
                "labels": [],
                "idempotencyKey": "k1",
            },
            {H, D},
        ),
        "consentRecord": (consent | {"kind": "GIVEN", "at": at}, {H, D, M}),
        "consentWithdraw": (consent, {H, D, M}),
        "outboundMailRelease": (held | {"idempotencyKey": "k2"}, {H, D}),
        "outboundMailRetry": (held | {"idempotencyKey": "k3"}, {H, D}),
        "outboundMailDrop": (held, {H, D}),
        "outboundMailConfirmSent": (held, {H, D}),
        "requestAssign": ({"requestId": case, "version": 1, "staffId": None}, {H, D}),
        "requestNote": ({"requestId": case, "version": 1, "text": "x"}, {H, D}),
        "requestAskIdentity": (letter | {"text": "x"}, {H, D}),
        "requestAskClarification": (letter | {"text": "x"}, {H, D}),
        "requestResume": (on_case, {H, D}),
        "requestRemind": (letter, {H, D}),
        "requestVerifyIdentity": (on_case | {"method": "CALL_BACK", "note": "x"}, {H, D}),
        "requestExtendDeadline": (letter | {"ground": "COMPLEXITY", "explanation": "x"}, {H, D}),
        "requestDecideItem": (on_case | {"type": "COPY", "outcome": "GRANTED"}, {H, D}),
        "requestReply": (letter | {"text": "x", "holdsData": False}, {H, D}),
        "requestAnnounceFee": (
            letter | {"ground": "PROCESS_EXCESSIVE", "reasons": "x", "amount": "9"},
            {D},
        ),
        "requestCreate": (
            {"channel": "PHONE", "receivedAt": at, "labels": ["COPY"], "text": "x"},
            {H, D},
        ),
        "requestMerge": (on_case | {"intoId": case, "intoVersion": 1}, {H, D}),
        "requestSplit": (
            on_case | {"labels": ["COPY"], "isShared": True, "reason": "x"},
            {H, D},
        ),
        "requestCorrectClassification": (on_case | {"labels": [], "reason": "x"}, {H, D}),
        "messageMove": (
            {
                "messageId": encode("Message", sample.letter.id),
                "version": 1,
                "requestId": case,
                "reason": "x",
            },
            {H, D},
        ),
        "messageRedactAttachment": (
            {"attachmentId": encode("Attachment", sample.file.id), "version": 1, "note": "x"},
            {H, D},
        ),
        "requestClose": (letter, {H, D}),
        "requestRefuse": (letter | {"reason": "PROCESS_EXCESSIVE", "explanation": "x"}, {D}),
        "requestWithdraw": (letter | {"note": "x"}, {H, D}),
        "requestReopen": (on_case | {"reason": "x"}, {H, D}),
        "clientUpsert": (
            {"externalId": "C-9", "kind": "NATURAL_PERSON", "displayName": "New"},
            {H, D, M},
        ),
        "staffUpsert": (
            {"name": "N", "email": "n@example.com", "role": "VIEWER", "trainedOn": "2026-01-01"},
            {A},
        ),
        "tokenCreate": ({"name": "n", "role": "INTEGRATION"}, {A}),
        "tokenRevoke": ({"name": "viewer"}, {A}),
        "requestDecideCategory": (
            on_case | {"category": "DEVICE", "outcome": "GRANTED", "note": "x"},
            {H, D},
        ),
        "requestErase": (on_case, {H, D}),
        "requestHold": (on_case | {"reason": "x"}, {D}),
        "requestLiftHold": (on_case | {"reason": "x"}, {D}),
        "requestCompleteTasks": (
            on_case | {"taskIds": [encode("FulfilmentTask", 1)]},
            {H, D},
        ),
        "requestSkipTasks": (
            on_case | {"taskIds": [encode("FulfilmentTask", 1)], "reason": "x"},
            {H, D},
        ),
        "taskComplete": ({"taskId": encode("FulfilmentTask", 1), "version": 1}, {H, D}),
        "disclosureRecord": (
            {
                "clientId": client,
                "version": 1,
                "recipient": "x",
                "categories": ["CLIENT"],
                "purpose": "x",
                "basis": "CONTRACT",
                "at": at,
            },
            {H, D},
        ),
        "restrictionLift": (
            {
                "clientId": client,
                "version": 1,
                "reasons": "x",
                "liftedOn": "2099-01-01",
                "idempotencyKey": "k5",
            },
            {H, D},
        ),
        "policyVersionRecord": ({"version": "x", "validFrom": "2099-01-01", "text": "x"}, {D}),
        "requestPackage": ({"requestId": case, "version": 1}, {H, D}),
        "requestFileRemove": ({"fileId": encode("CaseFile", 1), "version": 1}, {H, D}),
        "packageShowPassphrase": (package | {"idempotencyKey": "k4"}, {H, D}),
        "packageHandOver": (
            package | {"channel": "EMAIL", "passphraseChannel": "PHONE"},
            {H, D},
        ),
    }


async def everything() -> list[Any]:
    """What an act could have changed, or sent."""
    tables = (Client, ConsentEvent, DataSubjectRequest, Message, OutboundMail, Staff, ApiToken)
    found: list[Any] = [await table.all().order_by("id").values() for table in tables]
    return [*found, await TimelineEntry.all().count(), await JournalEntry.all().count()]


@pytest.mark.parametrize("role", list(Role))
async def test_a_refused_act_changes_nothing(door: Door, sample: Sample, role: Role) -> None:
    """Null and FORBIDDEN, no row touched, nothing queued."""
    before = await everything()
    for name, (given, allowed) in acts(sample).items():
        if role in allowed:
            continue
        kind = name[0].upper() + name[1:] + "Input"
        kind = {
            "OutboundMailReleaseInput": "OutboundMailSendInput",
            "OutboundMailRetryInput": "OutboundMailSendInput",
            "OutboundMailDropInput": "OutboundMailInput",
            "OutboundMailConfirmSentInput": "OutboundMailInput",
            "RequestLiftHoldInput": "RequestHoldInput",
        }.get(kind, kind)
        query = f"mutation A($i: {kind}!) {{ {name}(input: $i) {{ userErrors {{ code }} }} }}"
        answer = (await door.post(query, role, i=given)).json()
        assert answer["data"] == {name: None}
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["FORBIDDEN"], name
    assert await everything() == before


async def test_a_role_ends_with_the_token_the_training_or_the_job(door: Door, house: House) -> None:
    """Revoked, expired, untrained, gone, another role: 401 each once the few seconds
    for which a caller stays known are over.
    """
    callers = door.app.state.desk.callers
    query = "{ viewer { label } }"
    handler = await Staff.get(role=Role.CASE_HANDLER)
    assert (await door.post(query, H)).status_code == 200
    for change in ({"trained_on": None}, {"is_active": False}, {"role": Role.VIEWER}):
        await Staff.filter(id=handler.id).update(**change)
        callers.forget()
        assert (await door.post(query, H)).status_code == 401
        await Staff.filter(id=handler.id).update(
            trained_on=TRAINED, is_active=True, role=Role.CASE_HANDLER
        )
    past = datetime.now(UTC) - timedelta(seconds=1)
    for column in ("expires_at", "revoked_at"):
        await ApiToken.filter(staff_id=handler.id).update(**{column: past})
        callers.forget()
        assert (await door.post(query, H)).status_code == 401
        await ApiToken.filter(staff_id=handler.id).update(expires_at=None, revoked_at=None)
    assert (await door.post(query, H)).status_code == 200


async def test_a_token_is_kept_as_its_digest_only(door: Door) -> None:
    """256 random bits, SHA-256 at rest."""
    token = door.tokens[Role.DPO]
    assert len(token) >= 43
    row = await ApiToken.get(name="dpo")
    assert row.digest == token_digest(token)
    assert token not in str(await ApiToken.all().values())


async def test_nobody_has_a_role_without_training(door: Door, house: House) -> None:
    """Neither a new colleague nor a token for one (policy clause 6.2)."""
    with pytest.raises(ActRefused) as refusal:
        await upsert_staff(
            house, SYSTEM, name="X", email="x@example.com", role=Role.DPO, trained_on=None
        )
    assert refusal.value.problems[0].code is ErrorCode.REASON_REQUIRED
    untrained = await Staff.create(name="U", email="u@example.com", role=Role.DPO)
    with pytest.raises(ActRefused):
        await create_token(house, SYSTEM, name="u", role=Role.DPO, staff_id=untrained.id)
    with pytest.raises(ActRefused):
        await create_token(house, SYSTEM, name="machine", role=Role.DPO)
    with pytest.raises(ActRefused):
        await upsert_staff(
            house,
            SYSTEM,
            name="M",
            email="m@example.com",
            role=Role.INTEGRATION,
            trained_on=TRAINED,
        )


async def test_a_change_of_role_ends_the_tokens_of_the_old_one(door: Door, house: House) -> None:
    """Rights never stay behind."""
    handler = await Staff.get(role=Role.CASE_HANDLER)
    await upsert_staff(
        house,
        SYSTEM,
        name=handler.name,
        email=handler.email,
        role=Role.DPO,
        trained_on=TRAINED,
        staff_id=handler.id,
        version=handler.version,
    )
    assert (await door.post("{ viewer { label } }", H)).status_code == 401
    await Staff.filter(id=handler.id).update(role=Role.CASE_HANDLER)
    assert (await door.post("{ viewer { label } }", H)).status_code == 401
