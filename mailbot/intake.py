"""From the mailbox into the register: see, store (commit A), read, decide (commit B).

Failure semantics: a letter is done only by commit B. Whatever happens before leaves its
row `stored`, to be taken up again; the third failure is quarantine, and never blocks the
next letter. Letters that are read by then share one commit B; when that fails each has one
of its own, so that none spoils its neighbours.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from mailbot.grouping import groups
from mailbot.inbox import Inbox, Mailbox, Selected, Sighting
from mailbot.reader import Reader, ReadingFailed
from models.acts import mailbox as ledger
from models.acts import quarantine
from models.acts.receive import Received, receive, receive_all
from models.database import is_unwell
from models.house import House
from models.shapes import Reading
from models.vocabulary import Fate

log = logging.getLogger(__name__)

LETTERS_AT_ONCE = 200  # taken from the ledger
LETTERS_A_COMMIT = 20
Watcher = Callable[[ledger.Stored, Received], Awaitable[None]]
Read = tuple[ledger.Stored, Reading | ReadingFailed]
Decided = tuple[ledger.Stored, Received | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which folders to watch (empty = the default ones) and when the bot's time began."""

    folders: tuple[str, ...] = ()
    start_at: datetime | None = None


async def chosen(inbox: Inbox, rules: Rules) -> list[Mailbox]:
    """The folders to watch. ImapRefused when a named one does not exist."""
    if rules.folders:
        return [await inbox.folder(name) for name in rules.folders]
    return await inbox.folders()


async def reconcile(house: House, inbox: Inbox, mailbox: Mailbox, rules: Rules) -> int:
    """Compares the whole folder with the ledger and stores what is new; returns how many."""
    selected = await inbox.select(mailbox)
    contact = await ledger.contact(mailbox.name, selected.uidvalidity, datetime.now(UTC))
    if contact.known_before and not contact.last_uid:
        log.warning("a folder has a new UIDVALIDITY: its letters are recognised by content")
    known = await ledger.known_uids(mailbox.name, selected.uidvalidity)
    wanted = [uid for uid in await inbox.uids() if uid not in known]
    stored = await _take(house, inbox, selected, wanted, rules.start_at or contact.started_at)
    await ledger.reconciled(mailbox.name, selected.uidvalidity, datetime.now(UTC))
    return stored


async def fetch_new(house: House, inbox: Inbox, selected: Selected, rules: Rules) -> int:
    """Stores what came after the last known letter of the selected folder."""
    contact = await ledger.contact(selected.mailbox.name, selected.uidvalidity, datetime.now(UTC))
    wanted = await inbox.uids(contact.last_uid)
    return await _take(house, inbox, selected, wanted, rules.start_at or contact.started_at)


async def _take(
    house: House, inbox: Inbox, selected: Selected, uids: list[int], start: datetime
) -> int:
    """New letters first, in order: a crash then leaves no gap that matters below them."""
    began = start.replace(microsecond=0)  # INTERNALDATE has whole seconds
    stored = 0
    for first in range(0, len(uids), 200):
        part = uids[first : first + 200]
        seen = await inbox.sightings_of(part)
        new = [one for one in seen if one.received_at >= began]
        stored += await _store(house, inbox, selected, new)
        old = [(one.uid, one.received_at) for one in seen if one.received_at < began]
        await _note(selected, old, Fate.BEFORE_START, "before start")
        gone = set(part) - {one.uid for one in seen}
        await _vanished(selected, gone)
    return stored


async def _store(house: House, inbox: Inbox, selected: Selected, new: list[Sighting]) -> int:
    got: set[int] = set()
    async for batch in inbox.bodies(new):
        got |= {one.uid for one in batch}
        await ledger.store(house, batch, [sha256(one.raw).hexdigest() for one in batch])
    missing = [one for one in new if one.uid not in got]
    refused = [(one.uid, one.received_at) for one in missing if one.uid in inbox.unreadable]
    await _note(selected, refused, Fate.QUARANTINED, "the server does not give it")
    if refused:
        await quarantine.not_given(house)
    await _vanished(selected, {one.uid for one in missing} - {uid for uid, _ in refused})
    return len(got)


async def _vanished(selected: Selected, uids: Iterable[int]) -> None:
    now = datetime.now(UTC)
    await _note(selected, [(uid, now) for uid in uids], Fate.VANISHED, "expunged before fetch")


async def _note(
    selected: Selected, seen: list[tuple[int, datetime]], fate: Fate, reason: str
) -> None:
    if seen:
        await ledger.note_unread(selected.mailbox.name, selected.uidvalidity, seen, fate, reason)


async def work_off(
    house: House, reader: Reader, watcher: Watcher | None = None, *, by_replay: bool = False
) -> int:
    """Reads and decides everything stored, by bot or replay; returns how many letters are done."""
    done = 0
    failing: list[int] = []
    while letters := await ledger.pending(house, LETTERS_AT_ONCE, failing, by_replay=by_replay):
        async with aclosing(groups(reader.readings(letters), LETTERS_A_COMMIT)) as read:
            async for group in read:
                decided = await _decide_all(house, group)
                failing += [stored.sighting_id for stored, received in decided if not received]
                done += await _told(decided, watcher)
    return done


async def _told(decided: Sequence[Decided], watcher: Watcher | None) -> int:
    """Tells the watcher of each letter that is done; returns how many are."""
    done = [(stored, received) for stored, received in decided if received is not None]
    if watcher is not None:
        for stored, received in done:
            await watcher(stored, received)
    return len(done)


async def _decide_all(house: House, group: Sequence[Read]) -> list[Decided]:
    """In one commit where that can be; None for a letter that could not be decided."""
    letters = [(stored, out) for stored, out in group if isinstance(out, Reading)]
    if len(letters) == len(group) > 1:
        try:
            received = await receive_all(house, letters)
        except Exception as problem:  # whatever it is, it comes again where it belongs
            log.warning("letters are decided one by one (%s)", type(problem).__name__)
        else:
            return [(stored, one) for (stored, _), one in zip(letters, received, strict=True)]
    return [(stored, await _decide(house, stored, out)) for stored, out in group]


async def _decide(
    house: House, stored: ledger.Stored, outcome: Reading | ReadingFailed
) -> Received | None:
    if isinstance(outcome, ReadingFailed):
        await _failed(house, stored, str(outcome))
        return None
    try:
        return await receive(house, stored, outcome)
    except Exception as problem:
        if is_unwell(problem):
            raise  # it is no fault of the letter
        # a fault in our own rules must not stop the mailbox: counted, then quarantined
        log.error("a letter could not be decided", exc_info=problem)
        await _failed(house, stored, type(problem).__name__)
        return None


async def _failed(house: House, stored: ledger.Stored, reason: str) -> None:
    fate = await quarantine.failed(house, stored.sighting_id, reason)
    log.warning(
        "letter %s could not be read (%s): %s",
        stored.sighting_id,
        reason,
        "a person must look" if fate is Fate.QUARANTINED else "tried again later",
    )
