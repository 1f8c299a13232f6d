"""Letters of the past into the register: from files, or such as lay in the mailbox before.

Those from files seem to have arrived in a folder named `replay`. Their receipt instant is the
one given, else our own topmost Received; else a letter that asks for something, or belongs to
a case, waits in triage with the instant of the replay. Equal bytes are recognised, so a replay
may be repeated, and a bot may run beside it: it decides what a replay left that was cut off.
"""

import mailbox as files
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.bot import Bot
from mailbot.headers import OwnMail, own_received_at
from mailbot.inbox import Inbox, Mailbox
from mailbot.intake import chosen, work_off
from mailbot.parts import guarded, split
from mailbot.presence import replay_at_work
from models.acts import mailbox as ledger
from models.database import rows
from models.deadlines import APPLIES_SINCE
from models.shapes import Arrival

UIDVALIDITY = 1
LETTERS_AT_ONCE = 200


class ReplayProblem(ValueError):
    """A path that is no letter and no mailbox."""


def instant(text: str | None) -> datetime | None:
    """An option's instant in UTC. ValueError names the fix."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ReplayProblem(
            "--received-at must be an instant with a time zone: 2026-03-05T22:30Z."
        ) from None
    if found > datetime.now(UTC):
        raise ReplayProblem("--received-at lies in the future: give when the letter came in.")
    if found < APPLIES_SINCE:
        raise ReplayProblem(
            "--received-at lies before 25 May 2018, since when the GDPR applies: check the year."
        )
    return found


def day(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The beginning of an option's day, UTC. ReplayProblem names the fix."""
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ReplayProblem("--since must be a day: 2026-01-31.") from None


async def replay(bot: Bot, paths: Sequence[Path], received_at: datetime | None) -> int:
    """Stores and decides every letter of the paths; returns how many there were.

    Raises ReplayProblem before any is stored when a path is none of the three.
    """
    boxes = [_checked(path) for path in paths]
    async with replay_at_work(bot.database_url, alone=True):
        taken = await _store(bot, boxes, received_at)
        async with bot.reader() as reader:
            await work_off(bot.house, reader, bot.watcher, by_replay=True)
    return taken


async def _store(bot: Bot, boxes: Sequence[Path], received_at: datetime | None) -> int:
    taken = 0
    next_uid = await _next_uid()
    for raw in _letters(boxes):
        moment = received_at or _received_at(raw, bot.manner.own)
        folder = ledger.REPLAYED if moment else ledger.UNDATED
        moment = min(moment or datetime.now(UTC), datetime.now(UTC))
        arrival = Arrival(folder, UIDVALIDITY, next_uid + taken, len(raw), moment, raw)
        await ledger.store(bot.house, [arrival], [sha256(raw).hexdigest()], by_replay=True)
        taken += 1
    return taken


async def replay_mailbox(bot: Bot, since: datetime | None) -> int:
    """Reads and decides what the ledger calls `before_start`; returns how many there were.

    Received when the mailbox says so; a guest as always. Raises ImapError.
    """
    taken = 0
    async with replay_at_work(bot.database_url), bot.reader() as reader:
        async with Inbox(bot.settings.imap) as inbox:
            mailboxes = await chosen(inbox, bot.rules)
            reader.junk = frozenset(mailbox.name for mailbox in mailboxes if mailbox.is_junk)
            for mailbox in mailboxes:
                taken += await _take_up(bot, inbox, mailbox, since)
        await work_off(bot.house, reader, bot.watcher, by_replay=True)
    return taken


async def _take_up(bot: Bot, inbox: Inbox, mailbox: Mailbox, since: datetime | None) -> int:
    selected = await inbox.select(mailbox)
    uids = await ledger.before_start(mailbox.name, selected.uidvalidity, since)
    taken = 0
    for first in range(0, len(uids), LETTERS_AT_ONCE):
        seen = await inbox.sightings_of(uids[first : first + LETTERS_AT_ONCE])
        async for batch in inbox.bodies(seen):
            taken += len(batch)
            await ledger.take_up(bot.house, batch, [sha256(one.raw).hexdigest() for one in batch])
    return taken


def _received_at(raw: bytes, own: OwnMail) -> datetime | None:
    """By our own topmost Received; the child reads the rest."""
    return guarded(lambda: own_received_at(split(raw).fields, own), None)


async def _next_uid() -> int:
    folders = [[ledger.REPLAYED, ledger.UNDATED]]
    found = await rows("SELECT max(uid) AS last FROM sighting WHERE folder IN ??", folders)
    return (found[0]["last"] or 0) + 1


def _checked(path: Path) -> Path:
    """The path, when there is something to read. Raises ReplayProblem."""
    if path.is_dir() and not (path / "cur").is_dir():
        raise ReplayProblem(f"{path} is a folder but no Maildir: it has no cur/ in it.")
    if not path.is_dir():
        try:
            path.open("rb").close()
        except OSError as problem:
            raise ReplayProblem(f"{path} cannot be read: {problem.strerror}.") from None
    return path


def _letters(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        try:
            yield from _of_path(path)
        except OSError as problem:
            raise ReplayProblem(f"{path} cannot be read: {problem.strerror}.") from None


def _of_path(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from _of_box(files.Maildir(path, create=False))
        return
    with path.open("rb") as stream:
        is_mbox = stream.read(5) == b"From "
    if is_mbox:
        yield from _of_box(files.mbox(path, create=False))
    else:
        yield path.read_bytes()


def _of_box(box: "files.Mailbox[files.Message]") -> Iterator[bytes]:
    for key in box.iterkeys():
        yield box.get_bytes(key)
