"""A further letter goes to the case it belongs to; the letter that opened a case stays."""

from typing import Any

import pytest

from models.acts.moving import move_message
from models.acts.questions import IDENTITY, ask
from models.acts.receive import receive
from models.house import House
from models.tables import DataSubjectRequest, Message, TimelineEntry
from models.vocabulary import ErrorCode, RequestStatus, RequestType
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


async def a_further_letter(house: House, case: DataSubjectRequest) -> Message:
    """A reply to our letter of this case."""
    ack = await case.outbound.order_by("id").first()  # type: ignore[attr-defined]
    kept = await stored(house, 9)
    found = letter(message_id="<nine@example.com>", in_reply_to=(ack.message_id,), text="Mina.")
    came = await receive(house, kept, reading(found, verdict()), now=NOW)
    return await Message.get(id=came.result.message_id)


async def move(house: House, message: Message, case: DataSubjectRequest, **more: Any) -> None:
    """Moved by a colleague."""
    values: dict[str, Any] = {"version": message.version, "reason": "Vale juhtum.", "now": NOW}
    await move_message(
        house, await staff(house), message_id=message.id, request_id=case.id, **(values | more)
    )


async def test_a_moved_letter_ends_the_waiting_of_its_case(house: House) -> None:
    await a_client(house)
    wrong = await a_case(house, RequestType.ERASURE, uid=1)
    right = await a_case(house, RequestType.COPY, uid=2)
    await ask(
        house, await staff(house), request_id=right.id, version=right.version,
        ground=IDENTITY, text="Kes?", now=NOW,
    )  # fmt: skip
    await post_goes(house, NOW)
    message = await a_further_letter(house, wrong)
    await move(house, message, right)
    assert (await Message.get(id=message.id)).request_id == right.id
    assert (await again(right)).status is RequestStatus.IN_PROGRESS
    assert await TimelineEntry.filter(kind="reclassified").count() == 2
    assert (await again(wrong)).version > wrong.version


async def test_what_does_not_belong_elsewhere_is_refused_and_nothing_changes(house: House) -> None:
    await a_client(house)
    case = await a_case(house, RequestType.ERASURE, uid=1)
    other = await a_case(house, RequestType.COPY, uid=2)
    further = await a_further_letter(house, case)
    first = await Message.filter(request_id=case.id).order_by("id").first()
    assert first is not None
    await staff(house)
    nobody = DataSubjectRequest(id=999)
    for message, to, more, code in (
        (first, other, {}, ErrorCode.CONFLICT),
        (further, case, {}, ErrorCode.CONFLICT),
        (further, nobody, {}, ErrorCode.NOT_FOUND),
        (further, other, {"version": 99}, ErrorCode.STALE_VERSION),
        (further, other, {"reason": ""}, ErrorCode.REASON_REQUIRED),
        (Message(id=999, version=1), other, {}, ErrorCode.NOT_FOUND),
    ):
        assert await refused(move(house, message, to, **more)) is code
