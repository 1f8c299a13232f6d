"""Letters share a commit, and none spoils its neighbours."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from jinja2 import UndefinedError
from tortoise.exceptions import DoesNotExist

from mailbot.frames import Manner
from mailbot.headers import OwnMail
from mailbot.intake import work_off
from mailbot.reader import Reader, ReadingFailed
from models.acts.mailbox import Stored
from models.house import House
from models.logs import formatter
from models.shapes import Attachment, Letter, Reading
from models.tables import DataSubjectRequest, JournalEntry, Message, RawLetter, Sighting
from models.vocabulary import Fate, RequestType
from tests.letters_for_acts import PROVEN, letter, reading, stored, verdict

pytestmark = pytest.mark.usefixtures("register")

NOTHING: Any = None
POISON = replace(verdict(RequestType.ERASURE), confidence=NOTHING)  # no column takes that


class ByHand(Reader):
    """Says of each letter, by its UID, what it was told; all are ready at once."""

    def __init__(self, readings: Mapping[int, Reading | ReadingFailed]) -> None:
        super().__init__(Manner(OwnMail("info@netpro.ee", "info@netpro.ee"), False, 72))
        self._readings = readings

    async def readings(
        self, letters: Sequence[Stored]
    ) -> AsyncGenerator[tuple[Stored, Reading | ReadingFailed], None]:
        for one in letters:
            yield one, self._readings[int(one.raw.split()[1])]


async def _worked_off(house: House, **odd: Reading | ReadingFailed) -> dict[int, Fate]:
    """Five requests, of which some (`two=…`) are odd; what became of each, by UID."""
    judged: dict[int, Reading | ReadingFailed] = {}
    for uid, name in enumerate(("one", "two", "three", "four", "five"), 1):
        await stored(house, uid)
        plain = letter(f"writer{uid}@example.com", message_id=f"<{uid}@example.com>")
        judged[uid] = odd.get(name) or reading(plain, verdict(RequestType.ERASURE))
    await work_off(house, ByHand(judged))
    return {row.uid: row.fate for row in await Sighting.all()}


async def test_letters_that_are_read_together_are_decided_in_their_order(house: House) -> None:
    assert set((await _worked_off(house)).values()) == {Fate.REGISTERED}
    cases = await DataSubjectRequest.all().order_by("id")
    assert [case.reference for case in cases] == [f"NP-2026-000{n}" for n in range(1, 6)]
    messages = {message.request_id: message.sha256 for message in await Message.all()}
    written = [letter(message_id=f"<{uid}@example.com>").sha256 for uid in range(1, 6)]
    assert [messages[case.id] for case in cases] == written
    moments = await JournalEntry.filter(action="letter.receive").values_list("at", flat=True)
    assert len(set(moments)) == 1, "one commit, one moment"


async def test_a_letter_that_cannot_be_decided_spoils_no_neighbour(house: House) -> None:
    fates = await _worked_off(house, two=reading(letter(), POISON))
    assert fates.pop(2) is Fate.STORED
    assert set(fates.values()) == {Fate.REGISTERED}
    assert (await Sighting.get(uid=2)).attempts == 1
    assert await DataSubjectRequest.all().count() == 4
    assert await Message.all().count() == 4


@pytest.mark.parametrize(
    "odd",
    [
        replace(letter(), authentication=replace(PROVEN, trusted_by="m" * 300)),
        replace(
            letter(), attachments=(Attachment("a.pdf", "application/pdf", 2**70, "0" * 64, b""),)
        ),
    ],
    ids=["too long a name", "too big a number"],
)
async def test_a_letter_the_database_refuses_blocks_no_other_and_its_words_are_not_logged(
    house: House, odd: Letter, caplog: pytest.LogCaptureFixture
) -> None:
    fates = await _worked_off(house, two=reading(odd, verdict(RequestType.ERASURE)))
    assert fates.pop(2) is Fate.STORED
    assert set(fates.values()) == {Fate.REGISTERED}
    assert (await Sighting.get(uid=2)).attempts == 1
    (told,) = [one for one in caplog.records if one.exc_info]
    line = formatter("json").format(told)
    assert " at " in json.loads(line)["fault"]
    assert "mmm" not in line
    assert str(2**70) not in line


def _raising(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def raises(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr("mailbot.intake.receive", raises)
    monkeypatch.setattr("mailbot.intake.receive_all", raises)


async def test_a_letter_whose_stored_bytes_were_spoiled_blocks_no_other(house: House) -> None:
    spoiled = await stored(house, 6)
    kept = await RawLetter.get(id=spoiled.raw_letter_id)
    assert kept.sealed is not None
    await RawLetter.filter(id=kept.id).update(sealed=kept.sealed + b"x")
    await _worked_off(house)
    for _ in range(2):  # whatever looks at the letters next
        await work_off(house, ByHand({}))
    fates = {row.uid: row.fate for row in await Sighting.all()}
    assert fates.pop(6) is Fate.QUARANTINED
    assert set(fates.values()) == {Fate.REGISTERED}


async def test_a_letter_waits_while_the_database_is_not_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _raising(ConnectionError(), monkeypatch)
    with pytest.raises(ConnectionError):
        await _worked_off(house)
    assert not await Sighting.filter(attempts__gt=0).exists()


@pytest.mark.parametrize(
    "problem", [UndefinedError(), RecursionError(), ZeroDivisionError(), DoesNotExist("Message")]
)
async def test_whatever_our_own_rules_raise_is_counted_and_stops_no_mailbox(
    house: House, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    _raising(problem, monkeypatch)
    await _worked_off(house)
    assert [row.attempts for row in await Sighting.all()] == [1] * 5


async def test_a_letter_that_could_not_be_read_spoils_no_neighbour(house: House) -> None:
    fates = await _worked_off(house, four=ReadingFailed("too_slow"))
    assert fates.pop(4) is Fate.STORED
    assert set(fates.values()) == {Fate.REGISTERED}


async def test_twins_in_one_commit_are_one_case(house: House) -> None:
    same = reading(letter("writer1@example.com", message_id="<1@example.com>"), verdict())
    fates = await _worked_off(house, one=same, three=same)
    assert (fates[1], fates[3]) == (Fate.IGNORED, Fate.DUPLICATE)
