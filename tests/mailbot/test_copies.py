"""Copies of sent letters: one each, found again after a crash, and never in the way of sending."""

import imaplib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mailbot.bot import Bot, once
from mailbot.copies import copy_sent
from mailbot.inbox import ImapRefused, Inbox
from mailbot.settings import MailSettings
from models.house import House
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, RequestType
from tests.letters_for_acts import received, verdict
from tests.mailbot.test_inbox import plain
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture
def user() -> str:
    """A mailbox of its own."""
    return f"c{uuid4().hex[:12]}"


@pytest.fixture
def bot(dovecot: Dovecot, smtp: SmtpServer, register: str, house: House, user: str) -> Bot:
    """A bot that keeps copies in "Saadetud kirjad õ"."""
    client = imaplib.IMAP4("127.0.0.1", dovecot.port)
    client.login(user, PASSWORD)
    client.create('"Saadetud kirjad &APU-"')
    client.logout()
    environ = {
        "IMAP_URL": f"imap://{user}:{PASSWORD}@127.0.0.1:{dovecot.port}",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
        "ACKNOWLEDGE_UNAUTHENTICATED": "1",
        "SENT_FOLDER": "Saadetud kirjad õ",
        "RETRY_DAYS": "30",
    }
    return Bot(house, MailSettings.load(environ, env_file=None), register)


def copies(dovecot: Dovecot, user: str) -> list[bytes]:
    """What lies in the folder, and that it is marked as seen."""
    client = imaplib.IMAP4("127.0.0.1", dovecot.port)
    client.login(user, PASSWORD)
    client.select('"Saadetud kirjad &APU-"', readonly=True)
    _, found = client.fetch("1:*", "(FLAGS BODY.PEEK[])")
    client.logout()
    letters = [part for part in found if isinstance(part, tuple)]
    assert all(b"\\Seen" in part[0] for part in letters)
    return [part[1] for part in letters]


async def test_each_sent_letter_has_one_copy_of_the_very_bytes(
    bot: Bot, house: House, dovecot: Dovecot, smtp: SmtpServer, user: str
) -> None:
    await received(house, verdict(RequestType.ERASURE))
    await once(bot)
    await once(bot)
    assert copies(dovecot, user) == [letter.content for letter in smtp.letters]
    assert len(smtp.letters) == 1


async def test_a_crash_between_the_copy_and_its_note_makes_no_second_copy(
    bot: Bot, house: House, dovecot: Dovecot, user: str
) -> None:
    await received(house, verdict(RequestType.ERASURE))
    await once(bot)
    await OutboundMail.all().update(copied_at=None)
    await once(bot)
    assert len(copies(dovecot, user)) == 1
    assert (await OutboundMail.get()).copied_at is not None


async def test_a_folder_is_searched_only_for_what_was_sent_before_a_doubt(
    bot: Bot, house: House, dovecot: Dovecot, user: str
) -> None:
    await received(house, verdict(RequestType.ERASURE))
    began = datetime.now(UTC)
    await once(bot)
    for doubtful, lying in ((began + timedelta(hours=1), 1), (began, 2)):
        await OutboundMail.all().update(copied_at=None)
        async with Inbox(bot.settings.imap) as inbox:
            await copy_sent(house, inbox, "Saadetud kirjad õ", doubtful)
        assert len(copies(dovecot, user)) == lying


async def test_a_folder_that_is_not_there_holds_up_no_letter(
    bot: Bot, house: House, smtp: SmtpServer, dovecot: Dovecot, user: str
) -> None:
    await received(house, verdict(RequestType.ERASURE))
    lost = bot.settings.model_copy(update={"sent_folder": "Nowhere"})
    await once(Bot(house, lost, bot.database_url))
    assert len(smtp.letters) == 1
    assert (await OutboundMail.get()).state is DeliveryState.SENT
    async with Inbox(plain(dovecot.port, user=user)) as inbox:
        with pytest.raises(ImapRefused, match="SENT_FOLDER"):
            await copy_sent(house, inbox, "Nowhere", datetime.now(UTC))
    await once(bot)
    assert len(copies(dovecot, user)) == 1
