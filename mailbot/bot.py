"""The bot: one TaskGroup for watching, reading and sending; a clean stop on a signal.

Failure semantics: a lost mail server or SMTP server is waited out with backoff; a lost
database ends the process, and whoever supervises it starts it again: nothing is half-done.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from mailbot.anchors import anchors_in
from mailbot.backoff import delay, stay_connected
from mailbot.copies import copy_sent
from mailbot.frames import Manner
from mailbot.headers import OwnMail
from mailbot.inbox import ImapError, ImapRefused, Inbox, Mailbox
from mailbot.intake import Rules, Watcher, chosen, fetch_new, reconcile, work_off
from mailbot.marking import mark
from mailbot.memory import return_big_blocks
from mailbot.model_facts import model_facts
from mailbot.outbox import Outbox, SmtpUnreachable
from mailbot.presence import Presence, no_replay_at_work, present
from mailbot.reader import Reader
from mailbot.settings import MailSettings
from models.acts.copies import uncopied
from models.acts.daily import every_day
from models.acts.delivery import recover
from models.acts.heartbeat import beat
from models.acts.mailbox import is_left_by_replay
from models.acts.outages import outage
from models.acts.reminding import tell_staff
from models.acts.seals import seal
from models.erasure_log import LogProblem
from models.house import House

log = logging.getLogger(__name__)

OUTBOX_SECONDS = 1.0
BEAT_SECONDS = 30.0
SEAL_SECONDS = 60.0
CALENDAR_SECONDS = 600.0  # how often the bot looks whether a new day began
COPY_SECONDS = 15.0
COPY_AGAIN_SECONDS = 60.0
OUTAGE_SECONDS = 1800.0  # a mailbox not watched for longer is told to staff


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything one bot needs; `watcher` is told what became of each letter."""

    house: House
    settings: MailSettings
    database_url: str
    watcher: Watcher | None = None

    @property
    def manner(self) -> Manner:
        """How letters are read; SettingsProblem when TRUST_ANCHORS holds no certificates."""
        settings = self.settings
        return Manner(
            own=OwnMail(
                address=settings.mail_address,
                bounce_address=settings.envelope_sender,
                authserv_id=settings.authserv_id,
                receiving_hosts=frozenset({settings.authserv_id} if settings.authserv_id else ()),
            ),
            acknowledge_unauthenticated=settings.acknowledge_unauthenticated,
            late_hours=settings.late_hours,
            anchors=anchors_in(settings.trust_anchors),
            seconds=settings.read_seconds,
        )

    @property
    def rules(self) -> Rules:
        """What is watched, since when."""
        return Rules(self.settings.mail_folders, self.settings.start_at)

    def outbox(self, worker: int) -> Outbox:
        """The sending side of the bot with this number."""
        settings = self.settings
        sender = settings.envelope_sender
        return Outbox(self.house, settings.smtp, sender, worker, settings.retry_days)

    def reader(self) -> Reader:
        """The reading child."""
        return Reader(self.manner)


async def once(bot: Bot) -> int:
    """Works off what is there: mailbox, then outbox; returns the letters decided."""
    return_big_blocks()
    began = datetime.now(UTC)
    async with present(bot.database_url) as presence:
        await presence.lead()
        await recover(bot.house, await presence.live())
        async with bot.reader() as reader:
            done = await work_off(bot.house, reader, bot.watcher)
            async with Inbox(bot.settings.imap) as inbox:
                mailboxes = await _chosen(bot, inbox, reader)
                done += await _take_over(bot, reader)
                for mailbox in mailboxes:
                    await reconcile(bot.house, inbox, mailbox, bot.rules)
                    done += await work_off(bot.house, reader, bot.watcher)
                    await _mark(bot, inbox, mailbox)
        await tell_staff(bot.house, now=datetime.now(UTC))
        async with bot.outbox(presence.number) as outbox:
            await outbox.work_off()
        await every_day(bot.house)
        await _copy_now(bot, began)
        await seal(bot.house.vault)
        await beat("bot", {"classifier": model_facts()})
    return done


async def _copy_now(bot: Bot, doubtful: datetime) -> bool:
    """Copies into SENT_FOLDER; what goes wrong there is only told (False)."""
    folder = bot.settings.sent_folder
    if not folder or not await uncopied(bot.house, 1):
        return True
    try:
        async with Inbox(bot.settings.imap) as inbox:
            await copy_sent(bot.house, inbox, folder, doubtful)
    except ImapError as problem:
        log.warning("%s Copies of sent letters wait.", problem)
        return False
    return True


async def watch(bot: Bot) -> None:
    """Until cancelled: watches the mailbox, reads, sends, and says that it lives.

    When its presence is lost with a database connection, it begins again as a new bot.
    """
    return_big_blocks()
    while True:
        async with present(bot.database_url) as presence, asyncio.TaskGroup() as tasks:
            queued = asyncio.Event()
            at_work = [
                tasks.create_task(_watch(bot, presence, queued)),
                tasks.create_task(_send(bot, presence.number, queued)),
                tasks.create_task(_look_after(bot, presence)),
                tasks.create_task(_seal(bot, presence)),
                tasks.create_task(_keep_calendar(bot, presence)),
                tasks.create_task(_copy(bot, presence)),
            ]
            await presence.lost.wait()
            log.warning("the connection to the database was lost: beginning again")
            for task in at_work:
                task.cancel()


