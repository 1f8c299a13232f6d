"""The keyword is set where the server lets it be, once; real marks stand in the journeys."""

import pytest

from mailbot.marking import KEYWORD, mark
from models.house import House
from models.tables import Sighting
from models.vocabulary import RequestType
from tests.letters_for_acts import received, verdict
from tests.mailbot.test_inbox import opened, plain
from tests.servers.imap import scripted

FOLDER = (
    b"* 2 EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [PERMANENTFLAGS (%s)] x\r\n{tag} OK done\r\n"
)
STORED = b"{tag} OK done\r\n"


@pytest.fixture
async def case_letter(register: str, house: House) -> Sighting:
    """A letter that opened a case."""
    assert register
    await received(house, verdict(RequestType.ERASURE))
    return await Sighting.get()


@pytest.mark.parametrize(
    ("uidvalidity", "flags", "marks"),
    [
        (7, rb"\Answered \Seen \*", 1),
        (7, rb"\Answered \Seen", 0),
        (7, b"", 0),
        (8, rb"\Seen \*", 0),  # recreated between two commands
    ],
)
async def test_only_what_the_server_offers_is_set(
    case_letter: Sighting, uidvalidity: int, flags: bytes, marks: int
) -> None:
    answers = {"SELECT": FOLDER % (uidvalidity, flags), "STORE": STORED}
    async with scripted(answers) as server, opened(plain(server.port)) as inbox:
        folder = await inbox.folder("INBOX")
        assert await mark(inbox, folder) == marks
        if uidvalidity == 7:
            assert await mark(inbox, folder) == 0
    stores = [line.split(b" ", 1)[1] for line in server.said if b"STORE" in line]
    expected = b"UID STORE %d +FLAGS.SILENT (%s)\r\n" % (case_letter.uid, KEYWORD.encode())
    assert stores == [expected] * marks
    assert (await Sighting.get()).marked_at is not None or not marks


async def test_a_letter_of_no_case_is_not_marked(register: str, house: House) -> None:
    assert register
    await received(house, verdict())
    async with scripted() as server, opened(plain(server.port)) as inbox:
        assert await mark(inbox, await inbox.folder("INBOX")) == 0
    assert not [line for line in server.said if b"SELECT" in line]
