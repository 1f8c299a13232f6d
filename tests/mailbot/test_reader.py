"""The reading child is replaced when a letter ends it, also the last one of a batch."""

from hashlib import sha256

from mailbot.headers import OwnMail
from mailbot.reader import Manner, Reader, ReadingFailed
from models.acts.mailbox import Stored
from models.shapes import Reading
from tests.registers import NOW

MANNER = Manner(
    own=OwnMail("info@netpro.ee", "info@netpro.ee", None, frozenset()),
    acknowledge_unauthenticated=True,
    late_hours=72,
    anchors=(),
)
RAW = b"From: mari@example.com\r\nSubject: Palve\r\n\r\nPalun kustutage minu andmed.\r\n"
LETTER = Stored(1, 1, "INBOX", NOW, NOW, len(RAW), sha256(RAW).hexdigest(), RAW, 0)


async def outcome(reader: Reader) -> Reading | ReadingFailed:
    """What becomes of one letter in a batch of its own."""
    (found,) = [one async for _, one in reader.readings([LETTER])]
    return found


async def test_a_letter_that_ends_the_child_as_the_last_of_its_batch_hinders_no_other() -> None:
    async with Reader(MANNER, 0.0) as reader:
        assert isinstance(await outcome(reader), ReadingFailed)
        reader._seconds = 120.0
        assert isinstance(await outcome(reader), Reading)
