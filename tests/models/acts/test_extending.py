"""A notice of extension counts once sent in time; lost or late it changes nothing (R4, R5)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.acts.extending import extend_deadline
from models.house import House
from models.tables import DataSubjectRequest, Extension, TimelineEntry
from models.vocabulary import (
    DeliveryState,
    ErrorCode,
    ExtensionGround,
    LetterKind,
    RequestType,
    TimelineKind,
)
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import a_case, a_client, again, newest, post_goes, refused, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

DUE, EXTENDED = date(2026, 4, 6), date(2026, 6, 5)  # of a letter received on 5 March
LAST_MINUTE = datetime(2026, 4, 6, 20, 59, tzinfo=UTC)  # 23:59 in Tallinn
MORE_TIME: dict[str, Any] = {
    "ground": ExtensionGround.COMPLEXITY,
    "explanation": "Andmed on mitmes süsteemis.",
}


async def a_told_case(house: House) -> DataSubjectRequest:
    """Mari's case, acknowledged."""
    await a_client(house)
    case = await a_case(house, RequestType.ERASURE)
    await post_goes(house, NOW)
    return await again(case)


async def extend(house: House, case: DataSubjectRequest, now: datetime) -> None:
    """The notice queued."""
    version = (await again(case)).version
    actor = await staff(house)
    await extend_deadline(
        house, actor, request_id=case.id, version=version, now=now, **MORE_TIME
    )  # fmt: skip


async def test_a_notice_counts_from_the_moment_it_was_sent_and_not_before(house: House) -> None:
    case = await a_told_case(house)
    assert case.due_on == DUE
    await extend(house, case, NOW)
    assert (await again(case)).due_on == DUE
    await post_goes(house, LAST_MINUTE)
    found = await Extension.get()
    assert (found.until, found.notified_on) == (EXTENDED, DUE)
    assert (await again(case)).due_on == EXTENDED
    assert await refused(extend(house, case, NOW)) is ErrorCode.ALREADY_EXTENDED


async def test_a_notice_that_goes_out_after_the_due_date_does_not_count(house: House) -> None:
    case = await a_told_case(house)
    await extend(house, case, LAST_MINUTE)
    late = LAST_MINUTE + timedelta(minutes=1)
    await post_goes(house, late)
    assert not await Extension.exists()
    assert (await again(case)).due_on == DUE
    summary = "The notice of extension went out too late: it does not count."
    assert await TimelineEntry.filter(kind=TimelineKind.EXTENDED, summary=summary).exists()
    assert await refused(extend(house, case, late)) is ErrorCode.TOO_LATE


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.SENT])
async def test_a_notice_that_did_not_arrive_opens_the_question_again(
    house: House, state: DeliveryState
) -> None:
    """Refused by the server, or sent and come back."""
    case = await a_told_case(house)
    await extend(house, case, NOW)
    await post_goes(house, NOW + timedelta(hours=1), state)
    if state is DeliveryState.SENT:
        assert (await again(case)).due_on == EXTENDED
        own_id = (await newest(LetterKind.EXTENSION)).message_id
        report = letter("mailer@example.com", message_id="<r@example.com>", bounced=(own_id,))
        await received(house, verdict(), report, uid=7)
    assert not await Extension.exists()
    assert (await again(case)).due_on == DUE
    await extend(house, case, NOW + timedelta(days=1))
    await post_goes(house, NOW + timedelta(days=1))
    assert (await again(case)).due_on == EXTENDED


async def test_a_notice_that_may_have_gone_out_does_not_count_yet(house: House) -> None:
    case = await a_told_case(house)
    await extend(house, case, NOW)
    await post_goes(house, NOW, DeliveryState.MAYBE_SENT)
    assert (await Extension.get()).notified_on is None
    assert (await again(case)).due_on == DUE
