"""A possible breach of personal data: 72 hours to decide and to notify (Art. 33). Pure.

We count from receipt of the letter that told of it, the earliest moment we may be said to have
known; a leak told of after a decision has hours of its own. Every decision is kept with its
grounds, also that nothing happened (Art. 33(5)).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.guards import reasoned, refuse
from models.shapes import Problem
from models.vocabulary import BreachOutcome, ErrorCode

HOURS = 72  # Art. 33(1)


@dataclass(frozen=True, slots=True)
class BreachWish:
    """What a person wants to record.

    `explanation`: what happened, its effects, what was done, or why nothing is notified
    (Art. 33(1), (5)). `notified_at` is when the Inspectorate was told, None when it is not;
    `delay_reasons` why that was later than 72 hours.
    """

    outcome: BreachOutcome
    explanation: str
    notified_at: datetime | None = None
    delay_reasons: str = ""


def decide_by(known_at: datetime) -> datetime:
    """The end of the 72 hours."""
    return known_at + timedelta(hours=HOURS)


def hours_left(until: datetime, now: datetime) -> int:
    """Whole hours left; negative once the time is over."""
    return (until - now) // timedelta(hours=1)


def is_late(notified_at: datetime, until: datetime) -> bool:
    """Whether the Inspectorate was told after the 72 hours."""
    return notified_at > until


def may_decide(
    wish: BreachWish, until: datetime, now: datetime, *, was_notified: bool
) -> Problem | None:
    """Art. 33: every outcome has its grounds; what was notified is not taken back.

    A later NOTIFIED adds what was not known before (Art. 33(4)).
    """
    if wish.outcome is not BreachOutcome.NOTIFIED:
        if was_notified:
            message = "The Inspectorate was notified: tell it what has changed, and record that."
            return refuse(ErrorCode.CONFLICT, message, "outcome")
        if wish.notified_at is not None or wish.delay_reasons.strip():
            message = "Only a notification has a moment and a delay."
            return refuse(ErrorCode.INVALID, message, "notifiedAt")
        return reasoned(wish.explanation, "explanation")
    return _may_notify(wish, until, now) or reasoned(wish.explanation, "explanation")


def _may_notify(wish: BreachWish, until: datetime, now: datetime) -> Problem | None:
    if wish.notified_at is None:
        message = "Say when the Inspectorate was notified."
        return refuse(ErrorCode.INVALID, message, "notifiedAt")
    if wish.notified_at > now:
        return refuse(ErrorCode.INVALID, "This moment is still to come.", "notifiedAt")
    if is_late(wish.notified_at, until) and not wish.delay_reasons.strip():
        message = "After 72 hours the notification gives reasons for the delay (GDPR Art. 33(1))."
        return refuse(ErrorCode.REASON_REQUIRED, message, "delayReasons")
    return None
