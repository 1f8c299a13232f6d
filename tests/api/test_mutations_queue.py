"""What waits for a person is placed, merged, split, moved, corrected and redacted over GraphQL."""

from datetime import timedelta
from typing import Any

from api.ids import encode
from models.house import House
from models.tables import Attachment, Message
from models.vocabulary import Fate, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample
from tests.models.acts.desk import a_case, a_client, again

CASE = "request { id reference types status channel version duplicateOf { reference } }"
LETTER = "message { version attachments { isRemoved } } request { reference }"


async def act(door: Door, name: str, given: dict[str, Any], says: str = CASE) -> Any:
    """Answer of one act."""
    kind = name[0].upper() + name[1:]
    query = (
        f"mutation Act($input: {kind}Input!) {{ {name}(input: $input) {{ {says}"
        " userErrors { code path } } }"
    )
    return (await door.ask(query, Role.CASE_HANDLER, input=given))[name]


async def test_an_oral_request_is_written_down_once(door: Door, sample: Sample) -> None:
    given = {
        "channel": "PHONE",
        "receivedAt": (NOW - timedelta(days=3)).isoformat(),
        "labels": ["ERASURE"],
        "text": "Palus konto kustutada.",
        "clientId": encode("Client", sample.mari.id),
        "idempotencyKey": "call",
    }
    done = await act(door, "requestCreate", given)
    assert done["request"]["types"] == ["ERASURE"]
    assert done["request"]["channel"] == "PHONE"
    assert await act(door, "requestCreate", given) == done
    future = given | {"receivedAt": (NOW + timedelta(days=1)).isoformat(), "idempotencyKey": "b"}
    bad = await act(door, "requestCreate", future)
    assert bad["userErrors"] == [{"code": "INVALID", "path": ["input", "receivedAt"]}]
    early = given | {"receivedAt": "0001-01-01T00:00:00Z", "idempotencyKey": "c"}
    assert (await act(door, "requestCreate", early))["userErrors"] == bad["userErrors"]


async def test_two_cases_become_one_and_one_becomes_two(door: Door, house: House) -> None:
    await a_client(house)
    old = await a_case(house, RequestType.ERASURE, uid=1, received_at=NOW - timedelta(days=3))
    new = await a_case(house, RequestType.COPY, uid=2, received_at=NOW - timedelta(days=1))
    ids = [encode("DataSubjectRequest", one.id) for one in (old, new)]
    given: dict[str, Any] = {
        "requestId": ids[0], "version": old.version, "intoId": ids[1], "intoVersion": new.version,
    }  # fmt: skip
    merged = await act(door, "requestMerge", given)
    assert merged["request"]["id"] == ids[1]
    assert set(merged["request"]["types"]) == {"ERASURE", "COPY"}
    gone = await act(door, "requestMerge", given)
    assert [error["code"] for error in gone["userErrors"]] == ["STALE_VERSION"]
    new = await again(new)
    split = {
        "requestId": ids[1], "version": new.version, "labels": ["COPY"], "isShared": False,
        "reason": "Koopiat soovib abikaasa.",
    }  # fmt: skip
    made = await act(door, "requestSplit", split)
    assert made["request"]["types"] == ["COPY"]
    assert made["request"]["id"] not in ids


async def test_a_verdict_is_corrected(door: Door, house: House) -> None:
    case = await a_case(house, RequestType.INQUIRY, received_at=NOW - timedelta(days=1))
    given = {
        "requestId": encode("DataSubjectRequest", case.id),
        "version": case.version,
        "labels": [],
        "reason": "See on arve.",
    }
    done = await act(door, "requestCorrectClassification", given)
    assert done["request"]["status"] == "NOT_A_REQUEST"


async def test_a_letter_is_moved(door: Door, sample: Sample) -> None:
    await Message.filter(id=sample.letter.id).update(fate=Fate.FOLLOW_UP)
    given = {
        "messageId": encode("Message", sample.letter.id),
        "version": 1,
        "requestId": encode("DataSubjectRequest", sample.older.id),
        "reason": "Vale juhtum.",
    }
    done = await act(door, "messageMove", given, LETTER)
    assert done["request"]["reference"] == "NP-2026-0001"
    assert done["message"]["version"] == 2


async def test_a_copy_of_an_identity_document_is_removed(door: Door, sample: Sample) -> None:
    given = {
        "attachmentId": encode("Attachment", sample.file.id),
        "version": 1,
        "note": "Isikut tõendava dokumendi koopia.",
    }
    done = await act(door, "messageRedactAttachment", given, LETTER)
    assert done["message"]["attachments"] == [{"isRemoved": True}]
    assert (await Attachment.get(id=sample.file.id)).content_sealed is None
    path = f"/files/{given['attachmentId']}"
    assert (await door.http.get(path, headers=door.headers(Role.DPO))).status_code == 404
