"""A letter of several people gives each a case on the same clock; nobody's identity goes over."""

from typing import Any

import pytest

from models.acts.replying import reply
from models.acts.splitting import split_case
from models.house import House
from models.shapes import Actor
from models.tables import DataSubjectRequest, RequestItem, TimelineEntry
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    ErrorCode,
    ItemStatus,
    LetterKind,
    RequestType,
)
from tests.models.acts.desk import (
    MARI,
    a_case,
    a_client,
    again,
    newest,
    refused,
    staff,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
ERASURE, COPY, WITHDRAWAL = (
    RequestType.ERASURE,
    RequestType.COPY,
    RequestType.CONSENT_WITHDRAWAL,
)


async def split(
    house: House, actor: Actor, case: DataSubjectRequest, *labels: RequestType, **more: Any
) -> DataSubjectRequest:
    """The new case."""
    values: dict[str, Any] = {"is_shared": True, "reason": "Kaks inimest ühes kirjas.", "now": NOW}
    done = await split_case(
        house, actor, request_id=case.id, version=case.version, labels=labels, **(values | more)
    )
    return await DataSubjectRequest.get(id=done.request_id)


async def test_both_people_have_the_right_on_the_same_clock(house: House) -> None:
    await a_client(house)
    other = await a_client(house, "jaan@example.com", key="k2")
    actor = await staff(house)
    case = await a_case(house, ERASURE)
    made = await split(house, actor, case, ERASURE, client_id=other)
    assert made.due_on == case.due_on
    assert (made.subject_id, made.assurance) == (other, Assurance.CLAIMED)
    assert made.reference != case.reference
    assert await RequestItem.filter(type=ERASURE).count() == 2
    assert await TimelineEntry.filter(kind="split").count() == 2


async def test_a_letter_of_the_new_case_answers_the_letter_it_came_out_of(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    made = await split(house, actor, await a_case(house, ERASURE), ERASURE)
    await reply(
        house, actor, request_id=made.id, version=made.version, text="Tere.", holds_data=False
    )
    mail = await newest(LetterKind.REPLY)
    assert house.vault.open_text("to", mail.to_sealed) == MARI
    assert b"In-Reply-To: <1@example.com>" in house.vault.open("out-raw", mail.raw_sealed or b"")


async def test_rights_that_leave_take_their_effect_along(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, COPY, WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))
    made = await split(house, actor, case, WITHDRAWAL, is_shared=False)
    moved = await RequestItem.get(request_id=made.id)
    assert (moved.status, moved.effective_at) == (ItemStatus.EFFECTIVE, case.received_at)
    assert [item.type for item in await RequestItem.filter(request_id=case.id)] == [COPY]
    assert (await again(case)).identity_needed is Assurance.CONFIRMED


async def test_what_cannot_leave_stays_and_nothing_changes(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, ERASURE, COPY)
    await RequestItem.filter(request_id=case.id, type=COPY).update(status=ItemStatus.DECIDED)
    for labels, more, code in (
        ((), {}, ErrorCode.INVALID),
        ((WITHDRAWAL,), {}, ErrorCode.NOT_FOUND),
        ((ERASURE, COPY), {"is_shared": False}, ErrorCode.INVALID),
        ((COPY,), {"is_shared": False}, ErrorCode.CONFLICT),
        ((ERASURE,), {"reason": "  "}, ErrorCode.REASON_REQUIRED),
        ((ERASURE,), {"client_id": 999}, ErrorCode.NOT_FOUND),
    ):
        assert await refused(split(house, actor, case, *labels, **more)) is code, labels
