"""Commit B: what one letter becomes, in one transaction."""

from datetime import timedelta

import pytest

from models.acts import mailbox
from models.acts.clients import AddressRecord, ClientRecord, upsert_client
from models.acts.receive import receive
from models.house import House
from models.shapes import SYSTEM
from models.tables import (
    ConsentEvent,
    DataSubjectRequest,
    JournalEntry,
    Message,
    OutboundMail,
    RequestItem,
    Sighting,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import (
    AddressKind,
    Answer,
    AskedPurpose,
    Assurance,
    AutomaticKind,
    ClientKind,
    Decision,
    DeliveryState,
    Fate,
    ItemStatus,
    RequestType,
)
from tests.letters_for_acts import letter, reading, received, stored, verdict
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

ERASURE = verdict(RequestType.ERASURE)
WITHDRAWAL = verdict(RequestType.CONSENT_WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))


async def a_client(house: House, external_id: str, *addresses: str) -> int:
    """A client with these addresses on file."""
    record = ClientRecord(
        external_id=external_id,
        kind=ClientKind.NATURAL_PERSON,
        display_name=f"Client {external_id}",
        addresses=[AddressRecord(AddressKind.EMAIL, address) for address in addresses],
    )
    result = await upsert_client(house, SYSTEM, record=record, now=NOW)
    assert result.client_id is not None
    return result.client_id


async def test_a_request_opens_a_case_with_its_clock_and_one_queued_letter(house: House) -> None:
    came = await received(house, ERASURE)
    request = await DataSubjectRequest.get(id=came.result.request_id)
    assert came.fate is Fate.REGISTERED
    assert request.reference == "NP-2026-0001"
    assert request.due_on is not None
    assert request.due_on.isoformat() == "2026-04-06"
    assert [item.type for item in await RequestItem.all()] == [RequestType.ERASURE]
    mails = await OutboundMail.all()
    assert [mail.state for mail in mails] == [DeliveryState.QUEUED]
    assert await TimelineEntry.filter(request_id=request.id).count() == 2
    assert await JournalEntry.filter(action="letter.receive").count() == 1


async def test_the_same_sighting_twice_changes_nothing(house: House) -> None:
    kept = await stored(house)
    first = await receive(house, kept, reading(letter(), ERASURE), now=NOW)
    again = await receive(house, kept, reading(letter(), ERASURE), now=NOW)
    assert first.fate is Fate.REGISTERED
    assert again.fate is Fate.REGISTERED
    assert await DataSubjectRequest.all().count() == 1
    assert await OutboundMail.all().count() == 1


async def test_equal_bytes_under_two_uids_are_one_case_and_two_sightings(house: House) -> None:
    for uid in (1, 2):
        kept = await stored(house, uid, raw=b"the same bytes")
        await receive(house, kept, reading(letter(message_id=None), ERASURE), now=NOW)
    assert await DataSubjectRequest.all().count() == 1
    assert {row.fate for row in await Sighting.all()} == {Fate.REGISTERED, Fate.DUPLICATE}


async def test_the_same_letter_by_another_road_is_not_answered_again(house: House) -> None:
    await received(house, ERASURE, uid=1)
    came = await received(house, ERASURE, uid=2)
    assert came.fate is Fate.DUPLICATE
    assert await OutboundMail.all().count() == 1


async def test_one_message_id_with_different_bodies_is_two_letters(house: House) -> None:
    await received(house, ERASURE, uid=1)
    came = await received(house, ERASURE, letter(text="Ja andke koopia."), uid=2)
    assert came.fate is Fate.REGISTERED


async def test_an_ignored_letter_opens_nothing(house: House) -> None:
    came = await received(house, verdict())
    assert came.fate is Fate.IGNORED
    assert await DataSubjectRequest.all().count() == 0
    assert await OutboundMail.all().count() == 0


