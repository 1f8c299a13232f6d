"""A person corrects what a case asks for; what is decided or in effect is never taken away."""

from datetime import timedelta
from typing import Any

import pytest

from models.acts.cases import add_note
from models.acts.closing import reopen_case
from models.acts.correcting import correct_rights
from models.house import House
from models.shapes import ActRefused
from models.tables import (
    Classification,
    ConsentEvent,
    DataSubjectRequest,
    RequestItem,
    Suppression,
)
from models.vocabulary import (
    AskedPurpose,
    ErrorCode,
    ItemStatus,
    RequestStatus,
    RequestType,
)
from tests.models.acts.desk import a_case, a_client, again, refused, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
ERASURE, COPY, INQUIRY = RequestType.ERASURE, RequestType.COPY, RequestType.INQUIRY
WITHDRAWAL, OBJECTION = RequestType.CONSENT_WITHDRAWAL, RequestType.OBJECTION


async def correct(
    house: House, case: DataSubjectRequest, *labels: RequestType, **more: Any
) -> DataSubjectRequest:
    """The case after it."""
    values: dict[str, Any] = {"reason": "Kiri küsib muud.", "now": NOW}
    await correct_rights(
        house, await staff(house), request_id=case.id, version=case.version, labels=labels,
        **(values | more),
    )  # fmt: skip
    return await again(case)


async def kinds(case: DataSubjectRequest) -> set[RequestType]:
    """The rights of the case."""
    return {item.type for item in await RequestItem.filter(request_id=case.id)}


async def test_a_right_goes_and_another_comes_on_the_case_s_clock(house: House) -> None:
    await a_client(house)
    case = await a_case(house, INQUIRY)
    assert case.due_on is None
    corrected = await correct(house, case, ERASURE)
    assert await kinds(case) == {ERASURE}
    assert corrected.due_on is not None
    newest = await Classification.all().order_by("-id").first()
    assert newest is not None
    assert (newest.model, newest.labels) == ("person", ["erasure"])
    assert await Classification.all().count() == 2


async def test_what_was_no_request_has_no_clock_until_it_is_opened_again(house: House) -> None:
    await a_client(house)
    case = await a_case(house, ERASURE)
    none = await correct(house, case)
    assert (none.status, none.closed_on) == (RequestStatus.NOT_A_REQUEST, house.today(NOW))
    await add_note(
        house, await staff(house), request_id=case.id, version=none.version, text="Vt arhiiv.",
        now=NOW + timedelta(days=3),
    )  # fmt: skip
    noted = await again(case)
    assert noted.closed_on == none.closed_on
    await reopen_case(
        house, await staff(house), request_id=case.id, version=noted.version, reason="Oli ikka.",
        now=NOW,
    )  # fmt: skip
    opened = await again(case)
    assert (opened.closed_on, opened.due_on) == (None, case.due_on)


async def test_a_withdrawal_a_person_found_holds_since_receipt(house: House) -> None:
    client = await a_client(house)
    case = await a_case(house, INQUIRY)
    await correct(house, case, INQUIRY, WITHDRAWAL, purposes=(AskedPurpose.SURVEYS,))
    item = await RequestItem.get(request_id=case.id, type=WITHDRAWAL)
    assert (item.status, item.effective_at) == (ItemStatus.EFFECTIVE, case.received_at)
    assert await ConsentEvent.filter(client_id=client, kind="withdrawn").count() == 1
    assert await Suppression.filter(purpose="surveys").exists()


async def test_a_withdrawal_may_reach_further_but_not_shrink(house: House) -> None:
    client = await a_client(house)
    case = await a_case(house, WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))
    case = await correct(house, case, WITHDRAWAL, purposes=(AskedPurpose.ALL,))
    assert await ConsentEvent.filter(client_id=client, kind="withdrawn").count() > 1
    with pytest.raises(ActRefused) as refusal:
        await correct(house, case, WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT


async def test_an_objection_found_to_be_about_marketing_takes_effect(house: House) -> None:
    await a_client(house)
    case = await a_case(house, OBJECTION)
    await correct(house, case, OBJECTION, marketing_objection=True)
    item = await RequestItem.get(request_id=case.id)
    assert item.status is ItemStatus.EFFECTIVE
    assert await Suppression.filter(purpose="marketing").exists()


async def test_a_case_without_any_right_was_no_request(house: House) -> None:
    case = await correct(house, await a_case(house, INQUIRY))
    assert case.status is RequestStatus.NOT_A_REQUEST
    assert await kinds(case) == {INQUIRY}


async def test_what_is_settled_stays_and_nothing_changes(house: House) -> None:
    await a_client(house)
    case = await a_case(house, COPY, WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))
    await RequestItem.filter(request_id=case.id, type=COPY).update(status=ItemStatus.DECIDED)
    await staff(house)
    purposes = (AskedPurpose.MARKETING,)
    for labels, more, code in (
        ((COPY,), {}, ErrorCode.CONFLICT),
        ((WITHDRAWAL,), {"purposes": purposes}, ErrorCode.CONFLICT),
        ((), {}, ErrorCode.CONFLICT),
        ((COPY, WITHDRAWAL), {}, ErrorCode.INVALID),
        ((COPY, WITHDRAWAL), {"purposes": purposes, "reason": ""}, ErrorCode.REASON_REQUIRED),
    ):
        assert await refused(correct(house, case, *labels, **more)) is code
