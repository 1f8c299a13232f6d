"""When the automatic letter waits for a person because of what went out before it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.acts.receive import receive_all
from models.house import House
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, LetterKind, RequestType, Role
from tests.letters_for_acts import letter, reading, received, stored, verdict
from tests.models.acts.desk import staff
from tests.registers import NOW
from tests.registers import house as sample_house

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


async def reasons_of(house: House, *senders: str) -> list[list[str]]:
    """Why each writer's letter waits, one request after the other; none of ours went out yet."""
    found = []
    for uid, sender in enumerate(senders, 1):
        one = letter(sender, message_id=f"<{uid}@example.com>", text=f"Palve {uid}.")
        await received(house, verdict(RequestType.ERASURE), one, uid=uid)
        mail = await OutboundMail.filter(kind=LetterKind.ACKNOWLEDGEMENT).order_by("-id").first()
        assert mail is not None
        found.append(mail.hold_reasons)
    return found


async def test_the_sixth_new_case_of_a_sender_within_a_day_waits(house: House) -> None:
    reasons = await reasons_of(house, *["mari@example.com"] * 6)
    assert reasons == [[]] * 5 + [["ladder_sender"]]


async def test_a_domain_is_answered_so_often_an_hour_a_free_mail_domain_always() -> None:
    house = sample_house(ladder_domain_per_hour=2)
    writers = [f"w{n}@{domain}" for domain in ("Firma.example", "gmail.com") for n in range(4)]
    reasons = await reasons_of(house, *writers)
    assert reasons == [[], [], ["ladder_domain"], ["ladder_domain"], [], [], [], []]


async def test_beyond_the_hour_s_bound_letters_wait_and_the_officer_is_told_once() -> None:
    house = sample_house(ladder_total_per_hour=2)
    await staff(house, Role.DPO)
    reasons = await reasons_of(house, *[f"w{n}@d{n}.example" for n in range(4)])
    assert reasons == [[], [], ["ladder_total"], ["ladder_total"]]
    (alarm,) = await OutboundMail.filter(kind=LetterKind.STAFF_ALARM)
    assert "automaatkirjad on peatatud" in str(
        house.vault.open_text("out-subject", alarm.subject_sealed)
    )


async def test_letters_of_one_commit_stand_on_the_ladder_like_all_others() -> None:
    house = sample_house(ladder_total_per_hour=3)
    await reasons_of(house, "first@first.example")
    together = []
    for uid in range(2, 6):
        one = letter(f"w@d{uid}.example", message_id=f"<{uid}@example.com>", text=f"Palve {uid}.")
        together.append((await stored(house, uid), reading(one, verdict(RequestType.ERASURE))))
    await receive_all(house, together, now=NOW)
    mails = await OutboundMail.filter(kind=LetterKind.ACKNOWLEDGEMENT).order_by("id")
    assert [mail.hold_reasons for mail in mails] == [[], [], [], *[["ladder_total"]] * 2]


async def test_a_letter_to_staff_stands_on_no_step_of_the_ladder() -> None:
    house = sample_house(ladder_total_per_hour=1)
    await staff(house, Role.DPO)
    await reasons_of(house, "a@a.example", "b@b.example")
    (alarm,) = await OutboundMail.filter(kind=LetterKind.STAFF_ALARM)
    assert alarm.state is DeliveryState.QUEUED
