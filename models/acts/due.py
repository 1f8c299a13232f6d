"""What has been kept long enough, row by row, and what stays although its time is up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.acts.mailbox import instant
from models.database import is_postgres, rows
from models.house import House
from models.lifecycle import OPEN
from models.retention import Record

_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)
_VERDICT = (
    "FROM message m JOIN classification c ON c.id ="
    " (SELECT max(l.id) FROM classification l WHERE l.message_id = m.id)"
    " WHERE m.fate IN ('ignored', 'automatic') AND m.request_id IS NULL"
    " AND (m.header_sealed IS NOT NULL OR EXISTS (SELECT 1 FROM raw_letter r"
    " WHERE r.id = m.raw_letter_id AND r.sealed IS NOT NULL))"
)


@dataclass(frozen=True, slots=True)
class Due:
    """One row whose time is up; `stays` says why it stays nevertheless."""

    record: Record
    id: int
    since: date
    until: date
    rule: str
    stays: str | None = None

    def __str__(self) -> str:
        row = f"{self.record.value} {self.id}: {self.rule}, until {self.until.isoformat()}"
        return f"{row}; stays: {self.stays}" if self.stays else row


# Each row: id, the moment its period runs from as `since`, and what keeps it as `stays`.
SQL: dict[Record, str] = {
    Record.LETTER_OTHER: (
        f"SELECT m.id, c.at AS since, NULL AS stays {_VERDICT}"
        " AND c.corrected_by_id IS NULL AND c.at < ? ORDER BY m.id"
    ),
    Record.TRIAGE_OTHER: (
        f"SELECT m.id, c.at AS since, NULL AS stays {_VERDICT}"
        " AND c.corrected_by_id IS NOT NULL AND c.at < ? ORDER BY m.id"
    ),
    Record.QUARANTINE: (
        "SELECT r.id, min(s.seen_at) AS since, NULL AS stays FROM raw_letter r"
        " JOIN sighting s ON s.raw_letter_id = r.id"
        " WHERE r.sealed IS NOT NULL AND s.fate = 'quarantined' AND NOT EXISTS"
        " (SELECT 1 FROM message m WHERE m.raw_letter_id = r.id AND m.fate <> 'quarantined')"
        " GROUP BY r.id HAVING min(s.seen_at) < ? ORDER BY r.id"
    ),
    Record.CASE: (
        "SELECT r.id, COALESCE(r.closed_at, r.updated_at) AS since, CASE"
        " WHEN r.legal_hold THEN 'legal hold'"
        " WHEN r.breach_decide_by IS NOT NULL AND r.status <> 'merged'"
        " THEN 'a possible breach waits to be decided (Art. 33(5))'"
        " WHEN EXISTS (SELECT 1 FROM outbound_mail o WHERE o.request_id = r.id"
        " AND o.state IN ('queued', 'deferred', 'sending', 'held'))"
        " THEN 'a letter of ours still waits' END AS stays"
        f" FROM request r WHERE r.status NOT IN ({_OPEN}) AND r.erased_at IS NULL"
        " AND COALESCE(r.closed_at, r.updated_at) < ? ORDER BY r.id"
    ),
    Record.PACKAGE: (
        "SELECT id, built_at AS since, NULL AS stays FROM access_package"
        " WHERE (content_sealed IS NOT NULL OR passphrase_sealed IS NOT NULL)"
        " AND built_at < ? ORDER BY id"
    ),
    Record.ANSWER: (
        "SELECT id, at AS since, NULL AS stays FROM idempotency_key WHERE at < ? ORDER BY id"
    ),
    Record.STAFF_LETTER: (
        "SELECT id, queued_at AS since, CASE WHEN state IN ('queued', 'deferred', 'sending',"
        " 'held') THEN 'it still waits' END AS stays FROM outbound_mail"
        " WHERE request_id IS NULL AND raw_sealed IS NOT NULL AND queued_at < ? ORDER BY id"
    ),
    Record.JOURNAL: (
        "SELECT number AS id, sealed_at AS since, NULL AS stays FROM journal_seal"
        " WHERE sealed_at < ? AND EXISTS (SELECT 1 FROM journal_entry e"
        " WHERE e.id <= journal_seal.last_entry_id) ORDER BY number"
    ),
}
CLIENTS = (
    "SELECT c.id, COALESCE(c.relationship_ended_on, c.erase_after) AS since,"
    " c.erase_after AS until, CASE"
    " WHEN c.restricted_since IS NOT NULL THEN 'processing is restricted (Art. 18)'"
    " WHEN EXISTS (SELECT 1 FROM request r WHERE r.subject_id = c.id AND r.legal_hold)"
    " THEN 'legal hold'"
    f" WHEN EXISTS (SELECT 1 FROM request r WHERE r.subject_id = c.id AND r.status IN ({_OPEN}))"
    " THEN 'a case is open'"
    " WHEN EXISTS (SELECT 1 FROM contract k WHERE k.client_id = c.id"
    " AND (k.ends_on IS NULL OR k.ends_on > ?)) THEN 'a contract runs' END AS stays"
    " FROM client c WHERE c.erased_at IS NULL AND c.erase_after < ? ORDER BY c.id"
)


async def due(house: House, now: datetime) -> list[Due]:
    """Everything whose time is up today, in the order of the table."""
    found = await _clients(house, now)
    for record in SQL:
        found += await _of(house, record, now)
    return found


async def _of(house: House, record: Record, now: datetime) -> list[Due]:
    keep, today = house.keep[record], house.today(now)
    at_least = timedelta(days=365 * keep.years + keep.days)
    found = []
    for row in await rows(SQL[record], [now - at_least]):
        since = house.today(instant(row["since"]))
        until = keep.until(since)
        if until < today:
            rule = f"{keep.since} {since.isoformat()}, kept {keep.span} ({keep.source})"
            found.append(Due(record, row["id"], since, until, rule, row["stays"]))
    return found


async def _clients(house: House, now: datetime) -> list[Due]:
    """`erase_after` was worked out when the relationship ended, or an erasure left a part."""
    keep, today = house.keep[Record.CLIENT], house.today(now)
    found = []
    for row in await rows(CLIENTS, [today, today]):
        since, until = _day(row["since"]), _day(row["until"])
        is_whole = until == keep.until(since)
        rule = (
            f"{keep.since} {since.isoformat()}, kept {keep.span} ({keep.source})"
            if is_whole
            else "what an erasure left"
        )
        found.append(Due(Record.CLIENT, row["id"], since, until, rule, row["stays"]))
    return found


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def going(found: Sequence[Due], record: Record) -> list[int]:
    """Ids of this kind that nothing keeps."""
    return [one.id for one in found if one.record is record and one.stays is None]


async def still_due(house: House, record: Record, ids: Sequence[int], now: datetime) -> list[int]:
    """Which of these nothing keeps now, either; their rows are held until the commit.

    Since they were planned a colleague may have reopened a case, or set a hold.
    """
    if record not in (Record.CASE, Record.CLIENT):
        return list(ids)
    table = "request" if record is Record.CASE else "client"
    if is_postgres():
        await rows(f"SELECT id FROM {table} WHERE id IN ?? ORDER BY id FOR UPDATE", [list(ids)])
    today = house.today(now)
    sql, values = (SQL[record], [now]) if record is Record.CASE else (CLIENTS, [today, today])
    found = await rows(
        f"SELECT id FROM ({sql}) due WHERE stays IS NULL AND id IN ??", [*values, list(ids)]
    )
    return sorted(row["id"] for row in found)
