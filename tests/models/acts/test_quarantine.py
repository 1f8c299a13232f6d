"""A letter nobody could read is told at once, listed with its clock, and decided by a person."""

from datetime import datetime, timedelta

import pytest

from models.acts import mailbox
from models.acts.classify import classify_message
from models.acts.mailbox_tasks import mailbox_tasks
from models.acts.purge import purge
from models.acts.quarantine import failed, not_given
from models.acts.receive import receive
from models.acts.reminding import tell_staff
from models.acts.work import working
from models.checking import check
from models.house import House
from models.shapes import SYSTEM
from models.tables import (
    ConsentEvent,
    DataSubjectRequest,
    FulfilmentTask,
    Message,
    OutboundMail,
    RawLetter,
    RequestItem,
    Sighting,
    Suppression,
)
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    Fate,
    ItemStatus,
    LetterKind,
    RequestType,
    Role,
)
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
DAY = timedelta(days=1)


async def poison(house: House, uid: int = 1, at: datetime = NOW) -> Message:
    """A letter that broke the reader three times."""
    kept = await stored(house, uid)
    for _ in range(3):
        await failed(house, kept.sighting_id, "too_slow", now=at)
    return await Message.get(raw_letter_id=kept.raw_letter_id)


async def test_the_third_failure_is_quarantine_and_the_next_letter_is_not_blocked(
    house: House,
) -> None:
    kept = await stored(house, 1)
    await stored(house, 2)
    fates = [await failed(house, kept.sighting_id, "too_slow", now=NOW) for _ in range(4)]
    assert fates == [Fate.STORED, Fate.STORED, Fate.QUARANTINED, Fate.QUARANTINED]
    assert [one.raw for one in await mailbox.pending(house, 10)] == [b"letter 2"]
    message = await Message.get()
    assert (message.fate, message.text_sealed) == (Fate.QUARANTINED, None)
    assert message.due_on.isoformat() == "2026-04-06"  # of a request received on 5 March
    assert (await check(house.vault))[1] == []


async def test_the_officer_is_told_once_an_hour_however_many_there_are(house: House) -> None:
    await staff(house, Role.DPO)
    told = OutboundMail.filter(kind=LetterKind.STAFF_ALARM)
    for uid in (1, 2):
        await poison(house, uid)
    await not_given(house, now=NOW)
    assert await told.count() == 1
    await not_given(house, now=NOW + timedelta(hours=1))
    await poison(house, 3, NOW + timedelta(hours=2))
    assert await told.count() == 3
    mail = await told.order_by("id").first()
    assert mail is not None
    assert "karantiinis" in (house.vault.open_text("out-text", mail.text_sealed) or "")


async def test_a_person_who_read_the_original_opens_the_case_on_its_clock(house: House) -> None:
    actor = await staff(house)
    message = await poison(house)
    done = await classify_message(
        house, actor, message_id=message.id, version=message.version,
        labels=[RequestType.ERASURE], now=NOW + 3 * DAY,
    )  # fmt: skip
    case = await DataSubjectRequest.get(id=done.request_id)
    assert (case.received_on, case.due_on) == (message.received_on, message.due_on)
    known = {case.language, case.subject_id, case.identity_method}
    assert known == {None}
    assert case.assurance is Assurance.CLAIMED
    assert not await OutboundMail.filter(request_id=case.id).exists()
    async with working(house, SYSTEM, "test", now=NOW) as work:
        assert await mailbox_tasks(work, case) == 1
    assert await FulfilmentTask.filter(request_id=case.id, kind="delete_in_mailbox").exists()
    assert (await check(house.vault))[1] == []


async def test_a_withdrawal_nobody_could_read_ends_nobody_s_consents_and_waits_for_a_person(
    house: House,
) -> None:
    actor = await staff(house)
    message = await poison(house)
    done = await classify_message(
        house, actor, message_id=message.id, version=message.version,
        labels=[RequestType.CONSENT_WITHDRAWAL], purposes=[AskedPurpose.ALL], now=NOW,
    )  # fmt: skip
    item = await RequestItem.get(request_id=done.request_id)
    assert (item.status, item.effective_at) == (ItemStatus.OPEN, None)
    assert not await ConsentEvent.exists()
    assert not await Suppression.exists()


async def test_one_that_was_no_request_goes_fourteen_days_after_the_verdict(house: House) -> None:
    actor = await staff(house)
    message = await poison(house)
    await classify_message(
        house, actor, message_id=message.id, version=message.version, labels=[], now=NOW + DAY
    )
    sighting = await Sighting.get()
    assert sighting.fate is Fate.IGNORED
    raw = RawLetter.filter(sealed__not_isnull=True)
    await purge(house, now=NOW + 15 * DAY)
    assert await raw.exists()
    await purge(house, now=NOW + 16 * DAY)
    assert not await raw.exists()


async def test_one_nobody_looked_at_loses_its_bytes_and_is_counted_no_longer(house: House) -> None:
    await staff(house, Role.DPO)
    message = await poison(house)
    await Sighting.all().update(seen_at=NOW)
    digest = OutboundMail.filter(kind=LetterKind.STAFF_DIGEST)
    await tell_staff(house, now=NOW)
    assert await digest.count() == 1
    await purge(house, now=NOW + 31 * DAY)
    assert (await RawLetter.get()).sealed is None
    assert (await Message.get(id=message.id)).sha256 == ""
    await tell_staff(house, now=NOW + 32 * DAY)  # a working day
    assert await digest.count() == 1


async def test_the_same_bytes_in_another_folder_are_the_same_letter_and_stay(house: House) -> None:
    message = await poison(house)
    kept = await stored(house, 9, raw=b"letter 1")
    assert kept.raw_letter_id == message.raw_letter_id
    came = await receive(house, kept, reading(letter(), verdict(RequestType.COPY)), now=NOW)
    assert (came.fate, came.result.message_id) == (Fate.DUPLICATE, message.id)
    assert (await RawLetter.get()).sealed is not None
