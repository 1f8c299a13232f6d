"""Figures as views."""

from datetime import datetime

from api.call import Call
from api.errors import bad_input
from api.reads.rows import day
from api.types.figures import (
    Classifier,
    DayCount,
    Durations,
    Health,
    LanguageCount,
    Statistics,
    StatusCount,
    TypeCount,
)
from api.types.inputs import PeriodInput
from api.types.scalars import JSON
from models import figures
from models.database import at_hand
from models.vocabulary import Language, RequestStatus, RequestType

PERIOD_MAX_DAYS = 1100


async def statistics(call: Call, asked: PeriodInput) -> Statistics:
    """The dashboard. GraphQLError when the period is empty or too long."""
    if not 0 < (asked.until - asked.from_).days <= PERIOD_MAX_DAYS:
        raise bad_input(f"A period has 1 to {PERIOD_MAX_DAYS} days, `from` before `until`.")
    made: Statistics = await call.desk.recent.of(
        (call.today, asked.from_, asked.until), lambda: _statistics(call, asked), at_hand
    )
    return made


async def _statistics(call: Call, asked: PeriodInput) -> Statistics:
    now = await figures.queue_now(call.today)
    brought = await figures.period(asked.from_, asked.until)
    return Statistics(
        as_of=call.now,
        open=now.open,
        overdue=now.overdue,
        due_soon=now.due_soon,
        triage=now.triage,
        quarantined=now.quarantined,
        bounced=now.bounced,
        held=now.held,
        on_time_share=brought.closed_in_time / brought.closed if brought.closed else None,
        closed=brought.closed,
        by_status=[StatusCount(status=RequestStatus(w), count=n) for w, n in brought.by_status],
        by_type=[TypeCount(type=RequestType(word), count=n) for word, n in brought.by_type],
        by_language=[LanguageCount(language=Language(w), count=n) for w, n in brought.by_language],
        received=[DayCount(on=day(word), count=n) for word, n in brought.by_day],
        time_to_acknowledge=_durations(brought.to_acknowledge),
        time_to_close=_durations(brought.to_close),
    )


def _durations(spread: figures.Spread) -> Durations:
    return Durations(count=spread.count, median=spread.median, p90=spread.p90)


async def health(now: datetime) -> Health:
    """Whether the desk is well; the answer itself shows that the database is."""
    found = await figures.health(now)
    return Health(
        database=True,
        mailbot_seen_at=found.bot_seen_at,
        inbox_lag_seconds=found.inbox_lag_seconds,
        outbox_depth=found.outbox_depth,
        balance=JSON(found.balance),
        classifier=Classifier(**found.classifier) if found.classifier else None,
    )
