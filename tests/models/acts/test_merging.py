"""Two cases of one person become one on the earliest clock; strangers' cases never do."""

from datetime import timedelta
from typing import Any

import pytest

from models.acts.closing import withdraw_case
from models.acts.merging import merge_case
from models.acts.receive import receive
from models.deadlines import state
from models.figures import period
from models.gauges import gauges
from models.house import House
from models.shapes import Actor
from models.tables import (
    BreachDecision,
    BreachTelling,
    DataSubjectRequest,
    Message,
    RequestItem,
    TimelineEntry,
)
from models.vocabulary import (
    Assurance,
    BreachOutcome,
    DeadlineState,
    ErrorCode,
    RequestStatus,
    RequestType,
    TellingOutcome,
)
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import (
    a_case,
    a_client,
    again,
    post_goes,
    refused,
    staff,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
EARLIER = NOW - timedelta(days=10)
ERASURE, COPY, INQUIRY = RequestType.ERASURE, RequestType.COPY, RequestType.INQUIRY


async def merge(
    house: House, actor: Actor, case: DataSubjectRequest, into: DataSubjectRequest, **more: Any
) -> DataSubjectRequest:
    """Merged; the case that stays."""
    values: dict[str, Any] = {"version": case.version, "into_version": into.version, "now": NOW}
    ids = {"request_id": case.id, "into_id": into.id}
    await merge_case(house, actor, **(ids | values | more))
    return await again(into)


async def test_the_case_that_stays_has_all_rights_on_the_earliest_clock(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    old = await a_case(house, ERASURE, uid=1, received_at=EARLIER)
    new = await a_case(house, ERASURE, COPY, uid=2)
    stays = await merge(house, actor, old, new)
    assert stays.due_on == old.due_on
    assert stays.received_at == old.received_at
    kinds = await RequestItem.filter(request_id=new.id).order_by("id").values_list("type")
    assert {kind for (kind,) in kinds} == {ERASURE, COPY}
    copy = await RequestItem.get(request_id=new.id, type=COPY)
    assert copy.received_at == new.received_at
    assert await Message.filter(request_id=new.id).count() == 2
    old = await again(old)
    assert (old.status, old.duplicate_of_id) == (RequestStatus.MERGED, new.id)
    assert await TimelineEntry.filter(kind="merged").count() == 2


async def test_the_clock_of_the_merged_case_stands_still_and_counts_as_no_answer(
    house: House,
) -> None:
    await a_client(house)
    old = await a_case(house, ERASURE, uid=1, received_at=NOW - timedelta(days=20))
    new = await a_case(house, COPY, uid=2)
    stays = await merge(house, await staff(house), old, new)
    old, today = await again(old), house.today(NOW)
    assert old.due_on is not None
    much_later = old.due_on + timedelta(days=100)
    assert (old.closed_on, old.closed_at, stays.closed_on) == (today, None, None)
    assert state(old.due_on, much_later, old.closed_on) is DeadlineState.MET
    assert (await period(today, today + timedelta(days=1))).closed == 0
    assert (await gauges(NOW, today)).deadlines[DeadlineState.MET] == 0


async def test_an_answer_to_the_merged_case_reaches_the_one_that_stays(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    old = await a_case(house, ERASURE, uid=1)
    new = await a_case(house, COPY, uid=2)
    await post_goes(house, NOW)
    ack = await newest_of(old)
    await merge(house, actor, old, new)
    kept = await stored(house, 3)
    found = letter(message_id="<three@example.com>", in_reply_to=(ack,), text="Aitäh.")
    came = await receive(house, kept, reading(found, verdict()), now=NOW)
    assert came.result.request_id == new.id


async def newest_of(case: DataSubjectRequest) -> str:
    """Message-ID of our letter in this case."""
    return str((await case.outbound.order_by("-id").first()).message_id)  # type: ignore[attr-defined]


async def test_a_case_is_never_merged_into_itself_or_a_stranger_s(house: House) -> None:
    await a_client(house)
    await a_client(house, "jaan@example.com", key="k2")
    actor = await staff(house)
    mine = await a_case(house, ERASURE, uid=1)
    theirs = await a_case(house, ERASURE, uid=2, sender="jaan@example.com")
    unproven = await a_case(house, COPY, uid=3, proven=False)
    assert (mine.assurance, unproven.assurance) == (Assurance.MATCHED, Assurance.CLAIMED)
    closed = await a_case(house, INQUIRY, uid=4)
    await withdraw_case(
        house, actor, request_id=closed.id, version=closed.version, note="x", now=NOW
    )
    for case, into, more, code in (
        (mine, mine, {}, ErrorCode.SELF_MERGE),
        (mine, theirs, {}, ErrorCode.CONFLICT),
        (unproven, mine, {}, ErrorCode.IDENTITY_REQUIRED),
        (mine, closed, {}, ErrorCode.NOT_FOUND),
        (closed, mine, {"version": closed.version + 1}, ErrorCode.ILLEGAL_TRANSITION),
        (mine, unproven, {"version": 99}, ErrorCode.STALE_VERSION),
        (mine, unproven, {"into_version": 99}, ErrorCode.STALE_VERSION),
    ):
        assert await refused(merge(house, actor, case, into, **more)) is code


async def test_what_the_merged_case_held_is_held_on(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    old = await a_case(house, ERASURE, uid=1, received_at=EARLIER)
    new = await a_case(house, COPY, uid=2)
    await DataSubjectRequest.filter(id=old.id).update(legal_hold=True, breach_decide_by=NOW)
    decided = await BreachDecision.create(
        request=old,
        outcome=BreachOutcome.NO_BREACH,
        decide_by=NOW,
        decided_at=NOW,
        by_label="Person",
    )
    told = await BreachTelling.create(
        request=old,
        outcome=TellingOutcome.TOLD,
        decide_by=NOW,
        decided_at=NOW,
        by_label="Person",
    )
    stays = await merge(house, actor, await again(old), new)
    assert (await BreachTelling.get(id=told.id)).request_id == stays.id
    assert (stays.legal_hold, stays.breach_decide_by) == (True, NOW)
    assert (await BreachDecision.get(id=decided.id)).request_id == stays.id
