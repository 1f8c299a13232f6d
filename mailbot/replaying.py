"""Letters from files into the register, as if they had arrived in a folder named `replay`.

The receipt instant is the one given, else our own topmost Received, else the letter waits
in triage with the instant of the replay. Equal bytes are recognised, so a replay may be
repeated.
"""

import mailbox
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from mailbot.bot import Bot
from mailbot.intake import work_off
from mailbot.letter import read
from models.acts import mailbox as ledger
from models.database import rows
from models.shapes import Arrival

FOLDER = "replay"
UIDVALIDITY = 1


class ReplayProblem(ValueError):
    """A path that is no letter and no mailbox."""


def instant(text: str | None) -> datetime | None:
    """An option's instant in UTC. ValueError names the fix."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - only to fail below
    if found.tzinfo is None:
        raise ValueError("--received-at must be an instant with a time zone: 2026-03-05T22:30Z.")
    return found.astimezone(UTC)


async def replay(bot: Bot, paths: Sequence[Path], received_at: datetime | None) -> int:
    """Stores and decides every letter of the paths; returns how many were new to the ledger."""
    taken = 0
    next_uid = await _next_uid()
    for raw in _letters(paths):
        letter = read(raw, own=bot.manner.own)
        moment = received_at or letter.own_received_at or datetime.now(UTC)
        arrival = Arrival(FOLDER, UIDVALIDITY, next_uid + taken, len(raw), moment, raw)
        await ledger.store(bot.house, [arrival], [sha256(raw).hexdigest()])
        taken += 1
    async with bot.reader() as reader:
        await work_off(bot.house, reader, bot.watcher)
    return taken


async def _next_uid() -> int:
    found = await rows("SELECT max(uid) AS last FROM sighting WHERE folder = ?", (FOLDER,))
    return (found[0]["last"] or 0) + 1


def _letters(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        try:
            yield from _of_path(path)
        except OSError as problem:
            raise ReplayProblem(f"{path} cannot be read: {problem.strerror}.") from problem


def _of_path(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        if not (path / "cur").is_dir():
            raise ReplayProblem(f"{path} is a folder but no Maildir: it has no cur/ in it.")
        box: mailbox.Mailbox[mailbox.Message] = mailbox.Maildir(path, create=False)
        for key in box.iterkeys():
            yield box.get_bytes(key)
        return
    raw = path.read_bytes()
    if raw.startswith(b"From "):
        box = mailbox.mbox(path, create=False)
        for key in box.iterkeys():
            yield box.get_bytes(key)
        return
    yield raw
