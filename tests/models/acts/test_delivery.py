"""The outbox: each step its own commit, and nothing doubtful is ever sent again by itself."""

from datetime import timedelta

import pytest

from models.acts import delivery
from models.house import House
from models.shapes import SYSTEM, ActRefused
from models.tables import DataSubjectRequest, OutboundMail, RequestItem
from models.vocabulary import (
    Answer,
    AskedPurpose,
    DeliveryState,
    ErrorCode,
    Outcome,
    RequestStatus,
    RequestType,
)
from tests.letters_for_acts import letter, received, verdict
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

ERASURE = verdict(RequestType.ERASURE)
WORKER = 7
LATER = NOW + timedelta(minutes=10)


async def claimed(house: House) -> delivery.Claimed:
    """One queued acknowledgement, claimed."""
    await received(house, ERASURE)
    return (await delivery.claim(house, WORKER, 10, now=NOW))[0]


async def test_a_claimed_letter_is_given_to_nobody_else(house: House) -> None:
    first = await claimed(house)
    assert first.to == "mari@example.com"
    assert b"Auto-Submitted: auto-replied" in first.raw
    assert await delivery.claim(house, WORKER, 10, now=NOW) == []


async def test_a_claim_ends_by_itself_when_its_bot_dies(house: House) -> None:
    await claimed(house)
    assert len(await delivery.claim(house, WORKER, 10, now=LATER)) == 1


async def test_a_sent_acknowledgement_is_the_legal_milestone(house: House) -> None:
    one = await claimed(house)
    assert await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    await delivery.record_delivery(
        house, one.outbound_id, DeliveryState.SENT, response="250", now=LATER
    )
    assert (await DataSubjectRequest.get()).acknowledged_at == LATER
    assert (await OutboundMail.get()).sent_at == LATER


async def test_data_begins_once(house: House) -> None:
    one = await claimed(house)
    assert await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    assert not await delivery.begin_data(one.outbound_id, WORKER, now=NOW)


async def test_a_crash_after_data_began_leaves_maybe_sent_and_no_new_attempt(house: House) -> None:
    one = await claimed(house)
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    assert await delivery.recover(house, (), now=LATER) == 1
    assert (await OutboundMail.get()).state is DeliveryState.MAYBE_SENT
    assert await delivery.claim(house, WORKER, 10, now=LATER) == []


async def test_a_crash_before_data_leaves_the_letter_queued(house: House) -> None:
    await claimed(house)
    assert await delivery.recover(house, (), now=NOW) == 0
    assert len(await delivery.claim(house, WORKER, 10, now=NOW)) == 1


async def test_another_live_bot_s_letter_is_not_called_lost(house: House) -> None:
    one = await claimed(house)
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    assert await delivery.recover(house, [WORKER], now=LATER) == 0


async def test_a_letter_queued_under_a_clock_that_was_ahead_goes_out_all_the_same(
    house: House,
) -> None:
    await received(house, ERASURE)
    await OutboundMail.all().update(next_attempt_at=LATER)
    assert await delivery.claim(house, WORKER, 10, now=NOW) == []
    await delivery.recover(house, [WORKER], now=NOW)
    assert len(await delivery.claim(house, WORKER, 10, now=NOW)) == 1


async def test_recovery_leaves_a_live_bot_s_claim_alone(house: House) -> None:
    await claimed(house)
    await delivery.recover(house, [WORKER], now=NOW)
    assert await delivery.claim(house, WORKER + 1, 10, now=NOW) == []


async def test_a_deferred_letter_comes_back_at_its_time(house: House) -> None:
    one = await claimed(house)
    await delivery.record_delivery(
        house,
        one.outbound_id,
        DeliveryState.DEFERRED,
        response="451",
        next_attempt_at=LATER,
        now=NOW,
    )
    assert await delivery.claim(house, WORKER, 10, now=LATER - timedelta(seconds=1)) == []
    assert (await delivery.claim(house, WORKER, 10, now=LATER))[0].attempts == 1


async def test_a_pure_withdrawal_is_closed_by_its_acknowledgement(house: House) -> None:
    await received(house, verdict(RequestType.CONSENT_WITHDRAWAL, purposes=(AskedPurpose.SURVEYS,)))
    one = (await delivery.claim(house, WORKER, 10, now=NOW))[0]
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    await delivery.record_delivery(
        house, one.outbound_id, DeliveryState.SENT, response="250", now=LATER
    )
    request = await DataSubjectRequest.get()
    assert request.status is RequestStatus.CLOSED
    assert request.outcome is Outcome.GRANTED
    assert (await RequestItem.get()).outcome is Outcome.GRANTED


async def test_a_request_is_not_closed_by_its_acknowledgement(house: House) -> None:
    one = await claimed(house)
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    await delivery.record_delivery(
        house, one.outbound_id, DeliveryState.SENT, response="250", now=LATER
    )
    assert (await DataSubjectRequest.get()).status is RequestStatus.NEW


async def test_a_late_answer_settles_a_letter_that_was_given_up(house: House) -> None:
    one = await claimed(house)
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    await delivery.recover(house, (), now=NOW)
    await delivery.record_delivery(
        house, one.outbound_id, DeliveryState.SENT, response="250", now=LATER
    )
    assert (await OutboundMail.get()).state is DeliveryState.SENT


async def test_a_bot_that_lost_its_claim_does_not_begin_data(house: House) -> None:
    one = await claimed(house)
    assert not await delivery.begin_data(one.outbound_id, WORKER + 1, now=NOW)


async def test_a_person_releases_a_held_letter(house: House) -> None:
    await received(house, ERASURE, answer=Answer.HOLD, reasons=("no_proof",))
    mail = await OutboundMail.get()
    await delivery.release_letter(house, SYSTEM, outbound_id=mail.id, version=mail.version, now=NOW)
    assert len(await delivery.claim(house, WORKER, 10, now=NOW)) == 1


async def test_a_dropped_letter_never_goes_out(house: House) -> None:
    await received(house, ERASURE, answer=Answer.HOLD, reasons=("no_proof",))
    mail = await OutboundMail.get()
    await delivery.drop_letter(house, SYSTEM, outbound_id=mail.id, version=mail.version, now=NOW)
    assert await delivery.claim(house, WORKER, 10, now=LATER) == []


async def test_a_stale_version_is_refused_and_changes_nothing(house: House) -> None:
    await received(house, ERASURE, answer=Answer.HOLD, reasons=("no_proof",))
    mail = await OutboundMail.get()
    with pytest.raises(ActRefused) as refused:
        await delivery.release_letter(
            house, SYSTEM, outbound_id=mail.id, version=mail.version + 1, now=NOW
        )
    assert refused.value.problems[0].code is ErrorCode.STALE_VERSION
    assert (await OutboundMail.get()).state is DeliveryState.HELD


async def test_a_sent_letter_cannot_be_released_again(house: House) -> None:
    one = await claimed(house)
    await delivery.begin_data(one.outbound_id, WORKER, now=NOW)
    await delivery.record_delivery(
        house, one.outbound_id, DeliveryState.SENT, response="250", now=LATER
    )
    mail = await OutboundMail.get()
    with pytest.raises(ActRefused) as refused:
        await delivery.retry_letter(house, SYSTEM, outbound_id=mail.id, version=mail.version)
    assert refused.value.problems[0].code is ErrorCode.ILLEGAL_TRANSITION


async def test_an_address_that_cannot_be_written_to_holds_nothing_up(house: House) -> None:
    came = await received(house, ERASURE, letter("two words@example.com"))
    assert came.result.reference is not None
    assert await OutboundMail.all().count() == 0
