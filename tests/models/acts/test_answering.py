"""When the automatic letter waits for a person because of what went out before it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.house import House
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, RequestType
from tests.letters_for_acts import letter, received, verdict
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")


async def acknowledged(house: House, uid: int, received_at: datetime) -> OutboundMail:
    """What was queued for one more request of the same writer."""
    one = replace(letter(), message_id=f"<{uid}@example.com>")
    await received(house, verdict(RequestType.ERASURE), one, uid=uid, received_at=received_at)
    found = await OutboundMail.all().order_by("-id").first()
    assert found is not None
    return found


async def test_who_writes_again_after_three_letters_of_an_hour_is_taken_for_a_robot(
    house: House,
) -> None:
    reasons = []
    for uid in range(1, 6):
        at = NOW + timedelta(minutes=uid)
        mail = await acknowledged(house, uid, at)
        reasons.append(mail.hold_reasons)
        if mail.state is DeliveryState.QUEUED:
            await OutboundMail.filter(id=mail.id).update(state=DeliveryState.SENT, sent_at=at)
    assert reasons == [[], [], [], ["loop"], ["loop"]]


async def test_requests_that_came_before_our_letters_went_out_are_no_loop(house: House) -> None:
    for uid in range(1, 5):
        mail = await acknowledged(house, uid, NOW)
        assert mail.hold_reasons == []
        sent_at = NOW + timedelta(minutes=1)
        await OutboundMail.filter(id=mail.id).update(state=DeliveryState.SENT, sent_at=sent_at)
