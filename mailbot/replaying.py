"""Letters from files into the register, as if they had arrived in a folder named `replay`.

The receipt instant is the one given, else our own topmost Received, else a letter that asks
for something, or belongs to a case, waits in triage with the instant of the replay. Equal
bytes are recognised, so a replay may be repeated.
"""

import mailbox
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from mailbot.bot import Bot
from mailbot.headers import OwnMail, own_received_at
from mailbot.intake import work_off
from mailbot.parts import guarded, split
from models.acts import mailbox as ledger
from models.database import rows
from models.shapes import Arrival

UIDVALIDITY = 1


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
    return found


async def replay(bot: Bot, paths: Sequence[Path], received_at: datetime | None) -> int:
    """Stores and decides every letter of the paths; returns how many there were.

    Raises ReplayProblem before any is stored when a path is none of the three.
    """
    boxes = [_checked(path) for path in paths]
    taken = 0
    next_uid = await _next_uid()
    for raw in _letters(boxes):
        moment = received_at or _received_at(raw, bot.manner.own)
        folder = ledger.REPLAYED if moment else ledger.UNDATED
        moment = min(moment or datetime.now(UTC), datetime.now(UTC))
        arrival = Arrival(folder, UIDVALIDITY, next_uid + taken, len(raw), moment, raw)
        await ledger.store(bot.house, [arrival], [sha256(raw).hexdigest()])
        taken += 1
    async with bot.reader() as reader:
        await work_off(bot.house, reader, bot.watcher)
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
        yield from _of_box(mailbox.Maildir(path, create=False))
        return
    with path.open("rb") as stream:
        is_mbox = stream.read(5) == b"From "
    if is_mbox:
        yield from _of_box(mailbox.mbox(path, create=False))
    else:
        yield path.read_bytes()


def _of_box(box: "mailbox.Mailbox[mailbox.Message]") -> Iterator[bytes]:
    for key in box.iterkeys():
        yield box.get_bytes(key)
