"""A letter that cannot be read is counted, shown to a person and told; it blocks nobody."""

from datetime import timedelta

import pytest

from models.acts import mailbox, quarantine
from models.acts.classify import classify_message
from models.acts.purge import purge
from models.acts.reminding import tell_staff
from models.house import House
from models.tables import (
    DataSubjectRequest,
    Message,
    OutboundMail,
    RawLetter,
    Sighting,
    TimelineEntry,
)
from models.vocabulary import Fate, LetterKind, RequestStatus, RequestType, Role
from tests.letters_for_acts import stored
from tests.models.acts.desk import staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")


async def poisoned(house: House, uid: int = 1) -> Message:
    """A letter that failed three times."""
    kept = await stored(house, uid)
    fates = [await quarantine.failed(house, kept, "too_slow") for _ in range(3)]
    assert fates == [Fate.STORED, Fate.STORED, Fate.QUARANTINED]
    sighting = await Sighting.get(id=kept.sighting_id)
    return await Message.get(id=sighting.message_id)


async def alarms(house: House) -> list[str]:
    """What officers were told."""
    found = await OutboundMail.filter(kind=LetterKind.STAFF_ALARM).order_by("id")
    return [house.vault.open_text("out-text", mail.text_sealed) or "" for mail in found]


async def test_three_failures_are_quarantine_and_the_next_letter_is_not_blocked(
    house: House,
) -> None:
    await poisoned(house)
    await stored(house, 2)
    assert [one.raw for one in await mailbox.pending(house, 10)] == [b"letter 2"]


async def test_a_quarantined_letter_stands_before_a_person_with_the_clock_it_would_have(
    house: House,
) -> None:
    message = await poisoned(house)
    assert message.fate is Fate.QUARANTINED
    assert message.received_at == NOW
    assert message.due_on > message.received_on
    entry = await TimelineEntry.get(message_id=message.id)
    assert "waits for a person" in entry.summary


async def test_the_officer_is_told_once_an_hour_however_many_there_are(house: House) -> None:
    await staff(house, Role.DPO)
    await poisoned(house, 1)
    await poisoned(house, 2)
    (said,) = await alarms(house)
    assert "karantiinis" in said


async def test_letters_the_server_does_not_give_are_told_too(house: House) -> None:
    await staff(house, Role.DPO)
    await quarantine.refused(house, 2)
    assert len(await alarms(house)) == 1


async def test_the_same_bytes_in_another_folder_are_the_same_quarantined_letter(
    house: House,
) -> None:
    message = await poisoned(house)
    again = await stored(house, 9, raw=b"letter 1")
    for _ in range(3):
        await quarantine.failed(house, again, "too_slow")
    assert await Message.all().count() == 1
    assert (await Sighting.get(id=again.sighting_id)).message_id == message.id


async def test_a_person_who_read_the_original_opens_a_case_on_its_own_clock(house: House) -> None:
    message = await poisoned(house)
    actor = await staff(house)
    done = await classify_message(
        house,
        actor,
        message_id=message.id,
        version=message.version,
        labels=[RequestType.ERASURE],
        now=NOW + timedelta(days=3),
    )
    case = await DataSubjectRequest.get(id=done.request_id)
    assert (case.status, case.due_on) == (RequestStatus.NEW, message.due_on)
    # nobody knows yet who wrote it: no automatic letter can go out
    assert not await OutboundMail.filter(kind=LetterKind.ACKNOWLEDGEMENT).exists()
    assert (await mailbox.balance())["quarantined"] == 0


async def test_what_a_person_found_to_be_no_request_leaves_quarantine(house: House) -> None:
    message = await poisoned(house)
    actor = await staff(house)
    await classify_message(house, actor, message_id=message.id, version=message.version, labels=[])
    assert (await Message.get(id=message.id)).fate is Fate.IGNORED


async def test_the_digest_counts_it_until_its_time_is_up(house: House) -> None:
    await staff(house, Role.DPO)
    await poisoned(house)
    await RawLetter.all().update(stored_at=NOW)
    await Sighting.all().update(seen_at=NOW)
    assert await tell_staff(house, now=NOW) == 1
    await purge(house, now=NOW + timedelta(days=31))
    assert (await RawLetter.get()).sealed is None
    assert (await Message.get()).text_sealed is None
    assert await tell_staff(house, now=NOW + timedelta(days=32)) == 0