async def test_a_doubtful_letter_waits_in_triage_with_its_clock_running(house: House) -> None:
    await received(house, verdict(RequestType.COPY, decision=Decision.TRIAGE))
    message = await Message.get()
    assert message.fate is Fate.TRIAGE
    assert message.due_on.isoformat() == "2026-04-06"
    assert await OutboundMail.all().count() == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(AutomaticKind.DELIVERY_REPORT, "delivery_report"), (AutomaticKind.OWN, "own_message")],
)
async def test_a_machine_is_never_answered_whatever_it_says(
    house: House, kind: AutomaticKind, reason: str
) -> None:
    came = await received(house, ERASURE, answer=Answer.SILENT, automatic=kind, reasons=(reason,))
    assert came.fate is Fate.AUTOMATIC
    assert await OutboundMail.all().count() == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(AutomaticKind.AUTO_REPLY, "auto_submitted"), (AutomaticKind.OWN, "own_address")],
)
async def test_a_request_from_a_machine_or_under_our_own_name_goes_to_a_person(
    house: House, kind: AutomaticKind, reason: str
) -> None:
    came = await received(house, ERASURE, answer=Answer.SILENT, automatic=kind, reasons=(reason,))
    assert came.fate is Fate.TRIAGE
    assert await OutboundMail.all().count() == 0


async def test_a_held_answer_waits_for_a_person_with_the_reason(house: House) -> None:
    await received(house, ERASURE, answer=Answer.HOLD, reasons=("no_proof",))
    mail = await OutboundMail.get()
    assert mail.state is DeliveryState.HELD
    assert mail.hold_reasons == ["no_proof"]


async def test_a_proven_address_on_file_is_matched(house: House) -> None:
    client_id = await a_client(house, "k1", "mari@example.com")
    came = await received(house, ERASURE)
    request = await DataSubjectRequest.get(id=came.result.request_id)
    assert request.assurance is Assurance.MATCHED
    assert request.subject_id == client_id


async def test_an_unproven_address_on_file_proves_nothing(house: House) -> None:
    await a_client(house, "k1", "mari@example.com")
    came = await received(house, ERASURE, letter(proven=False))
    request = await DataSubjectRequest.get(id=came.result.request_id)
    assert request.assurance is Assurance.CLAIMED
    assert request.subject_id is None


async def test_a_withdrawal_takes_effect_on_receipt_without_any_client(house: House) -> None:
    await received(house, WITHDRAWAL, received_at=NOW - timedelta(hours=5))
    suppression = await Suppression.get()
    event = await ConsentEvent.get()
    item = await RequestItem.get()
    assert suppression.purpose is AskedPurpose.MARKETING
    assert suppression.since == NOW - timedelta(hours=5)
    assert event.client_id is None
    assert event.effective_at == NOW - timedelta(hours=5)
    assert item.status is ItemStatus.EFFECTIVE


async def test_an_unproven_withdrawal_ends_the_consents_of_the_address_s_only_owner(
    house: House,
) -> None:
    client_id = await a_client(house, "k1", "mari@example.com")
    await received(house, WITHDRAWAL, letter(proven=False))
    assert (await ConsentEvent.get()).client_id == client_id


async def test_a_shared_address_is_suppressed_but_ends_nobody_s_consents(house: House) -> None:
    await a_client(house, "k1", "mari@example.com")
    await a_client(house, "k2", "mari@example.com")
    await received(house, WITHDRAWAL)
    assert await Suppression.all().count() == 1
    assert (await ConsentEvent.get()).client_id is None
    assert await TimelineEntry.filter(summary__contains="several clients").exists()
    assert (await RequestItem.get()).status is ItemStatus.OPEN


async def test_a_marketing_objection_suppresses_at_once(house: House) -> None:
    await received(house, verdict(RequestType.OBJECTION, marketing_objection=True))
    assert (await Suppression.get()).purpose is AskedPurpose.MARKETING
    assert (await RequestItem.get()).status is ItemStatus.EFFECTIVE


