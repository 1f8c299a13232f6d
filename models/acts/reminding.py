"""What the calendar tells staff: cases that are due soon, and the morning letter.

A reminder goes 14, 7, 3 and 1 working days before a case is due, to whoever works on it, else
to the data protection officer. Each goes once however many bots run: its Message-ID is made of
the case, the due date and the step, and the outbox takes no Message-ID twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tortoise.exceptions import IntegrityError

from models.acts.alarms import due_facts, officers, staff_letter_id, tell
from models.acts.standing import target
from models.acts.work import working
from models.database import rows
from models.deadlines import days_left, is_working_day, working_days_before
from models.house import House
from models.letters.facts import DigestLine, StaffDigestFacts
from models.retention import Record
from models.shapes import BOT
from models.tables import OutboundMail
from models.vocabulary import LetterKind

STEPS = (14, 7, 3, 1)  # working days before the due date (I)
LOOK_AHEAD = timedelta(days=30)  # 14 working days are never more, holidays included
OPENS_AT = 7  # o'clock, local: nobody is written to at night
SOON_DAYS = 7
LINES_MAX = 100  # a longer list is read on the dashboard
_UNTOLD = (
    "(SELECT count(DISTINCT d.request_id) FROM breach_decision d JOIN request r"
    " ON r.id = d.request_id WHERE d.outcome = 'notified' AND r.erased_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM breach_telling t WHERE t.request_id = d.request_id"
    " AND t.decide_by = d.decide_by))"
)
_OPEN = "('new', 'awaiting_identity', 'awaiting_clarification', 'in_progress')"


@dataclass(frozen=True, slots=True)
class Due:
    """An open case and when it is to be answered."""

    request_id: int
    reference: str
    on: date
    assignee: str | None


def step_reached(due_on: date, today: date) -> int | None:
    """The last step reached on `today`, in working days; None before the first and when late."""
    if today > due_on:
        return None
    return min((n for n in STEPS if working_days_before(due_on, n) <= today), default=None)


async def tell_staff(house: House, *, now: datetime) -> int:
    """Queues what is to be told today; returns the letters. A day of rest, or the night: none."""
    local = now.astimezone(house.zone)
    if local.hour < OPENS_AT or not is_working_day(local.date()):
        return 0
    cases = await _due_by(local.date() + LOOK_AHEAD)
    return await _remind(house, cases, now) + await _digest(house, cases, now)


async def _due_by(last: date) -> list[Due]:
    """Open cases that are due by then, the most urgent first."""
    found = await rows(
        "SELECT r.id, r.reference, r.target_on, s.email FROM request r LEFT JOIN staff s"
        " ON s.id = r.assignee_id AND s.is_active"
        f" WHERE r.status IN {_OPEN} AND r.target_on <= ? ORDER BY r.target_on, r.id",
        (last,),
    )
    return [Due(row["id"], row["reference"], _day(row["target_on"]), row["email"]) for row in found]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


async def _remind(house: House, cases: Sequence[Due], now: datetime) -> int:
    """Reminders nobody has had yet, found in one look."""
    officer = await officers(house)
    steps = [
        (case, step)
        for case in cases
        if (step := step_reached(case.on, house.today(now))) is not None
    ]
    wanted = {
        staff_letter_id(house, _seed(case, step), to): (case, step, to)
        for case, step in steps
        for to in ([case.assignee] if case.assignee else officer)
    }
    known = OutboundMail.filter(message_id__in=list(wanted)).values_list("message_id", flat=True)
    went = set(map(str, await known))
    new = [one for own_id, one in wanted.items() if own_id not in went]
    return sum([await _remind_of(house, case, step, to, now) for case, step, to in new])


def _seed(case: Due, step: int) -> str:
    return f"due:{case.request_id}:{case.on.isoformat()}:{step}"


async def _remind_of(house: House, case: Due, step: int, to: str, now: datetime) -> int:
    try:
        async with working(house, BOT, "calendar", now=now) as work:
            left = _working_days_left(case.on, house.today(now))
            facts = due_facts(work, case.reference, case.on, left)
            told = await tell(work, LetterKind.STAFF_ALARM, facts, to=to, seed=_seed(case, step))
            if told:
                work.journal("staff.remind", target(case.request_id), {"step": step})
    except IntegrityError:  # another bot was faster
        return 0
    return int(told)


def _working_days_left(due_on: date, today: date) -> int:
    return sum(
        is_working_day(today + timedelta(days=n)) for n in range(1, days_left(due_on, today) + 1)
    )


async def _digest(house: House, cases: Sequence[Due], now: datetime) -> int:
    today = house.today(now)
    facts = await _digest_facts(house, cases, today)
    if not _says_something(facts):
        return 0
    try:
        async with working(house, BOT, "calendar", now=now) as work:
            told = 0
            for to in await officers(house):
                told += await tell(
                    work, LetterKind.STAFF_DIGEST, facts, to=to, seed=f"digest:{today.isoformat()}"
                )
            if told:
                work.journal("staff.digest", [])
    except IntegrityError:  # another bot was faster
        return 0
    return told


async def _digest_facts(house: House, cases: Sequence[Due], today: date) -> StaffDigestFacts:
    soon = today + timedelta(days=SOON_DAYS)
    oldest = today - timedelta(days=house.keep[Record.QUARANTINE].days)
    counted = await rows(
        "SELECT (SELECT count(*) FROM request WHERE assignee_id IS NULL AND status IN"
        f" {_OPEN}) AS unassigned,"
        " (SELECT count(*) FROM message WHERE fate = 'triage') AS triage,"
        " (SELECT count(*) FROM outbound_mail WHERE state = 'held') AS held,"
        " (SELECT count(*) FROM outbound_mail m LEFT JOIN request r ON r.id = m.request_id"
        " WHERE m.state IN ('bounced', 'failed', 'maybe_sent')"
        f" AND (r.id IS NULL OR r.status IN {_OPEN})) AS lost,"
        " (SELECT count(*) FROM sighting WHERE fate = 'quarantined' AND seen_at >= ?)"
        " AS quarantined, (SELECT count(*) FROM request r WHERE r.breach_decide_by IS NOT NULL"
        " AND r.status <> 'merged' AND r.erased_at IS NULL) + (SELECT count(*) FROM message"
        " WHERE fate = 'triage' AND possible_breach) AS breaches,"
        f" {_UNTOLD} AS untold, l.late, l.soon"
        " FROM (SELECT count(*) FILTER (WHERE m.due_on < ?) AS late,"
        " count(*) FILTER (WHERE m.due_on >= ? AND m.due_on <= ?) AS soon FROM message m"
        " JOIN raw_letter b ON b.id = m.raw_letter_id AND b.sealed IS NOT NULL"
        " WHERE m.fate IN ('triage', 'quarantined')) l",
        (datetime.combine(oldest, time.min, house.zone), today, today, soon),
    )
    row = counted[0]
    lines = [DigestLine(case.reference, case.on, days_left(case.on, today)) for case in cases]
    return StaffDigestFacts(
        controller=house.controller,
        day=today,
        overdue=tuple(line for line in lines if line.days_left < 0)[:LINES_MAX],
        due_soon=tuple(line for line in lines if 0 <= line.days_left <= SOON_DAYS)[:LINES_MAX],
        late_letters=row["late"],
        soon_letters=row["soon"],
        unassigned=row["unassigned"],
        triage=row["triage"],
        held_letters=row["held"],
        undelivered=row["lost"],
        quarantined=row["quarantined"],
        breaches=row["breaches"],
        untold=row["untold"],
    )


def _says_something(facts: StaffDigestFacts) -> bool:
    waiting = (facts.unassigned, facts.triage, facts.held_letters, facts.undelivered)
    doubts = (facts.quarantined, facts.breaches, facts.untold)
    return bool(facts.overdue or facts.due_soon or any(waiting + doubts))
