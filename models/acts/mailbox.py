"""The mailbox ledger: what was seen, stored and became of it (commit A).

A row per (folder, UIDVALIDITY, UID); the raw bytes are safe before any parser touches
them. Only commit B (models.acts.receive) takes a row out of `stored`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from tortoise.transactions import in_transaction

from models.acts import quarantine
from models.database import CONNECTION, rows
from models.house import House
from models.sealed import SpoiledValue
from models.shapes import Arrival
from models.tables import MailFolder, RawLetter, Sighting, Tombstone
from models.vocabulary import Fate

REPLAYED = "replay"  # folder of letters from files: their instant of receipt is settled
UNDATED = "replay, receipt unknown"  # the same, and nobody knows when they were received
PENDING_BYTES = 8_000_000  # of letters held at once


@dataclass(frozen=True, slots=True)
class Contact:
    """What the ledger knows of one folder under one UIDVALIDITY."""

    started_at: datetime
    last_uid: int
    known_before: bool  # the same name stood under another UIDVALIDITY: recreated


@dataclass(frozen=True, slots=True)
class Stored:
    """One letter that waits for commit B."""

    sighting_id: int
    raw_letter_id: int
    folder: str
    received_at: datetime
    seen_at: datetime
    size: int
    sha256: str
    raw: bytes
    attempts: int

    @property
    def is_replayed(self) -> bool:
        """From a file: `received_at` is settled, whatever the letter's own lines say."""
        return self.folder in (REPLAYED, UNDATED)


async def contact(folder: str, uidvalidity: int, now: datetime) -> Contact:
    """First or next contact with a folder; `started_at` is the very first of any folder."""
    async with in_transaction(CONNECTION):
        await MailFolder.get_or_create(
            {"first_contact_at": now}, name=folder, uidvalidity=uidvalidity
        )
        known = await MailFolder.filter(name=folder).exclude(uidvalidity=uidvalidity).exists()
        started = await MailFolder.all().order_by("first_contact_at").first()
        last = (
            await Sighting.filter(folder=folder, uidvalidity=uidvalidity).order_by("-uid").first()
        )
    assert started is not None
    return Contact(started.first_contact_at, last.uid if last else 0, known)


async def known_uids(folder: str, uidvalidity: int) -> set[int]:
    """Every UID of the folder the ledger has a row for."""
    found = await rows(
        "SELECT uid FROM sighting WHERE folder = ? AND uidvalidity = ?", (folder, uidvalidity)
    )
    return {row["uid"] for row in found}


async def reconciled(folder: str, uidvalidity: int, now: datetime) -> None:
    """The whole folder was compared with the ledger at this instant."""
    await MailFolder.filter(name=folder, uidvalidity=uidvalidity).update(reconciled_at=now)


