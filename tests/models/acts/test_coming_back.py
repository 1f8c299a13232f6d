"""What was erased never comes back: a folder renewed, a mailbox made anew, another copy."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from models.acts import mailbox
from models.acts.purge import purge
from models.acts.receive import receive
from models.house import House
from models.shapes import Arrival
from models.tables import DataSubjectRequest, Message, OutboundMail, RawLetter, Sighting
from models.vocabulary import Fate, RequestStatus, RequestType
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import a_case, a_client, post_goes
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
LONG_AFTER = NOW.replace(year=2029) + timedelta(days=1)
RAW = b"letter 1"


async def erased_case(house: House) -> DataSubjectRequest:
    """A case that was answered and kept its three years."""
    await a_client(house)
    case = await a_case(house, RequestType.ERASURE)
    await post_goes(house, NOW)
    await DataSubjectRequest.filter(id=case.id).update(
        status=RequestStatus.CLOSED, closed_at=NOW, outcome="granted"
    )
    await purge(house, now=LONG_AFTER)
    return await DataSubjectRequest.get(id=case.id)


async def seen(house: House, folder: str, uidvalidity: int, raw: bytes = RAW) -> Sighting:
    """The letter lies in the mailbox and is fetched."""
    arrival = Arrival(folder, uidvalidity, 1, len(raw), NOW, raw)
    await mailbox.store(house, [arrival], [sha256(raw).hexdigest()])
    return await Sighting.get(folder=folder, uidvalidity=uidvalidity)


@pytest.mark.parametrize(("folder", "uidvalidity"), [("INBOX", 8), ("Archive", 3)])
async def test_an_erased_letter_seen_under_another_uidvalidity_or_folder_stays_erased(
    house: House, folder: str, uidvalidity: int
) -> None:
    case = await erased_case(house)
    sighting = await seen(house, folder, uidvalidity)
    assert (sighting.fate, sighting.message_id) == (
        Fate.DUPLICATE,
        (await Message.get(request_id=case.id)).id,
    )
    assert await mailbox.pending(house, 10) == []
    assert not await RawLetter.filter(sealed__not_isnull=True).exists()
    assert await DataSubjectRequest.all().count() == 1
    assert await OutboundMail.all().count() == 1


async def test_another_copy_of_an_erased_letter_leaves_no_bytes_and_no_case(house: House) -> None:
    """Other Received headers, other bytes, the same words."""
    await erased_case(house)
    kept = await stored(house, 5, raw=b"Received: x\r\n\r\nletter 1")
    same = letter("mari@example.com", message_id="<1@example.com>", text="Minu palve nr 1.")
    came = await receive(house, kept, reading(same, verdict(RequestType.ERASURE)), now=LONG_AFTER)
    assert came.fate is Fate.DUPLICATE
    assert (await RawLetter.get(id=kept.raw_letter_id)).sealed is None
    assert await DataSubjectRequest.all().count() == 1


async def test_an_answer_to_a_letter_of_an_erased_case_is_a_letter_of_its_own(
    house: House,
) -> None:
    await erased_case(house)
    ours = await OutboundMail.all().get()
    kept = await stored(house, 6)
    answer = replace(letter(message_id="<n@example.com>"), in_reply_to=(ours.message_id,))
    came = await receive(house, kept, reading(answer, verdict(RequestType.COPY)), now=LONG_AFTER)
    assert (came.fate, came.result.reference) == (Fate.REGISTERED, "NP-2026-0002")


async def test_a_quarantined_letter_whose_time_was_up_is_not_read_when_it_is_seen_again(
    house: House,
) -> None:
    kept = await stored(house)
    await Sighting.filter(id=kept.sighting_id).update(fate=Fate.QUARANTINED, seen_at=NOW)
    await purge(house, now=NOW + timedelta(days=31))
    sighting = await seen(house, "INBOX", 8)
    assert sighting.fate is Fate.ERASED
    sheet = await mailbox.balance()
    assert sum(sheet[fate.value] for fate in Fate) == sheet["seen"] == 2