async def _watch(bot: Bot, presence: Presence, queued: asyncio.Event) -> None:
    await presence.lead()
    async with bot.reader() as reader:

        async def work(inbox: Inbox) -> None:
            await _follow(bot, inbox, reader, queued)

        await stay_connected(bot.settings.imap, work)


async def _follow(bot: Bot, inbox: Inbox, reader: Reader, queued: asyncio.Event) -> None:
    """Reconciles every folder, then follows the first one by IDLE until the next time."""
    clock = asyncio.get_running_loop().time
    await _tell_outage(bot)
    while True:
        mailboxes = await _chosen(bot, inbox, reader)
        for mailbox in mailboxes:
            await reconcile(bot.house, inbox, mailbox, bot.rules)
            await _decide(bot, reader, queued)
            await _mark(bot, inbox, mailbox)
        selected = await inbox.select(mailboxes[0])
        await fetch_new(bot.house, inbox, selected, bot.rules)
        await _decide(bot, reader, queued)
        if await _take_over(bot, reader):
            queued.set()
        until = clock() + bot.settings.imap_watch_seconds
        while (left := until - clock()) > 0:
            if await inbox.wait(left):
                await fetch_new(bot.house, inbox, selected, bot.rules)
                await _decide(bot, reader, queued)


async def _chosen(bot: Bot, inbox: Inbox, reader: Reader) -> list[Mailbox]:
    """The folders to watch; the reader is told which of them are junk."""
    mailboxes = await chosen(inbox, bot.rules)
    reader.junk = frozenset(mailbox.name for mailbox in mailboxes if mailbox.is_junk)
    return mailboxes


async def _mark(bot: Bot, inbox: Inbox, mailbox: Mailbox) -> None:
    """Where asked for; a server that refuses is only told about."""
    if bot.settings.mark_requests:
        try:
            await mark(inbox, mailbox)
        except ImapRefused as problem:
            log.warning("%s Letters of cases stay unmarked.", problem)


async def _tell_outage(bot: Bot) -> None:
    """Looked at on each new connection: what was deleted before it cannot be seen any more."""
    patience = max(OUTAGE_SECONDS, 2 * bot.settings.imap_watch_seconds)
    gap = await outage(bot.house, timedelta(seconds=patience), now=datetime.now(UTC))
    if gap is not None:
        log.warning("the mailbox was not watched for %.0f minutes", gap.total_seconds() / 60)


async def _decide(bot: Bot, reader: Reader, queued: asyncio.Event) -> None:
    if await work_off(bot.house, reader, bot.watcher):
        queued.set()


async def _take_over(bot: Bot, reader: Reader) -> int:
    """Decides what a replay that was cut off left behind; returns how many letters.

    Nobody is answered: whether that replay was to answer is not known. A colleague may.
    """
    if not await is_left_by_replay():
        return 0
    async with no_replay_at_work(bot.database_url) as is_free:
        if not is_free:
            return 0
        house = replace(bot.house, acknowledge="off")
        done = await work_off(house, reader, bot.watcher, by_replay=True)
    log.warning("a replay was cut off: %d letters it left are decided, and not answered", done)
    return done


async def _send(bot: Bot, number: int, queued: asyncio.Event) -> None:
    failures = 0
    async with bot.outbox(number) as outbox:
        while True:
            queued.clear()
            try:
                await outbox.work_off()
                failures = 0
            except SmtpUnreachable as problem:
                failures += 1
                pause = delay(failures)
                log.warning("%s Trying again in %.0f s.", problem, pause)
                await asyncio.sleep(pause)
                continue
            try:
                async with asyncio.timeout(OUTBOX_SECONDS):
                    await queued.wait()
            except TimeoutError:
                continue


async def _look_after(bot: Bot, presence: Presence) -> None:
    """Says that the bot lives, and looks for letters of bots that do not."""
    while True:
        await recover(bot.house, await presence.live())
        await beat("bot", {"number": presence.number, "classifier": model_facts()})
        await asyncio.sleep(BEAT_SECONDS)


async def _copy(bot: Bot, presence: Presence) -> None:
    """Copies what was sent, on a connection of its own; only the bot that leads."""
    await presence.lead()
    doubtful = datetime.now(UTC)
    while True:
        if await _copy_now(bot, doubtful):
            await asyncio.sleep(COPY_SECONDS)
        else:
            doubtful = datetime.now(UTC)
            await asyncio.sleep(COPY_AGAIN_SECONDS)


async def _seal(bot: Bot, presence: Presence) -> None:
    """Seals the journal once a minute; only the bot that leads, so there is one sealer."""
    await presence.lead()
    while True:
        await seal(bot.house.vault)
        await asyncio.sleep(SEAL_SECONDS)


async def _keep_calendar(bot: Bot, presence: Presence) -> None:
    """What the calendar asks for, by the bot that leads; a new leader repeats nothing.

    Reminders to staff, then the day's work of the register: retention, restrictions that end.
    """
    await presence.lead()
    while True:
        told = await tell_staff(bot.house, now=datetime.now(UTC))
        if told:
            log.info("%d letters to staff", told)
        try:
            await every_day(bot.house)
        except LogProblem as problem:
            # letters go on; the erasures wait until the log can be written
            log.error("%s", problem)
        await asyncio.sleep(CALENDAR_SECONDS)
