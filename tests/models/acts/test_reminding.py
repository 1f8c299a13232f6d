"""Staff hear of what is due, late or alarming: once each, in time, and without a person's data."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.acts.assigning import assign
from models.acts.delivery import begin_data, claim, record_delivery
from models.acts.recording import Told, record_request
from models.acts.reminding import STEPS, step_reached, tell_staff
from models.deadlines import working_days_before
from models.house import House
from models.tables import DataSubjectRequest, OutboundMail, Staff
from models.vocabulary import (
    Channel,
    Decision,
    DeliveryState,
    LetterKind,
    RequestType,
    Role,
)
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import a_case, a_client, again, post_goes, staff
from tests.registers import NOW
from tests.registers import house as sample_house

ALARM, DIGEST = LetterKind.STAFF_ALARM, LetterKind.STAFF_DIGEST
DAYS = st.dates(date(2025, 1, 1), date(2035, 1, 1))


@settings(deadline=None)
@given(DAYS, st.integers(0, 40))
def test_a_step_is_reached_on_its_working_day_and_stands_until_the_next(
    due_on: date, before: int
) -> None:
    today = due_on - timedelta(days=before)
    step = step_reached(due_on, today)
    passed = [n for n in STEPS if working_days_before(due_on, n) <= today]
    assert step == (min(passed) if passed else None)
    assert step_reached(due_on, due_on + timedelta(days=1)) is None


async def told(kind: LetterKind) -> list[OutboundMail]:
    """Letters to staff of this kind."""
    return await OutboundMail.filter(kind=kind).order_by("id")


def reader(house: House, mail: OutboundMail) -> str:
    """Whom it goes to."""
    return house.vault.open_text("to", mail.to_sealed) or ""


def text(house: House, mail: OutboundMail) -> str:
    """All it says, subject included."""
    subject = house.vault.open_text("out-subject", mail.subject_sealed) or ""
    return subject + "\n" + (house.vault.open_text("out-text", mail.text_sealed) or "")


async def from_day_to_day(house: House, last: date) -> None:
    """The calendar runs twice a day, morning and noon, until the last day."""
    at = NOW
    while at.date() <= last:
        for hours in (0, 3):
            await tell_staff(house, now=at + timedelta(hours=hours))
        at += timedelta(days=1)


@pytest.mark.usefixtures("register")
async def test_whoever_works_on_a_case_is_reminded_four_times_and_nobody_else(
    house: House,
) -> None:
    await a_client(house)
    await staff(house, Role.DPO)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE)
    await assign(
        house, actor, request_id=case.id, version=case.version, staff_id=actor.staff_id, now=NOW
    )
    assert case.due_on is not None
    await from_day_to_day(house, case.due_on)
    letters = await told(ALARM)
    assert len(letters) == len(STEPS)
    assert {reader(house, mail) for mail in letters} == {"case_handler@example.com"}
    for mail in letters:
        assert case.reference in text(house, mail)
        for secret in ("Mari", "mari@", "kustutage", "palve"):
            assert secret not in text(house, mail)
    lefts = [text(house, mail).partition("tööpäevi jäänud: ")[2][:2] for mail in letters]
    assert [int(left.rstrip(")")) for left in lefts] == [14, 7, 3, 1]


@pytest.mark.usefixtures("register")
async def test_two_bots_at_once_tell_it_once(house: House) -> None:
    await staff(house, Role.DPO)
    case = await a_case(house, RequestType.ERASURE)
    assert case.due_on is not None
    morning = datetime.combine(case.due_on, NOW.timetz())
    await asyncio.gather(*(tell_staff(house, now=morning) for _ in range(4)))
    assert len(await told(ALARM)) == 1
    assert len(await told(DIGEST)) == 1


@pytest.mark.usefixtures("register")
async def test_the_digest_comes_once_a_working_day_and_counts_what_waits(house: House) -> None:
    await staff(house, Role.DPO)
    late = await a_case(house, RequestType.ERASURE, received_at=NOW - timedelta(days=60))
    soon = await a_case(
        house, RequestType.COPY, uid=2, received_at=NOW - timedelta(days=27), sender="b@example.com"
    )
    other = letter("c@example.com", message_id="<3@example.com>", text="Tere!")
    await received(house, verdict(RequestType.COPY, decision=Decision.TRIAGE), other, uid=3)
    await OutboundMail.filter(request_id=soon.id).update(state=DeliveryState.HELD)
    await from_day_to_day(house, NOW.date())
    (mail,) = await told(DIGEST)
    said = text(house, mail)
    assert reader(house, mail) == "dpo@example.com"
    assert late.reference in said.partition("Tähtaeg läheneb")[0]
    assert soon.reference in said.partition("Tähtaeg läheneb")[2]
    for secret in ("b@example.com", "c@example.com", "palve"):
        assert secret not in said
    assert said.count(": 1\n") >= 2  # one in triage, one held
    saturday = NOW + timedelta(days=2)
    night = NOW + timedelta(hours=17)
    assert await tell_staff(house, now=saturday) == 0
    assert await tell_staff(house, now=night) == 0
    assert await tell_staff(house, now=NOW + timedelta(days=1)) >= 1


@pytest.mark.usefixtures("register")
async def test_a_desk_with_nothing_to_say_is_silent(house: House) -> None:
    await staff(house, Role.DPO)
    assert await tell_staff(house, now=NOW) == 0


@pytest.mark.usefixtures("register")
async def test_alarms_go_to_the_published_officer_s_address_when_it_is_set() -> None:
    plain = sample_house()
    house = sample_house(controller=replace(plain.controller, dpo_address="dpo@netpro.example"))
    await a_case(house, RequestType.COMPLAINT, possible_breach=True)
    (mail,) = await told(ALARM)
    assert reader(house, mail) == "dpo@netpro.example"


@pytest.mark.usefixtures("register")
async def test_a_possible_breach_is_told_at_once_with_the_end_of_the_72_hours(
    house: House,
) -> None:
    await staff(house, Role.DPO)
    case = await a_case(house, RequestType.COMPLAINT, possible_breach=True)
    (mail,) = await told(ALARM)
    assert mail.state is DeliveryState.QUEUED
    assert mail.automatic is True
    said = text(house, mail)
    assert case.reference in said
    assert "8. märts 2026" in said
    assert (await again(case)).breach_decide_by == NOW + timedelta(hours=72)
    for secret in ("mari@example.com", "palve"):
        assert secret not in said


@pytest.mark.usefixtures("register")
async def test_a_breach_in_triage_or_by_telephone_is_told_too_a_repeat_is_not(
    house: House,
) -> None:
    actor = await staff(house, Role.DPO)
    found = letter("c@example.com", message_id="<3@example.com>")
    judged = verdict(RequestType.COMPLAINT, decision=Decision.TRIAGE, possible_breach=True)
    await received(house, judged, found)
    await received(house, judged, found, uid=2)
    assert len(await told(ALARM)) == 1
    call = Told(Channel.PHONE, NOW, (RequestType.COMPLAINT,), "Andmed lekkisid.",
                possible_breach=True)  # fmt: skip
    await record_request(house, actor, told=call, now=NOW)
    assert len(await told(ALARM)) == 2
    assert "lekkisid" not in text(house, (await told(ALARM))[-1])


@pytest.mark.usefixtures("register")
async def test_a_letter_of_an_authority_is_told_at_once(house: House) -> None:
    await staff(house, Role.DPO)
    judged = verdict(RequestType.INQUIRY, decision=Decision.TRIAGE, urgent=True)
    await received(house, judged, letter("amet@example.com"))
    assert "asutuselt" in text(house, (await told(ALARM))[0])


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.MAYBE_SENT])
@pytest.mark.usefixtures("register")
async def test_a_letter_that_did_not_arrive_is_told_but_never_one_to_staff(
    house: House, state: DeliveryState
) -> None:
    await staff(house, Role.DPO)
    case = await a_case(house, RequestType.ERASURE)
    await post_goes(house, NOW, state)
    (mail,) = await told(ALARM)
    assert case.reference in text(house, mail)
    for one in await claim(house, 1, 10, now=NOW + timedelta(hours=1)):
        await begin_data(one.outbound_id, 1, now=NOW)
        await record_delivery(house, one.outbound_id, state, response="550", now=NOW)
    assert len(await told(ALARM)) == 1


@pytest.mark.usefixtures("register")
async def test_a_colleague_who_left_is_not_written_to(house: House) -> None:
    await staff(house, Role.DPO)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE)
    await DataSubjectRequest.filter(id=case.id).update(assignee_id=actor.staff_id)
    await Staff.filter(id=actor.staff_id).update(is_active=False)
    assert case.due_on is not None
    await tell_staff(house, now=datetime.combine(case.due_on, NOW.timetz()))
    (mail,) = await told(ALARM)
    assert reader(house, mail) == "dpo@example.com"
