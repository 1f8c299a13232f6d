"""Consents that were given for a time end by themselves on the day after their last one.

The person asked for no more and gets no letter; whoever works on a case of the person sees it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from models.acts.consents import ConsentRecord, append_event
from models.acts.work import Work, working
from models.database import rows
from models.house import House
from models.lifecycle import OPEN
from models.shapes import SYSTEM
from models.tables import Client, DataSubjectRequest
from models.vocabulary import ConsentEventKind, ConsentMethod, Language, Purpose, TimelineKind

# Consents that stand and whose last day is over; a later line of the ledger ends the search.
_OVER = (
    "SELECT e.client_id, p.code, e.expires_on, e.method, e.language FROM consent_event e"
    " JOIN consent_purpose p ON p.id = e.purpose_id JOIN client c ON c.id = e.client_id"
    " WHERE e.kind IN ('given', 'renewed') AND e.expires_on < ? AND c.erased_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM consent_event l WHERE l.client_id = e.client_id"
    " AND l.purpose_id = e.purpose_id AND l.effective_at <= ?"
    " AND (l.effective_at > e.effective_at OR (l.effective_at = e.effective_at AND l.id > e.id)))"
    " ORDER BY e.client_id, p.id"
)


@dataclass(frozen=True, slots=True)
class Over:
    """One consent whose time is over."""

    client_id: int
    purpose: Purpose
    last_day: date
    method: ConsentMethod
    language: Language | None


async def expire_due(house: House, *, now: datetime) -> int:
    """Writes the end of each into the ledger; returns how many. A second run finds none."""
    found = [_over(row) for row in await rows(_OVER, [house.today(now), now])]
    for client_id, ended in groupby(found, key=lambda one: one.client_id):
        async with working(house, SYSTEM, "consentExpire", now=now) as work:
            await _end(work, client_id, list(ended))
    return len(found)


def _over(row: dict[str, Any]) -> Over:
    day, language = row["expires_on"], row["language"]
    return Over(
        row["client_id"],
        Purpose(row["code"]),
        day if isinstance(day, date) else date.fromisoformat(day),
        ConsentMethod(row["method"]),
        Language(language) if language else None,
    )


async def _end(work: Work, client_id: int, ended: list[Over]) -> None:
    client = await Client.get(id=client_id)
    await Client.filter(id=client_id).update(version=client.version + 1, updated_at=work.now)
    for one in ended:
        record = ConsentRecord(
            one.purpose,
            ConsentEventKind.EXPIRED,
            one.method,
            at=_midnight_after(work.house, one.last_day),
            language=one.language,
        )
        await append_event(work.house, work.actor, client_id, record)
    names = ", ".join(one.purpose.value for one in ended)
    for case in await DataSubjectRequest.filter(subject_id=client_id, status__in=list(OPEN)):
        summary = f"Consent ended, its time was over: {names}."
        work.note(TimelineKind.EFFECT, summary, request_id=case.id)
    detail = {"purposes": [one.purpose.value for one in ended]}
    work.journal("consent.expire", [f"Client:{client_id}"], detail)


def _midnight_after(house: House, day: date) -> datetime:
    """When the local day is over."""
    following = datetime.combine(day + timedelta(days=1), time.min, house.zone)
    return following.astimezone(UTC)