async def test_a_reply_joins_its_case_without_a_second_letter_or_a_new_clock(house: House) -> None:
    first = await received(house, ERASURE)
    before = await DataSubjectRequest.get(id=first.result.request_id)
    mail = await OutboundMail.get()
    reply = letter(
        message_id="<two@example.com>", text="Ja koopia ka.", in_reply_to=(mail.message_id,)
    )
    came = await received(
        house,
        verdict(RequestType.COPY),
        reply,
        uid=2,
        received_at=NOW + timedelta(days=3),
    )
    after = await DataSubjectRequest.get(id=before.id)
    assert came.fate is Fate.FOLLOW_UP
    assert {item.type for item in await RequestItem.all()} == {
        RequestType.ERASURE,
        RequestType.COPY,
    }
    assert after.due_on == before.due_on
    assert await OutboundMail.all().count() == 1


async def test_a_case_number_in_the_subject_alone_only_claims_a_case(house: House) -> None:
    await received(house, ERASURE)
    stranger = letter(
        "stranger@example.org", subject="Re: NP-2026-0001", message_id="<x@example.org>"
    )
    came = await received(house, verdict(), stranger, uid=2)
    assert came.fate is Fate.TRIAGE
    message = await Message.get(id=came.result.message_id)
    assert message.request_id is None
    assert message.claims_request_id is not None


async def test_a_repeated_request_keeps_the_earliest_clock(house: House) -> None:
    await a_client(house, "k1", "mari@example.com")
    first = await received(house, ERASURE)
    later = letter(message_id="<later@example.com>", text="Kustutage ometi.")
    second = await received(house, ERASURE, later, uid=2, received_at=NOW + timedelta(days=9))
    one = await DataSubjectRequest.get(id=first.result.request_id)
    two = await DataSubjectRequest.get(id=second.result.request_id)
    assert two.duplicate_of_id == one.id
    assert two.due_on == one.due_on


async def test_a_bounce_of_our_letter_marks_it_and_leaves_the_clock(house: House) -> None:
    await received(house, ERASURE)
    mail = await OutboundMail.get()
    await OutboundMail.filter(id=mail.id).update(state=DeliveryState.SENT)
    report = letter(None, message_id="<dsn@example.com>", bounced=(mail.message_id,))
    await received(
        house,
        verdict(),
        report,
        uid=2,
        answer=Answer.SILENT,
        automatic=AutomaticKind.DELIVERY_REPORT,
    )
    assert (await OutboundMail.get()).state is DeliveryState.BOUNCED


async def test_the_balance_sheet_adds_up(house: House) -> None:
    await received(house, ERASURE, uid=1)
    await received(house, verdict(), letter(message_id="<b@example.com>"), uid=2)
    sheet = await mailbox.balance()
    assert sheet["seen"] == 2
    assert sheet["registered"] == sheet["ignored"] == 1


async def test_letters_are_unreadable_at_rest(house: House) -> None:
    await received(house, ERASURE)
    message = await Message.get()
    assert message.text_sealed is not None
    assert b"kustutage" not in message.text_sealed
    assert house.vault.open_text("text", message.text_sealed) == "Palun kustutage minu andmed."


async def test_the_sixth_letter_of_a_sender_in_a_day_waits_for_a_person(house: House) -> None:
    for number in range(6):
        found = letter(message_id=f"<{number}@example.com>", text=f"Kustutage {number}.")
        await received(house, ERASURE, found, uid=number + 1)
    states = [mail.state for mail in await OutboundMail.all().order_by("id")]
    assert states == [DeliveryState.QUEUED] * 5 + [DeliveryState.HELD]


async def test_numbers_run_by_the_year_of_receipt_in_tallinn(house: House) -> None:
    eve = NOW.replace(year=2025, month=12, day=31, hour=22, minute=30)
    await received(house, ERASURE, received_at=eve)
    assert (await DataSubjectRequest.get()).reference == "NP-2026-0001"
