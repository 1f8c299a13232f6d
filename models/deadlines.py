"""The legal clock: when an answer is due (GDPR Art. 12(3), Regulation 1182/71, Estonian holidays).

Pure: every instant and every "today" is handed in. Days are local days of the
controller's time zone; instants without a time zone are refused.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from models.shapes import Problem
from models.vocabulary import DeadlineState, ErrorCode

TALLINN = ZoneInfo("Europe/Tallinn")
APPLIES_SINCE = datetime(2018, 5, 25, tzinfo=TALLINN)  # Art. 99(2): no request is older
MONTHS_TO_ANSWER = 1  # Art. 12(3), first sentence
MONTHS_WHEN_EXTENDED = (
    3  # Art. 12(3), second sentence: one month and two further ones, from receipt
)
TARGET_LEAD_DAYS = 7  # ours: "without undue delay" is the real rule
TARGET_DAYS_WITHOUT_CLOCK = 14  # ours: inquiry and complaint have no statutory clock
DUE_SOON_DAYS = 7
SATURDAY = 5

Waiting = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """The dates of one request; `basis` is the rule applied, in one sentence for a person."""

    received_on: date
    nominal_on: date
    due_on: date
    internal_target_on: date
    extended_due_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class SuspendedClock:
    """A clock after its pauses: `days` were added; `waiting` while a question is unanswered."""

    clock: Clock
    days: int
    waiting: bool


def local_day(instant: datetime, tz: ZoneInfo = TALLINN) -> date:
    """The day an instant falls on in `tz`. ValueError without a time zone or out of range."""
    if instant.utcoffset() is None:
        raise ValueError("an instant without a time zone has no day")
    try:
        return instant.astimezone(tz).date()
    except OverflowError as error:
        raise ValueError("an instant outside the calendar has no day") from error


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor an Estonian public holiday (Regulation 1182/71 Art. 2)."""
    return day.weekday() < SATURDAY and day not in _holidays_of(day.year)


def roll(day: date) -> date:
    """The first working day on or after `day` (Regulation 1182/71 Art. 3(4))."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or that month's last day (Regulation 1182/71 Art. 3)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        raise ValueError("the date is outside the calendar")
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def working_days_before(day: date, count: int) -> date:
    """The working day that lies `count` working days before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def clock(
    received_at: datetime, tz: ZoneInfo = TALLINN, *, months: int = MONTHS_TO_ANSWER
) -> Clock:
    """The clock of a request received at `received_at` (Art. 12(3)).

    `received_at` is when our mail server took the letter. ValueError when naive.
    """
    received_on = local_day(received_at, tz)
    nominal_on = add_months(received_on, months)
    due_on = roll(nominal_on)
    return Clock(
        received_on=received_on,
        nominal_on=nominal_on,
        due_on=due_on,
        internal_target_on=nominal_on - timedelta(days=TARGET_LEAD_DAYS),
        extended_due_on=roll(add_months(received_on, MONTHS_WHEN_EXTENDED)),
        basis=_basis(received_on, nominal_on, due_on, months),
    )


def target_without_clock(received_on: date) -> date:
    """Our own target for an inquiry or complaint, which have no statutory clock."""
    return received_on + timedelta(days=TARGET_DAYS_WITHOUT_CLOCK)


def suspended_clock(unsuspended: Clock, waiting: Sequence[Waiting]) -> SuspendedClock:
    """The clock after questions that paused it (Art. 12(6), Recital 63).

    `waiting` are half-open spans of local days: our question was sent, the answer came
    (None: still waiting). Only answered spans add days, so while we wait the unsuspended
    date stands; spans that overlap count once; a question sent after the time had run out
    adds nothing.
    """
    spans = _union([(start, end) for start, end in waiting if end is not None and end > start])
    nominal_on = _shifted(unsuspended.nominal_on, spans)
    extended_on = _shifted(add_months(unsuspended.received_on, MONTHS_WHEN_EXTENDED), spans)
    days = (nominal_on - unsuspended.nominal_on).days
    moved = replace(
        unsuspended,
        nominal_on=nominal_on,
        due_on=roll(nominal_on),
        internal_target_on=unsuspended.internal_target_on + timedelta(days=days),
        extended_due_on=roll(extended_on),
        basis=unsuspended.basis if not days else f"{unsuspended.basis} {_pause(days, nominal_on)}",
    )
    return SuspendedClock(moved, days, waiting=any(end is None for _, end in waiting))


