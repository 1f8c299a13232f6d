"""Whatever a letter does to the child that reads it, the next letter is read."""

from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from mailbot import reader as readers
from mailbot.frames import Manner
from mailbot.headers import OwnMail
from mailbot.reader import Reader, ReaderBroken, ReadingFailed
from models.acts.mailbox import Stored
from models.shapes import Reading

NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
MANNER = Manner(OwnMail("info@netpro.ee", "info@netpro.ee"), False, 72, seconds=1)
GOOD = "good"


def letters(*words: str) -> list[Stored]:
    """Letters whose first word tells the child what to do."""
    raws = [f"{word} x\r\nSubject: {word}\r\n\r\nHello.\r\n".encode() for word in words]
    return [
        Stored(number, number, "INBOX", NOW, NOW, len(raw), "", raw, 0)
        for number, raw in enumerate(raws, 1)
    ]


async def outcomes(reader: Reader, *words: str) -> list[str]:
    """What came of each letter, in order."""
    return [
        str(outcome) if isinstance(outcome, ReadingFailed) else GOOD
        async for _, outcome in reader.readings(letters(*words))
    ]


@pytest.fixture
def odd_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child that does as it is told."""
    monkeypatch.setattr(readers, "CHILD", "tests.mailbot.odd_child")


@pytest.mark.usefixtures("odd_child")
async def test_each_failure_has_its_reason_and_the_others_are_read() -> None:
    async with Reader(MANNER) as reader:
        words = ("a", "die", "b", "spin", "c", "eat", "raise", "d")
        assert await outcomes(reader, *words) == [
            GOOD, "reader_died", GOOD, "too_slow", GOOD, "too_much_memory", "RecursionError", GOOD,
        ]  # fmt: skip


@pytest.mark.usefixtures("odd_child")
async def test_a_child_that_fell_over_the_last_letter_reads_the_next_batch() -> None:
    async with Reader(MANNER) as reader:
        assert await outcomes(reader, "a", "die") == [GOOD, "reader_died"]
        assert await outcomes(reader, "b") == [GOOD]


@pytest.mark.usefixtures("odd_child")
async def test_waiting_for_a_busy_machine_is_no_fault_of_the_letter() -> None:
    async with Reader(MANNER) as reader:
        assert await outcomes(reader, "wait", "a") == [GOOD, GOOD]


@pytest.mark.usefixtures("odd_child")
async def test_a_letter_that_waits_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "PATIENCE", 0.5)
    async with Reader(MANNER) as reader:
        assert await outcomes(reader, "wait", "a") == ["too_slow", GOOD]


@pytest.mark.usefixtures("odd_child")
async def test_a_caller_that_leaves_early_gets_no_stale_reading() -> None:
    async with Reader(MANNER) as reader:
        async with aclosing(reader.readings(letters("a", "b", "raise"))) as readings:
            await anext(readings)
        assert await outcomes(reader, "raise", "c") == ["RecursionError", GOOD]


async def test_a_child_that_cannot_load_is_no_fault_of_a_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "CHILD", "tests.mailbot.nowhere")
    with pytest.raises(ReaderBroken, match="no letter was touched"):
        async with Reader(replace(MANNER, seconds=5)):
            pass


async def test_the_child_hears_which_folders_are_junk() -> None:
    raw = b"From: a@example.com\r\nSubject: Palve\r\n\r\nPalun kustutage minu andmed.\r\n"
    found = [
        Stored(number, number, folder, NOW, NOW, len(raw), "", raw, 0)
        for number, folder in enumerate(("INBOX", "Karantiin"), 1)
    ]
    async with Reader(replace(MANNER, seconds=10)) as reader:
        reader.junk = frozenset({"Karantiin"})
        readings = [outcome async for _, outcome in reader.readings(found)]
    assert all(isinstance(one, Reading) for one in readings)
    reasons = [one.screening.reasons for one in readings if isinstance(one, Reading)]
    assert ["junk_folder" in one for one in reasons] == [False, True]


async def test_attachments_come_back_whole_and_in_their_order() -> None:
    contents = [bytes([number]) * size for number, size in enumerate((5, 0, 3_000_000, 70))]
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "a@example.com", "Pildid"
    letter.set_content("Tere!")
    for content in contents:
        letter.add_attachment(content, "application", "octet-stream", filename="pilt.bin")
    raw = bytes(letter)
    found = [Stored(1, 1, "INBOX", NOW, NOW, len(raw), "", raw, 0)]
    async with Reader(replace(MANNER, seconds=10)) as reader:
        [outcome] = [outcome async for _, outcome in reader.readings(found)]
    assert isinstance(outcome, Reading)
    assert [one.content for one in outcome.letter.attachments] == contents
