"""The journal's hash chain: batches are sealed by one sealer, in commit order (Art. 5(2)).

A seal's digest is keyed with DATA_KEY and covers the seal before it and every row of its
batch: who can write to the database but does not hold the key cannot make a chain that
fits. A seal also keeps the id and a short digest of each row, so that the row that was
changed, taken out, put in or moved can be named.

What cannot be seen: rows younger than the last seal (a minute) that are deleted, and a
tail of whole seals that is cut off together with the sealer's heartbeat. For the second,
note the head that `models check` prints (or the log line of each seal) somewhere else and
hand it in again: `models check --head 12:5f2c…`.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from models.acts.heartbeat import beat
from models.acts.mailbox import instant
from models.acts.work import LEDGER_LOCK
from models.database import CONNECTION, connection, is_postgres, rows
from models.sealed import Vault
from models.tables import Heartbeat, JournalEntry, JournalSeal

log = logging.getLogger(__name__)

BATCH = 1000
CUT = "journal.cut"  # action of the row that says where retention cut
SEALER = "sealer"  # name of the heartbeat that remembers the head of the chain
COLUMNS = "id, at, actor_kind, actor_label, staff_id, action, targets, operation, call_id, detail"
_ID_BYTES = 8
_ROW_BYTES = 8  # names the row; the seal's own digest is what proves

Row = dict[str, Any]
Named = dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: worth keeping outside the database."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """`12:5f2c…` as `models check` prints it. ValueError when it is not of that form."""
        number, _, digest = text.strip().partition(":")
        if not number.isdecimal() or len(digest) != 64:
            raise ValueError("a head is the number of a seal, a colon and 64 hex digits")
        return cls(int(number), digest)


async def seal(vault: Vault) -> int:
    """Seals what came since the last seal; returns the number of rows sealed."""
    sealed = 0
    while count := await _seal_batch(vault):
        sealed += count
    if sealed and (last := await head()):
        log.info("journal sealed: %s", last)
        await beat(SEALER, {"number": last.number, "digest": last.digest})
    return sealed


async def head() -> Head | None:
    """The last seal, None while there is none."""
    last = await JournalSeal.all().order_by("-number").first()
    return None if last is None else Head(last.number, last.digest)


async def _seal_batch(vault: Vault) -> int:
    async with in_transaction(CONNECTION):
        if is_postgres():
            await connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LEDGER_LOCK])
        last = await JournalSeal.all().order_by("-number").first()
        batch = await _entries(last.last_entry_id if last else 0, None)
        if not batch:
            return 0
        await JournalSeal.create(
            number=last.number + 1 if last else 1,
            last_entry_id=batch[-1]["id"],
            entries=len(batch),
            digest=_digest(vault, last.digest if last else "", batch),
            row_digests=b"".join(
                key.to_bytes(_ID_BYTES, "big") + short for key, short in _named(batch).items()
            ),
            sealed_at=datetime.now(UTC),
        )
    return len(batch)


async def verify(vault: Vault, known: Head | None = None) -> list[str]:
    """One sentence for each thing that does not fit; empty when the chain holds.

    `known` is a head noted earlier, outside the database: the chain must still hold it.
    """
    return await _chain(vault, await JournalSeal.all().order_by("number")) + await _cut_off(known)


async def misfits_until(vault: Vault, number: int) -> list[str]:
    """The same for the older part of the chain, up to seal `number`."""
    return await _chain(vault, await JournalSeal.filter(number__lte=number).order_by("number"))


async def _chain(vault: Vault, seals: list[JournalSeal]) -> list[str]:
    problems: list[str] = []
    previous: JournalSeal | None = None
    begins = await _cut_at(vault)
    for found in seals:
        expected = previous.number + 1 if previous else max(begins, 1)
        if found.number != expected:
            missing = ", ".join(map(str, range(expected, found.number)))
            problems.append(f"journal seal {missing} is missing")
        elif found.number != begins:
            problems += await _misfits(vault, previous, found)
        previous = found
    return problems


async def _cut_at(vault: Vault) -> int:
    """The seal at which retention cut the journal: it stays, its rows are gone. 0: never.

    A row that says so without the key's proof cut nothing.
    """
    for cut in await JournalEntry.filter(action=CUT).order_by("-id"):
        number = int(cut.detail["seal"])
        if cut.detail.get("proof") == proof_of_cut(vault, number):
            return number
    return 0


def proof_of_cut(vault: Vault, number: int) -> str:
    """Only who holds the key could have cut at this seal."""
    return vault.index("journal-cut", str(number))


async def _misfits(vault: Vault, previous: JournalSeal | None, found: JournalSeal) -> list[str]:
    """What is wrong with one batch, row by row where the seal still names them."""
    batch = await _entries(previous.last_entry_id if previous else 0, found.last_entry_id)
    if _digest(vault, previous.digest if previous else "", batch) == found.digest:
        return []
    where = f"journal seal {found.number}"
    named = [f"{where}: {what}" for what in _differences(_kept(found.row_digests), _named(batch))]
    return named or [f"{where}: the seal itself was changed, or made with another key"]


def _differences(sealed: Named, standing: Named) -> Iterator[str]:
    """Rows against the digests their seal kept."""
    moved = _moved(sealed, standing)
    for key in sorted(moved):
        yield f"entry {key} stands where entry {moved[key]} stood: rows were reordered"
    for key in sorted(sealed.keys() - standing.keys()):
        yield f"entry {key} was deleted"
    for key in sorted(standing.keys() - sealed.keys()):
        yield f"entry {key} was put in"
    for key in sorted(sealed.keys() & standing.keys()):
        if sealed[key] != standing[key] and key not in moved:
            yield f"entry {key} was changed"


def _moved(sealed: Named, standing: Named) -> dict[int, int]:
    """Rows whose content was sealed under another id: id now -> id then."""
    home = {short: key for key, short in sealed.items()}
    return {
        key: home[short]
        for key, short in standing.items()
        if short in home and sealed.get(key) != short
    }


async def _cut_off(known: Head | None) -> list[str]:
    """Whether the chain still reaches the heads that were remembered."""
    problems = []
    beaten = await Heartbeat.get_or_none(name=SEALER)
    if beaten is not None:
        remembered = Head(beaten.detail["number"], beaten.detail["digest"])
        problems += await _missing_head(remembered, "the sealer's heartbeat")
    if known is not None:
        problems += await _missing_head(known, "the head handed in")
    return problems


async def _missing_head(wanted: Head, whose: str) -> list[str]:
    found = await JournalSeal.get_or_none(number=wanted.number)
    if found is None:
        first, last = await JournalSeal.all().order_by("number").first(), await head()
        if first is not None and wanted.number < first.number:
            return []  # cut at a checkpoint once it was old enough (retention)
        end = last.number if last else 0
        knows = f"{whose} knows seal {wanted.number}"
        return [f"the journal was cut off: {knows}, the chain ends at {end}"]
    if found.digest != wanted.digest:
        return [f"journal seal {wanted.number} is not the one {whose} knows"]
    return []


async def _entries(after: int, until: int | None) -> list[Row]:
    bound = " AND id <= ?" if until is not None else ""
    limit = "" if until is not None else f" LIMIT {BATCH}"
    values = (after,) if until is None else (after, until)
    return await rows(
        f"SELECT {COLUMNS} FROM journal_entry WHERE id > ?{bound} ORDER BY id{limit}", values
    )


def _digest(vault: Vault, previous: str, batch: list[Row]) -> str:
    whole = b"".join(
        row["id"].to_bytes(_ID_BYTES, "big") + hashlib.sha256(_plain(row)).digest() for row in batch
    )
    return vault.index("journal-seal", previous.encode() + b"\0" + whole)


def _named(batch: list[Row]) -> Named:
    return {row["id"]: hashlib.sha256(_plain(row)).digest()[:_ROW_BYTES] for row in batch}


def _kept(packed: bytes) -> Named:
    step = _ID_BYTES + _ROW_BYTES
    parts = [bytes(packed[at : at + step]) for at in range(0, len(packed), step)]
    return {int.from_bytes(part[:_ID_BYTES], "big"): part[_ID_BYTES:] for part in parts}


def _plain(row: Row) -> bytes:
    """The content of a row, without its place."""
    plain = {name: value for name, value in row.items() if name != "id"}
    plain["at"] = instant(row["at"]).isoformat()
    for column in ("targets", "detail"):
        if isinstance(plain[column], str):
            plain[column] = json.loads(plain[column])
    return json.dumps(plain, sort_keys=True, default=str).encode()