async def note_unread(
    folder: str, uidvalidity: int, seen: Sequence[tuple[int, datetime]], fate: Fate, reason: str
) -> None:
    """UIDs that are in the ledger but never fetched: before start, or vanished."""
    now = datetime.now(UTC)
    await Sighting.bulk_create(
        [
            Sighting(
                folder=folder,
                uidvalidity=uidvalidity,
                uid=uid,
                received_at=received_at,
                seen_at=now,
                fate=fate,
                reason=reason,
            )
            for uid, received_at in seen
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


async def store(
    house: House, arrivals: list[Arrival], sha256s: Sequence[str], *, by_replay: bool = False
) -> None:
    """Commit A for one FETCH batch: ledger rows and raw bytes, before anybody reads them.

    The list is emptied on the way: a big letter is not held twice while it is written.
    """
    now = datetime.now(UTC)
    digests = [house.vault.index("letter", arrival.raw) for arrival in arrivals]
    sightings = [_sighting(arrival, now, by_replay=by_replay) for arrival in arrivals]
    async with in_transaction(CONNECTION):
        ids, erased = await _keep(house, arrivals, digests, sha256s, now)
        for sighting, digest in zip(sightings, digests, strict=True):
            sighting.raw_letter_id = ids.get(digest)
            sighting.fate = Fate.STORED if digest in ids else Fate.ERASED
        await Sighting.bulk_create(sightings, ignore_conflicts=True)
        await settle_erased(erased)


async def before_start(folder: str, uidvalidity: int, since: datetime | None) -> list[int]:
    """UIDs of letters that were there before the bot's time and were never read."""
    found = Sighting.filter(folder=folder, uidvalidity=uidvalidity, fate=Fate.BEFORE_START)
    if since is not None:
        found = found.filter(received_at__gte=since)
    return [int(str(uid)) for uid in await found.order_by("uid").values_list("uid", flat=True)]


async def take_up(house: House, arrivals: list[Arrival], sha256s: Sequence[str]) -> None:
    """Commit A for letters of `before_start`, to be decided by a replay; empties the list."""
    places = [(one.folder, one.uidvalidity, one.uid) for one in arrivals]
    digests = [house.vault.index("letter", arrival.raw) for arrival in arrivals]
    async with in_transaction(CONNECTION):
        ids, erased = await _keep(house, arrivals, digests, sha256s, datetime.now(UTC))
        for (folder, uidvalidity, uid), digest in zip(places, digests, strict=True):
            await Sighting.filter(
                folder=folder, uidvalidity=uidvalidity, uid=uid, fate=Fate.BEFORE_START
            ).update(
                fate=Fate.STORED if digest in ids else Fate.ERASED,
                raw_letter_id=ids.get(digest),
                by_replay=True,
                reason=None,
            )
        await settle_erased(erased)


async def _keep(
    house: House,
    arrivals: list[Arrival],
    digests: Sequence[str],
    sha256s: Sequence[str],
    now: datetime,
) -> tuple[dict[str, int], list[int]]:
    """Seals the bytes: row numbers by digest, and those of letters that were erased before."""
    gone = await _buried(digests)
    letters = [
        _sealed(house, arrivals.pop(0), digest, sha256, now)
        for digest, sha256 in zip(digests, sha256s, strict=True)
    ]
    await RawLetter.bulk_create(
        [letter for letter in letters if letter.digest not in gone], ignore_conflicts=True
    )
    known = await rows(
        "SELECT digest, id, sealed IS NULL AS erased FROM raw_letter WHERE digest IN ??", [digests]
    )
    ids = {row["digest"]: row["id"] for row in known}
    return ids, [row["id"] for row in known if row["erased"]]


def _sealed(house: House, arrival: Arrival, digest: str, sha256: str, now: datetime) -> RawLetter:
    sealed = house.vault.seal("raw", arrival.raw)
    return RawLetter(digest=digest, sha256=sha256, size=arrival.size, sealed=sealed, stored_at=now)


def _sighting(arrival: Arrival, now: datetime, *, by_replay: bool) -> Sighting:
    return Sighting(
        folder=arrival.folder,
        uidvalidity=arrival.uidvalidity,
        uid=arrival.uid,
        received_at=arrival.received_at,
        seen_at=now,
        fate=Fate.STORED,
        by_replay=by_replay,
    )


async def _buried(digests: Sequence[str]) -> set[str]:
    """Which of these letters were erased after the backup the register came from."""
    found = Tombstone.filter(noun="letter", digest__in=list(digests))
    return {str(one) for one in await found.values_list("digest", flat=True)}


async def settle_erased(raw_letter_ids: Sequence[int]) -> None:
    """Sightings of letters whose bytes were erased: nobody reads them again."""
    if not raw_letter_ids:
        return
    ids = [list(raw_letter_ids)]
    await rows(
        "UPDATE sighting SET fate = 'duplicate', message_id ="
        " (SELECT m.id FROM message m WHERE m.raw_letter_id = sighting.raw_letter_id)"
        " WHERE fate = 'stored' AND raw_letter_id IN ?? AND EXISTS"
        " (SELECT 1 FROM message m WHERE m.raw_letter_id = sighting.raw_letter_id)",
        ids,
    )
    await rows(
        "UPDATE sighting SET fate = 'erased' WHERE fate = 'stored' AND raw_letter_id IN ??", ids
    )


async def leave_buried(stored: Stored) -> None:
    """What the letter says was erased after the backup: nothing of it stays."""
    await RawLetter.filter(id=stored.raw_letter_id).update(sealed=None, sha256="")
    await Sighting.filter(id=stored.sighting_id).update(fate=Fate.ERASED)


async def pending(
    house: House, limit: int, skip: Sequence[int] = (), *, by_replay: bool = False
) -> list[Stored]:
    """Stored letters in the order they were seen, at most `limit` and PENDING_BYTES together.

    A bigger one comes alone. One whose bytes no longer open is not among them: it is counted like
    one that cannot be read. A replay and a bot beside it leave each other's letters alone: they
    need not answer in the same way.
    """
    marks = ", ".join("?" * len(skip))
    waiting = await rows(
        "SELECT s.id, r.size FROM sighting s JOIN raw_letter r ON r.id = s.raw_letter_id"
        f" WHERE s.fate = 'stored' AND {'' if by_replay else 'NOT '}s.by_replay"
        " AND r.sealed IS NOT NULL"
        + (f" AND s.id NOT IN ({marks})" if skip else "")
        + f" ORDER BY s.id LIMIT {int(limit)}",
        tuple(skip),
    )
    held = accumulate(row["size"] for row in waiting)
    fitting = [row["id"] for row, size in zip(waiting, held, strict=True) if size <= PENDING_BYTES]
    return await _opened(house, fitting or [row["id"] for row in waiting[:1]])


async def is_left_by_replay() -> bool:
    """Whether letters wait for a replay: one at work, or one that was cut off."""
    sql = "SELECT 1 FROM sighting WHERE fate = 'stored' AND by_replay LIMIT 1"
    return bool(await rows(sql))


async def _opened(house: House, sighting_ids: list[int]) -> list[Stored]:
    """In order; SQLite would copy the letters to sort them."""
    found = await rows(
        "SELECT s.id, s.folder, s.received_at, s.seen_at, s.attempts, s.raw_letter_id,"
        " r.size, r.sha256, r.sealed FROM sighting s JOIN raw_letter r ON r.id = s.raw_letter_id"
        " WHERE s.id IN ?? AND s.fate = 'stored' AND r.sealed IS NOT NULL",
        [sighting_ids],
    )
    stored: list[Stored] = []
    for row in sorted(found, key=lambda row: row["id"]):
        try:
            raw = house.vault.open("raw", row.pop("sealed"))
        except SpoiledValue:  # on the disk: a person has the one in the mailbox
            await quarantine.failed(house, row["id"], "its stored bytes do not open")
        else:
            stored.append(_stored(row, raw))
    return stored


def _stored(row: dict[str, Any], raw: bytes) -> Stored:
    return Stored(
        sighting_id=row["id"],
        raw_letter_id=row["raw_letter_id"],
        folder=row["folder"],
        received_at=instant(row["received_at"]),
        seen_at=instant(row["seen_at"]),
        size=row["size"],
        sha256=row["sha256"],
        raw=raw,
        attempts=row["attempts"],
    )


async def balance() -> dict[str, int]:
    """The balance sheet: UIDs seen, by fate; `seen` is their sum by its own count."""
    found = await rows("SELECT fate, count(*) AS n FROM sighting GROUP BY fate")
    sheet = {fate.value: 0 for fate in Fate} | {row["fate"]: row["n"] for row in found}
    total = await rows("SELECT count(*) AS n FROM sighting")
    return sheet | {"seen": total[0]["n"]}


def instant(value: datetime | str) -> datetime:
    """A stored instant as aware UTC, whichever database gave it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