def days_left(due_on: date, today: date) -> int:
    """Days until the due date; 0 on the day itself, negative once it has passed."""
    return (due_on - today).days


def state(due_on: date, today: date, closed_on: date | None) -> DeadlineState:
    """Where a case stands against its due date; answering late is recorded as missed."""
    if closed_on is not None:
        return DeadlineState.MET if closed_on <= due_on else DeadlineState.MISSED
    left = days_left(due_on, today)
    if left < 0:
        return DeadlineState.OVERDUE
    return DeadlineState.DUE_SOON if left <= DUE_SOON_DAYS else DeadlineState.ON_TIME


def may_begin(received_at: datetime, now: datetime) -> Problem | None:
    """A receipt that a person tells is neither to come nor older than the GDPR."""
    if received_at > now:
        return Problem(ErrorCode.INVALID, "This moment is still to come.", ("input", "receivedAt"))
    if received_at < APPLIES_SINCE:
        message = "The GDPR applies since 25 May 2018: `receivedAt` is on that day or later."
        return Problem(ErrorCode.INVALID, message, ("input", "receivedAt"))
    return None


def may_extend(unsuspended: Clock, sent_on: date, already_extended: bool) -> Problem | None:
    """Why the time may not be extended, or None (Art. 12(3)).

    The notice must be sent by the unsuspended due date, and a request is extended once.
    """
    if already_extended:
        return Problem(
            ErrorCode.ALREADY_EXTENDED, "The time for this request was already extended once."
        )
    if sent_on > unsuspended.due_on:
        due = unsuspended.due_on.isoformat()
        return Problem(
            ErrorCode.TOO_LATE,
            f"The notice of extension had to be sent by {due} (GDPR Art. 12(3)).",
        )
    return None


def deadline_json(instant: datetime, tz: ZoneInfo = TALLINN) -> dict[str, str]:
    """The clock as the command line prints it. ValueError when `instant` is naive."""
    dates = clock(instant, tz)
    return {
        "receivedOn": dates.received_on.isoformat(),
        "nominalOn": dates.nominal_on.isoformat(),
        "dueOn": dates.due_on.isoformat(),
        "internalTargetOn": dates.internal_target_on.isoformat(),
        "extendedDueOn": dates.extended_due_on.isoformat(),
        "basis": dates.basis,
    }


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    # Easter Monday is a working day in Estonia, and shortened days are working days.
    return frozenset(
        country_holidays("EE", language="et", categories=("public",), years=year, expand=False)
    )


def _union(spans: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _shifted(nominal_on: date, spans: Sequence[tuple[date, date]]) -> date:
    for start, end in spans:
        if start > roll(nominal_on):
            break
        nominal_on += end - start
    return nominal_on


def _basis(received_on: date, nominal_on: date, due_on: date, months: int) -> str:
    period = "one month" if months == 1 else f"{months} months"
    clamped = "" if nominal_on.day == received_on.day else " (that month has no such day)"
    ends = f"Received on {received_on}; {period} ends on {nominal_on}{clamped}"
    if due_on == nominal_on:
        return f"{ends}, a working day (GDPR Art. 12(3))."
    return (
        f"{ends}, {_rest(nominal_on)}, so the next working day, {due_on}, counts "
        "(GDPR Art. 12(3), Regulation 1182/71 Art. 3(4))."
    )


def _rest(day: date) -> str:
    if day in _holidays_of(day.year):
        return "a public holiday"
    return "a Saturday" if day.weekday() == SATURDAY else "a Sunday"


def _pause(days: int, nominal_on: date) -> str:
    unit = "day" if days == 1 else "days"
    return (
        f"The clock was paused for {days} {unit} while we waited for an answer "
        f"(GDPR Art. 12(6), Recital 63), which moves the end to {nominal_on} at the earliest."
    )
