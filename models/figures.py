"""The read path's counts and durations: the queue now, a period, the health of the desk.

Plain SQL that reads the same on both databases; instants are UTC, days local days of the
legal clock handed in by the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.database import decoded, is_postgres, rows
from models.deadlines import DUE_SOON_DAYS
from models.vocabulary import Fate

OPEN = "('new', 'awaiting_identity', 'awaiting_clarification', 'in_progress')"
STUCK = "('bounced', 'failed', 'maybe_sent')"
WAITING = "('queued', 'deferred', 'sending')"


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Where things stand at one moment."""

    open: int
    overdue: int
    due_soon: int
    triage: int
    quarantined: int
    bounced: int
    held: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of durations in seconds; None without a sample."""

    count: int
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What a period brought; counts by the words the register keeps."""

    by_status: list[tuple[str, int]]
    by_type: list[tuple[str, int]]
    by_language: list[tuple[str, int]]
    by_day: list[tuple[Any, int]]
    closed: int
    closed_in_time: int
    to_acknowledge: Spread
    to_close: Spread


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """Whether the desk is well; `balance` counts sightings by fate."""

    bot_seen_at: datetime | None
    classifier: dict[str, Any] | None  # version, corpus, scores; as the bot told last
    inbox_lag_seconds: int | None
    outbox_depth: int
    balance: dict[str, int]


async def queue_now(today: date) -> QueueFigures:
    """One statement over the indexed columns; letters in triage have a clock too (R11)."""
    soon = today + timedelta(days=DUE_SOON_DAYS)
    found = await rows(
        "SELECT r.open, r.overdue + m.overdue AS overdue, r.soon + m.soon AS due_soon, m.triage,"
        " s.stuck, h.held, k.quarantined FROM (SELECT count(*) AS open,"
        " count(*) FILTER (WHERE due_on < ?) AS overdue,"
        " count(*) FILTER (WHERE due_on >= ? AND due_on <= ?) AS soon FROM request"
        # no open case has a closing day: by it the index finds them, however many are closed
        f" WHERE closed_on IS NULL AND status IN {OPEN}) r CROSS JOIN (SELECT count(*) AS triage,"
        " count(*) FILTER (WHERE due_on < ?) AS overdue, count(*) FILTER (WHERE due_on >= ? AND"
        " due_on <= ?) AS soon FROM message WHERE fate = 'triage') m CROSS JOIN (SELECT count(*)"
        f" AS stuck FROM outbound_mail x WHERE x.state IN {STUCK} AND NOT EXISTS (SELECT 1 FROM"
        f" request q WHERE q.id = x.request_id AND q.status NOT IN {OPEN})) s CROSS JOIN"
        " (SELECT count(*) AS held FROM outbound_mail WHERE state = 'held') h"
        " CROSS JOIN (SELECT count(*) AS quarantined FROM message w JOIN raw_letter b"
        " ON b.id = w.raw_letter_id AND b.sealed IS NOT NULL WHERE w.fate = 'quarantined') k",
        (today, today, soon, today, today, soon),
    )
    row = found[0]
    return QueueFigures(
        open=row["open"],
        overdue=row["overdue"],
        due_soon=row["due_soon"],
        triage=row["triage"],
        quarantined=row["quarantined"],
        bounced=row["stuck"],
        held=row["held"],
    )


async def period(first: date, until: date) -> PeriodFigures:
    """Requests received, and cases closed, in the half-open span of local days."""
    span = (first, until)
    received = "received_on >= ? AND received_on < ?"
    counts = await _counts(received, span)
    closed = await rows(
        "SELECT count(*) AS n, count(*) FILTER (WHERE closed_on <= due_on) AS in_time"
        " FROM request WHERE closed_on >= ? AND closed_on < ? AND due_on IS NOT NULL"
        " AND status = 'closed'",  # what was merged, or was none, was answered to nobody
        span,
    )
    return PeriodFigures(
        by_status=counts["status"],
        by_type=counts["type"],
        by_language=counts["language"],
        by_day=counts["received_on"],
        closed=closed[0]["n"],
        closed_in_time=closed[0]["in_time"],
        to_acknowledge=await _spread("acknowledged_at", received, span),
        to_close=await _spread("closed_at", "closed_on >= ? AND closed_on < ?", span),
    )


_COUNTED = {
    "status": "request r",
    "type": "request_item i JOIN request r ON r.id = i.request_id",
    "language": "request r",
    "received_on": "request r",
}


async def _counts(where: str, span: Sequence[date]) -> dict[str, list[tuple[Any, int]]]:
    """By column the words and how many requests have each: one statement for all columns."""
    prefix = {"type": "i."}
    parts = [
        f"SELECT '{name}' AS noun, CAST({column} AS text) AS word, count(*) AS n FROM {source}"
        f" WHERE {where} AND {column} IS NOT NULL GROUP BY {column}"
        for name, source in _COUNTED.items()
        for column in [f"{prefix.get(name, 'r.')}{name}"]
    ]
    found = await rows(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2", [*span] * len(parts))
    counts: dict[str, list[tuple[Any, int]]] = {name: [] for name in _COUNTED}
    for row in found:
        counts[row["noun"]].append((row["word"], row["n"]))
    return counts


async def _spread(column: str, where: str, span: Sequence[date]) -> Spread:
    """Exact ranks (nearest rank), the same on both databases."""
    seconds = (
        f"CAST(EXTRACT(EPOCH FROM {column} - received_at) AS bigint)"
        if is_postgres()
        else f"unixepoch({column}) - unixepoch(received_at)"
    )
    found = await rows(
        f"SELECT count(*) AS n, max(took) FILTER (WHERE place = (total + 1) / 2) AS median,"
        " max(took) FILTER (WHERE place = (total * 9 + 9) / 10) AS p90 FROM"
        " (SELECT took, row_number() OVER (ORDER BY took) AS place, count(*) OVER () AS total"
        f" FROM (SELECT {seconds} AS took FROM request WHERE {where}"
        f" AND {column} IS NOT NULL) timed) ranked",
        span,
    )
    return Spread(found[0]["n"], found[0]["median"], found[0]["p90"])


async def health(now: datetime) -> HealthFigures:
    """The bot's last sign of life, what waits, and the balance sheet of letters."""
    beaten = await rows("SELECT seen_at, detail FROM heartbeat WHERE name = 'bot'")
    told = decoded(beaten[0]["detail"]) if beaten else {}
    waits = await rows(
        "SELECT (SELECT min(seen_at) FROM sighting WHERE fate = 'stored') AS oldest,"
        f" (SELECT count(*) FROM outbound_mail WHERE state IN {WAITING}) AS depth"
    )
    counted = await rows("SELECT fate, count(*) AS n FROM sighting GROUP BY fate ORDER BY fate")
    oldest = instant_or_none(waits[0]["oldest"])
    return HealthFigures(
        bot_seen_at=instant_or_none(beaten[0]["seen_at"]) if beaten else None,
        classifier=told.get("classifier"),
        inbox_lag_seconds=None if oldest is None else max(0, int((now - oldest).total_seconds())),
        outbox_depth=waits[0]["depth"],
        balance={fate.value: 0 for fate in Fate} | {row["fate"]: row["n"] for row in counted},
    )


async def bot_seen_at(name: str = "bot") -> datetime | None:
    """When the bot last wrote its heartbeat, or None if it never did."""
    found = await rows("SELECT seen_at FROM heartbeat WHERE name = ?", (name,))
    return instant_or_none(found[0]["seen_at"]) if found else None


def instant_or_none(value: Any) -> datetime | None:
    """An instant as either database gives it, in UTC; None stays None."""
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
