"""The clock stands still while a question of ours is unanswered, and only then (R7)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.acts.questions import CLARIFICATION, IDENTITY, ask, resume
from models.acts.receive import receive
from models.house import House
from models.shapes import Actor
from models.tables import DataSubjectRequest, Question
from models.vocabulary import DeliveryState, ErrorCode, LetterKind, RequestStatus, RequestType
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import a_case, a_client, again, newest, post_goes, refused, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

DAY = timedelta(days=1)
DUE = date(2026, 4, 6)  # of a letter received on 5 March: Easter Monday
NOMINAL = date(2026, 4, 5)


async def a_told_case(house: House) -> DataSubjectRequest:
    """Mari's case, acknowledged."""
    await a_client(house)
    case = await a_case(house, RequestType.COPY)
    await post_goes(house, NOW)
    return await again(case)


async def put(
    house: House, case: DataSubjectRequest, now: datetime, ground: Any = IDENTITY
) -> Actor:
    """The question queued."""
    actor, version = await staff(house), (await again(case)).version
    await ask(
        house, actor, request_id=case.id, version=version, ground=ground, text="Kes?", now=now
    )
    return actor


async def reply(house: House, at: datetime, uid: int = 9) -> None:
    """Mari answers the newest question of ours."""
    asked = await newest(LetterKind.IDENTITY_CHECK)
    found = letter(
        message_id=f"<{uid}@example.com>", in_reply_to=(asked.message_id,), text=f"Mina, {uid}."
    )
    kept = await stored(house, uid, received_at=at)
    await receive(house, kept, reading(found, verdict()), now=at)


async def test_the_clock_stands_still_from_the_day_the_letter_was_sent(house: House) -> None:
    case = await a_told_case(house)
    await put(house, case, NOW)
    assert (await Question.get()).waiting_from is None
    await post_goes(house, NOW + 2 * DAY)
    stands = await again(case)
    assert (await Question.get()).waiting_from == house.today(NOW + 2 * DAY)
    assert stands.status is RequestStatus.AWAITING_IDENTITY
    assert (stands.due_on, stands.suspended_days) == (DUE, 0)


async def test_an_answer_adds_the_days_we_waited_and_the_case_goes_on(house: House) -> None:
    case = await a_told_case(house)
    await put(house, case, NOW)
    await post_goes(house, NOW + 2 * DAY)
    await reply(house, NOW + 12 * DAY)
    stands = await again(case)
    assert stands.status is RequestStatus.IN_PROGRESS
    assert (stands.suspended_days, stands.nominal_on) == (10, NOMINAL + 10 * DAY)
    assert (stands.due_on, stands.unsuspended_due_on) == (NOMINAL + 10 * DAY, DUE)


async def test_two_questions_at_once_count_the_days_once(house: House) -> None:
    case = await a_told_case(house)
    await put(house, case, NOW)
    await put(house, case, NOW, CLARIFICATION)
    await post_goes(house, NOW + DAY)
    await reply(house, NOW + 8 * DAY)
    assert (await again(case)).suspended_days == 7
    assert not await Question.filter(answered_on=None).exists()


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.MAYBE_SENT])
async def test_a_question_that_did_not_arrive_stops_no_clock(
    house: House, state: DeliveryState
) -> None:
    case = await a_told_case(house)
    await put(house, case, NOW)
    await post_goes(house, NOW, state)
    assert (await Question.get()).waiting_from is None
    lost = state is DeliveryState.FAILED
    awaits = RequestStatus.IN_PROGRESS if lost else RequestStatus.AWAITING_IDENTITY
    assert (await again(case)).status is awaits
    await reply(house, NOW + 9 * DAY)
    assert (await again(case)).suspended_days == 0
    assert (await again(case)).due_on == DUE


async def test_a_question_answered_before_its_letter_went_out_stops_no_clock(house: House) -> None:
    case = await a_told_case(house)
    actor = await put(house, case, NOW)
    version = (await again(case)).version
    await resume(house, actor, request_id=case.id, version=version, now=NOW + DAY)
    await post_goes(house, NOW + 2 * DAY)
    stands = await again(case)
    assert (stands.status, stands.suspended_days) == (RequestStatus.IN_PROGRESS, 0)
    assert (await Question.get()).waiting_from is None


async def test_a_colleague_says_since_when_the_clock_runs_on(house: House) -> None:
    case = await a_told_case(house)
    actor = await put(house, case, NOW)
    await post_goes(house, NOW)
    version = (await again(case)).version
    given: dict[str, Any] = {"request_id": case.id, "version": version, "now": NOW + 9 * DAY}
    to_come = resume(house, actor, **given, answered_on=house.today(NOW + 10 * DAY))
    assert await refused(to_come) is ErrorCode.INVALID
    await resume(house, actor, **given, answered_on=house.today(NOW + 4 * DAY))
    assert (await again(case)).suspended_days == 4
