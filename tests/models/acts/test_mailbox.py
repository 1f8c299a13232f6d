"""The mailbox ledger: commit A, failures counted outside it, the balance sheet."""

from datetime import timedelta

import pytest

from models.acts import mailbox
from models.house import House
from models.shapes import Arrival
from models.tables import RawLetter, Sighting
from models.vocabulary import Fate
from tests.letters_for_acts import stored
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")


async def test_raw_bytes_are_sealed_and_come_back_whole(house: House) -> None:
    raw = bytes(range(256)) * 20
    kept = await stored(house, raw=raw)
    row = await RawLetter.get()
    assert kept.raw == raw
    assert raw[:64] not in (row.sealed or b"")


async def test_storing_a_batch_again_adds_nothing(house: House) -> None:
    for _ in range(2):
        await stored(house, 1)
    assert await Sighting.all().count() == 1


async def test_a_failing_letter_can_be_passed_over_for_now(house: House) -> None:
    first = await stored(house, 1)
    await stored(house, 2)
    left = await mailbox.pending(house, 10, [first.sighting_id])
    assert [one.raw for one in left] == [b"letter 2"]


async def test_waiting_letters_come_in_order_and_no_more_of_them_than_there_is_room_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for uid, size in ((1, 40), (2, 40), (3, 500), (4, 40)):
        await stored(house, uid, raw=bytes([uid]) * size)
    monkeypatch.setattr(mailbox, "PENDING_BYTES", 100)
    seen: list[list[int]] = []
    passed: list[int] = []
    while letters := await mailbox.pending(house, 50, passed):
        seen.append([one.raw[0] for one in letters])
        passed += [one.sighting_id for one in letters]
    assert seen == [[1, 2], [3], [4]]


async def test_the_bot_s_time_begins_with_the_first_folder_ever_selected() -> None:
    first = await mailbox.contact("INBOX", 1, NOW)
    later = await mailbox.contact("Junk", 5, NOW + timedelta(days=3))
    assert first.started_at == later.started_at == NOW
    assert later.last_uid == 0


async def test_a_new_uidvalidity_is_noticed_and_begins_at_the_first_uid(house: House) -> None:
    await mailbox.contact("INBOX", 7, NOW)
    await stored(house, 41)
    assert (await mailbox.contact("INBOX", 7, NOW)).last_uid == 41
    recreated = await mailbox.contact("INBOX", 8, NOW)
    assert recreated.known_before
    assert recreated.last_uid == 0


async def test_what_was_never_fetched_is_in_the_ledger_too(house: House) -> None:
    await stored(house, 3)
    await mailbox.note_unread("INBOX", 7, [(1, NOW), (2, NOW)], Fate.BEFORE_START, "before start")
    await mailbox.note_unread("INBOX", 7, [(3, NOW)], Fate.VANISHED, "expunged")
    assert await mailbox.known_uids("INBOX", 7) == {1, 2, 3}
    sheet = await mailbox.balance()
    assert (sheet["before_start"], sheet["stored"], sheet["vanished"]) == (2, 1, 0)
    assert sheet["seen"] == 3


async def test_what_lay_there_before_is_taken_up_for_a_replay_alone(house: House) -> None:
    """The bot beside it does not decide it; whatever was read before is not taken up again."""
    await stored(house, 9)
    await mailbox.note_unread("INBOX", 7, [(1, NOW), (2, NOW)], Fate.BEFORE_START, "before start")
    assert await mailbox.before_start("INBOX", 7, NOW + timedelta(days=1)) == []
    assert await mailbox.before_start("INBOX", 7, NOW) == [1, 2]
    for uid in (1, 9):
        arrival = Arrival("INBOX", 7, uid, 3, NOW, b"old")
        await mailbox.take_up(house, [arrival], ["0" * 64])
    assert [one.raw for one in await mailbox.pending(house, 10)] == [b"letter 9"]
    assert [one.raw for one in await mailbox.pending(house, 10, by_replay=True)] == [b"old"]
    assert await mailbox.before_start("INBOX", 7, None) == [2]
