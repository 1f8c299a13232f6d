"""One mailbox over IMAP, as a guest: nothing is moved or deleted, no flag but our keyword set.

Failure semantics are those of `imap_session`: after any ImapError but ImapRefused the
connection is gone, open a new Inbox. Texts of errors carry no personal data.
"""

import asyncio
import logging
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.accounts import ImapSettings
from mailbot.imap_errors import (
    ImapError,
    ImapLoginRefused,
    ImapProtocolError,
    ImapRefused,
    ImapTlsFailure,
    ImapUnreachable,
)
from mailbot.imap_grammar import Part, Value, fetched, internal_date, number, searched, uid_set
from mailbot.imap_names import Mailbox, listed, quoted, watched
from mailbot.imap_protocol import LOST
from mailbot.imap_session import Session
from models.shapes import Arrival

__all__ = [
    "ImapError",
    "ImapLoginRefused",
    "ImapProtocolError",
    "ImapRefused",
    "ImapTlsFailure",
    "ImapUnreachable",
    "Inbox",
    "Mailbox",
    "Selected",
    "Sighting",
]

log = logging.getLogger(__name__)

LETTERS_A_FETCH = 200
UIDS_A_SEARCH = 50_000
OVERSIZE_BYTES = (256 + 64) * 1024  # of a letter over the cap: headers and 64 KiB of text
POLL_SECONDS = 15.0
PERMANENT_FREE = re.compile(rb"OK \[PERMANENTFLAGS \([^)]*\\\*", re.IGNORECASE)
FOLDER_FACT = re.compile(rb"OK \[(UIDVALIDITY|UIDNEXT) ([0-9]{1,10})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selected:
    """The folder in use (RFC 3501 section 7.3.1); `uidnext` None when the server keeps silent.

    `takes_keywords`: opened for marking, and new keywords may be made in it.
    """

    mailbox: Mailbox
    uidvalidity: int
    exists: int
    uidnext: int | None
    takes_keywords: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A letter that is there: `size` in bytes by the server, `received_at` in UTC."""

    uid: int
    size: int
    received_at: datetime


class Inbox(Session):
    """One connection, used by one task at a time: `async with Inbox(settings) as inbox`.

    `unreadable` are UIDs whose body the server refused to give although they stand.
    """

    def __init__(self, settings: ImapSettings) -> None:
        super().__init__(settings)
        self._selected: Selected | None = None
        self._idle_refused = False
        self.unreadable: set[int] = set()

    # folders

    async def folders(self, names: Sequence[str] = ()) -> list[Mailbox]:
        """Folders to watch: those named, else all but Sent, Drafts, Trash and All; INBOX first.

        Raises ImapRefused when a named one does not exist.
        """
        every = await self.all_folders()
        found = [_named(every, name) for name in names] or watched(every)
        return sorted(found, key=lambda mailbox: mailbox.wire.upper() != "INBOX")

    async def all_folders(self) -> list[Mailbox]:
        """Every folder the server lists."""
        pattern = '"*"'
        if {"SPECIAL-USE", "LIST-EXTENDED"} <= self._open.protocol.capabilities:
            pattern = '"*" RETURN (SPECIAL-USE)'
        return await self._read(listed, self._open.list('""', pattern))

    async def folder(self, name: str) -> Mailbox:
        """The folder of this name as people write it. Raises ImapRefused when there is none."""
        return _named(await self.all_folders(), name)

    async def select(self, mailbox: Mailbox, *, to_mark: bool = False) -> Selected:
        """Open a folder read-only (EXAMINE), so that no flag can change; not so `to_mark`."""
        protocol = self._open.protocol
        self._selected = None
        protocol.exists = 0
        opening = self._open.select if to_mark else self._open.examine
        lines = await self._answer(opening(quoted(mailbox.wire)))
        protocol.state = "SELECTED"  # the library's EXAMINE forgets to
        protocol.news = False
        facts = _folder_facts(lines)
        uidvalidity = facts.get("UIDVALIDITY")
        if not uidvalidity:
            raise ImapRefused("The IMAP server gives a folder no UIDVALIDITY.")
        free = to_mark and any(PERMANENT_FREE.match(line) for line in lines)
        self._selected = Selected(mailbox, uidvalidity, protocol.exists, facts.get("UIDNEXT"), free)
        return self._selected

    # letters

    async def uids(self, after_uid: int = 0) -> list[int]:
        """UIDs above `after_uid`, ascending, searched in bounded steps."""
        selected = self.in_folder()
        if not self._open.protocol.exists:
            return []  # "*" in an empty folder is an error to some servers
        found: list[int] = []
        start = after_uid + 1
        while start + UIDS_A_SEARCH < (selected.uidnext or 0):
            found += await self._search(f"{start}:{start + UIDS_A_SEARCH - 1}")
            start += UIDS_A_SEARCH
        # "n:*" always holds the last letter, even when it lies below n
        found += await self._search(f"{start}:*")
        return sorted({uid for uid in found if uid > after_uid})

    async def _search(self, span: str) -> list[int]:
        return await self._read(searched, self._open.uid_search("UID", span, charset=None))

    async def holds(self, message_id: str) -> bool:
        """Whether the selected folder has a letter of this Message-ID, brackets included."""
        self.in_folder()
        criteria = ("HEADER", "Message-ID", quoted(message_id))
        return bool(await self._read(searched, self._open.uid_search(*criteria, charset=None)))

    async def sightings(self, after_uid: int) -> list[Sighting]:
        """Letters with a UID above `after_uid`, ascending; ≤ 200 a FETCH, no bodies."""
        self._open.protocol.news = False
        found: list[Sighting] = []
        for uids in _slices(await self.uids(after_uid), LETTERS_A_FETCH):
            found += await self.sightings_of(uids)
        return found

    async def sightings_of(self, uids: Sequence[int]) -> list[Sighting]:
        """What stands of these UIDs, ascending; vanished ones are absent."""
        self.in_folder()
        rows = await self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)")
        return [_sighting(uid, rows[uid]) for uid in sorted(rows)]

    async def bodies(self, sightings: Sequence[Sighting]) -> AsyncIterator[list[Arrival]]:
        """Letters in batches bounded by bytes and count; vanished ones are absent.

        Over the cap only the first OVERSIZE_BYTES come. \\Seen is never set.
        """
        selected = self.in_folder()
        for batch in _batches(sightings, self._settings.letter_cap, self._settings.batch_bytes):
            rows = await self._bodies(batch)
            yield [
                Arrival(
                    folder=selected.mailbox.name,
                    uidvalidity=selected.uidvalidity,
                    uid=seen.uid,
                    size=seen.size,
                    received_at=seen.received_at,
                    raw=rows.pop(seen.uid),  # the caller's alone: it may be all there is room for
                )
                for seen in batch
                if seen.uid in rows
            ]

    async def _bodies(self, batch: Sequence[Sighting]) -> dict[int, bytes]:
        cap = self._settings.letter_cap
        over = batch[0].size > cap
        most = min(OVERSIZE_BYTES, cap) if over else cap
        item = f"BODY.PEEK[]<0.{most}>" if over else "BODY.PEEK[]"
        size = sum(min(seen.size, most) for seen in batch)
        try:
            rows = await self._fetch([seen.uid for seen in batch], f"(UID {item})", size)
        except ImapRefused:
            # one letter the server cannot read must not block its neighbours
            if len(batch) == 1:
                self.unreadable.add(batch[0].uid)
                log.warning("the IMAP server refuses to give one letter")
                return {}
            return {uid: raw for seen in batch for uid, raw in (await self._bodies([seen])).items()}
        found = {uid: _body(attributes) for uid, attributes in rows.items()}
        return {uid: raw[:most] for uid, raw in found.items() if raw is not None}

    async def _fetch(
        self, uids: Sequence[int], items: str, size: int = 0
    ) -> dict[int, dict[str, Value]]:
        wanted = set(uids)
        call = self._open.uid("fetch", uid_set(sorted(wanted)), items)
        rows = await self._read(fetched, call, size)
        return {uid: row for uid, row in rows.items() if uid in wanted}

    def in_folder(self) -> Selected:
        """The folder in use. Raises what ended the connection."""
        if self._open.protocol.failure is not None:
            raise self._open.protocol.failure
        if self._selected is None:
            raise RuntimeError("select a folder first")
        return self._selected

    # waiting

    async def wait(self, seconds: float) -> bool:
        """Until new mail is announced (True) or the time is over (False).

        IDLE (RFC 2177) where offered, renewed and watched for half-open connections;
        else a NOOP every few seconds. A closing server raises at once. News stand until
        `sightings` or `select` takes them.
        """
        self.in_folder()
        protocol = self._open.protocol
        until = asyncio.get_running_loop().time() + seconds
        while not protocol.news:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            if "IDLE" in protocol.capabilities and not self._idle_refused:
                await self._idle(min(left, self._settings.idle_renewal))
            else:
                await self._poll(min(left, POLL_SECONDS))
        return True

    async def _poll(self, seconds: float) -> None:
        closed = self._open.protocol.closed
        await asyncio.wait({closed}, timeout=seconds)
        await self._answer(self._open.noop())

    async def _idle(self, seconds: float) -> None:
        client = self._open
        async with self._deadline(self._settings.watchdog):
            idling = await client.start_idle()
        if idling is None:
            self._idle_refused = True
            return
        await self._pushed(seconds)
        client.idle_done()
        async with self._deadline(self._settings.watchdog):
            response = await idling
        if response.result == LOST:
            raise self._failure()
        if not client.protocol.news:
            async with self._deadline(self._settings.watchdog):
                await client.noop()

    async def _pushed(self, seconds: float) -> None:
        protocol = self._open.protocol
        try:
            async with asyncio.timeout(seconds):
                while not protocol.news and protocol.failure is None:
                    await self._open.wait_server_push(timeout=None)
        except TimeoutError:
            return
        except BaseException:
            self._give_up(ImapUnreachable("The call was given up in the middle."))
            raise

    # writing

    async def mark(self, uids: Sequence[int], keyword: str) -> None:
        """Adds a keyword to letters of the folder selected `to_mark`; vanished ones are passed."""
        self.in_folder()
        for part in _slices(sorted(uids), LETTERS_A_FETCH):
            call = self._open.uid("store", uid_set(part), "+FLAGS.SILENT", f"({keyword})")
            await self._answer(call)

    async def append(self, folder: Mailbox, raw: bytes, flags: str = "\\Seen") -> None:
        """A copy of a sent letter into a folder (RFC 3501 section 6.3.11)."""
        protocol = self._open.protocol
        call = self._open.append(raw, quoted(folder.wire), flags=flags)
        try:
            await self._answer(call, len(raw))
        finally:
            protocol.literal_data = None


def _folder_facts(lines: Sequence[Part]) -> dict[str, int]:
    found = (FOLDER_FACT.match(line) for line in lines)
    return {match[1].decode().upper(): int(match[2]) for match in found if match}


def _named(every: Sequence[Mailbox], name: str) -> Mailbox:
    for mailbox in every:
        if _comparable(mailbox.name) == _comparable(name):
            return mailbox
    raise ImapRefused("A folder of IMAP_URL, MAIL_FOLDERS or SENT_FOLDER does not exist.")


def _comparable(name: str) -> str:
    whole = unicodedata.normalize("NFC", name)
    return "INBOX" if whole.upper() == "INBOX" else whole


def _slices(uids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), most):
        yield uids[start : start + most]


def _sighting(uid: int, attributes: dict[str, Value]) -> Sighting:
    received_at = internal_date(attributes.get("INTERNALDATE"))
    if received_at is None:
        log.warning("a letter has no readable INTERNALDATE, taken as received now")
        received_at = datetime.now(UTC)
    return Sighting(uid, number(attributes.get("RFC822.SIZE")) or 0, received_at)


def _body(attributes: dict[str, Value]) -> bytes | None:
    for name, value in attributes.items():
        if name.startswith("BODY[]") and isinstance(value, bytes):
            return value
    return None


def _batches(
    sightings: Sequence[Sighting], letter_cap: int, batch_bytes: int
) -> Iterator[list[Sighting]]:
    """In order; a letter over the cap travels alone, for it is asked for differently."""
    batch: list[Sighting] = []
    held = 0
    for seen in sightings:
        size = min(seen.size, letter_cap)
        alone = seen.size > letter_cap or (batch and batch[-1].size > letter_cap)
        if batch and (alone or held + size > batch_bytes or len(batch) == LETTERS_A_FETCH):
            yield batch
            batch, held = [], 0
        batch.append(seen)
        held += size
    if batch:
        yield batch
