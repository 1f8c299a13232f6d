"""What monitoring reads of the register besides health: clocks, outbox, what waits longest.

Counts and seconds only: nothing here names a case, a letter or a person.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.database import rows
from models.deadlines import DUE_SOON_DAYS
from models.figures import OPEN, WAITING, instant_or_none
from models.vocabulary import DeadlineState, DeliveryState, LetterKind


@dataclass(frozen=True, slots=True)
class Gauges:
    """Counts by the words of the register, every word there; ages in seconds, 0 without any."""

    deadlines: dict[DeadlineState, int]
    outbox: dict[DeliveryState, int]
    oldest_outbound: float
    oldest_unacknowledged: float


async def gauges(now: datetime, today: date) -> Gauges:
    """Where things stand at `now`; `today` is the local day of the legal clock."""
    counted = await rows("SELECT state, count(*) AS n FROM outbound_mail GROUP BY state")
    waits = await rows(
        f"SELECT (SELECT min(queued_at) FROM outbound_mail WHERE state IN {WAITING}) AS outbound,"
        " (SELECT min(r.received_at) FROM outbound_mail x JOIN request r ON r.id = x.request_id"
        " WHERE x.state <> 'sent' AND x.state <> 'dropped' AND x.kind = ?"
        f" AND r.acknowledged_at IS NULL AND r.status IN {OPEN}) AS unacknowledged",
        (LetterKind.ACKNOWLEDGEMENT.value,),
    )
    outbox = {row["state"]: row["n"] for row in counted}
    return Gauges(
        deadlines=await _deadlines(today),
        outbox={state: outbox.get(state.value, 0) for state in DeliveryState},
        oldest_outbound=_age(waits[0]["outbound"], now),
        oldest_unacknowledged=_age(waits[0]["unacknowledged"], now),
    )


async def _deadlines(today: date) -> dict[DeadlineState, int]:
    """Cases with a statutory clock, and letters in triage, whose clock runs too (R11)."""
    soon = today + timedelta(days=DUE_SOON_DAYS)
    found = await rows(
        "SELECT count(*) FILTER (WHERE closed_on <= due_on) AS met,"
        " count(*) FILTER (WHERE closed_on > due_on) AS missed FROM request"
        " WHERE closed_on IS NOT NULL AND due_on IS NOT NULL AND status = 'closed'"
    )
    running = await rows(
        "SELECT count(*) FILTER (WHERE due_on < ?) AS overdue, count(*) FILTER (WHERE due_on >= ?"
        " AND due_on <= ?) AS due_soon, count(*) FILTER (WHERE due_on > ?) AS on_time FROM"
        f" (SELECT due_on FROM request WHERE closed_on IS NULL AND status IN {OPEN}"
        " UNION ALL SELECT due_on FROM message WHERE fate = 'triage') clocks",
        (today, today, soon, soon),
    )
    counts = found[0] | running[0]
    return {state: counts[state.value] for state in DeadlineState}


def _age(since: object, now: datetime) -> float:
    at = instant_or_none(since)
    return max(0.0, (now - at).total_seconds()) if at else 0.0
