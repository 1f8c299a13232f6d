"""The journal is sealed by the bot that leads, and a tampered register says so by name."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from uuid import uuid4

import asyncpg
import pytest

from mailbot import presence as presence_module
from mailbot.bot import Bot, _seal
from mailbot.presence import Presence, present
from mailbot.settings import MailSettings
from models.acts.seals import verify
from models.acts.work import working
from models.house import House
from models.shapes import SYSTEM
from models.tables import JournalEntry, JournalSeal
from tests.models.test_checking import Tamper, chain, changed, deleted, reordered
from tests.processes import run, settings
from tests.registers import Registers, in_use
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer


async def test_what_the_bot_did_is_sealed_and_a_changed_row_is_named(
    register_url: str, dovecot: Dovecot, smtp: SmtpServer, house: House
) -> None:
    letter = b"From: a@example.com\r\nSubject: x\r\n\r\nPlease delete my account and data.\r\n"
    user = f"s{uuid4().hex[:12]}"
    dovecot.fill(user, [letter])
    environ = settings(
        register_url,
        f"imap://{user}:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX",
        f"smtp://127.0.0.1:{smtp.port}",
        START_AT="2026-01-01T00:00Z",
        ACKNOWLEDGE_UNAUTHENTICATED="1",
    )
    assert (await run("mailbot", "watch", "--once", environ=environ)).code == 0
    checked = await run("models", "check", environ=environ)
    assert checked.code == 0
    head = checked.err.split("journal head: ")[1].strip()
    assert (await run("models", "check", "--head", head, environ=environ)).code == 0
    async with in_use(register_url):
        assert await JournalSeal.all().count() >= 1
        assert await verify(house.vault) == []
        first = await JournalEntry.all().order_by("id").first()
        assert first is not None
        await JournalEntry.filter(id=first.id).update(actor_label="nobody")
    found = await run("models", "check", environ=environ)
    assert found.code == 1
    assert f"journal seal 1: entry {first.id} was changed" in found.err


@pytest.mark.parametrize(
    "tamper", [changed, deleted, reordered], ids=lambda tamper: tamper.__name__
)
async def test_the_check_command_names_the_journal_row_that_was_tampered_with(
    register_url: str, house: House, tamper: Tamper
) -> None:
    async with in_use(register_url):
        named = await tamper(await chain(house))
    environ = settings(register_url, "imap://u:p@127.0.0.1:1/INBOX", "smtp://x:1")
    ended = await run("models", "check", environ=environ)
    assert ended.code == 1
    for what in named:
        assert what in ended.err


async def test_a_head_that_is_none_is_refused_in_one_sentence(
    registers: Registers, tmp_path: Path
) -> None:
    environ = settings(registers.sqlite(tmp_path), "imap://u:p@127.0.0.1:1/INBOX", "smtp://x:1")
    ended = await run("models", "check", "--head", "12", environ=environ)
    assert ended.code == 1
    assert "--head cannot be read" in ended.err
    assert "Traceback" not in ended.err


@pytest.fixture
async def leader(registers: Registers) -> AsyncIterator[tuple[str, Presence]]:
    """A register on PostgreSQL whose mailbox a bot watches already."""
    url = registers.postgres()
    async with in_use(url), present(url) as first:
        await first.lead()
        yield url, first


async def test_a_stand_by_does_not_seal_until_it_leads(
    leader: tuple[str, Presence], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly one sealer: the lock of the mailbox is the lock of the journal too."""
    monkeypatch.setattr(presence_module, "LOOK_SECONDS", 0.05)
    url, first = leader
    async with working(house, SYSTEM, "test") as work:
        work.journal("client.look", ["Client:1"])
    bot = Bot(house, cast("MailSettings", None), url)
    async with present(url) as second:
        task = asyncio.create_task(_seal(bot, second))
        await asyncio.sleep(0.3)
        assert await JournalSeal.all().count() == 0
        assert isinstance(first._connection, asyncpg.Connection)
        await first._connection.close()
        for _ in range(100):
            if await JournalSeal.all().count():
                break
            await asyncio.sleep(0.05)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert await JournalSeal.all().count() == 1
    assert await verify(house.vault) == []
