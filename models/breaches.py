"""A possible breach of personal data: who is told of it, and when (Art. 33, 34). Pure.

72 hours to decide and to notify the Inspectorate; the people concerned without undue delay.

We count from receipt of the letter that told of it, the earliest moment we may be said to have
known; a leak told of after a decision has hours of its own. Every decision is kept with its
grounds, also that nothing happened (Art. 33(5)).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.guards import reasoned, refuse
from models.shapes import Problem
from models.vocabulary import BreachOutcome, ErrorCode, TellingOutcome

HOURS = 72  # Art. 33(1)
TOLD = frozenset({TellingOutcome.TOLD, TellingOutcome.TOLD_PUBLICLY})


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


@dataclass(frozen=True, slots=True)
class TellingWish:
    """What a person wants to record about telling the people concerned.

    `explanation`: how they were told and what (Art. 34(2)), or why not. `told_at` is when, None
    when they are not.
    """

    outcome: TellingOutcome
    explanation: str
    told_at: datetime | None = None


def decide_by(known_at: datetime) -> datetime:
    """The end of the 72 hours."""
    return known_at + timedelta(hours=HOURS)


def known_since(until: datetime) -> datetime:
    """When the 72 hours began that end `until`."""
    return until - timedelta(hours=HOURS)


def hours_left(until: datetime, now: datetime) -> int:
    """Whole hours left; negative once the time is over."""
    return (until - now) // timedelta(hours=1)


def is_late(notified_at: datetime, until: datetime) -> bool:
    """Whether the Inspectorate was told after the 72 hours."""
    return notified_at > until


def is_past(name: str, moment: datetime, now: datetime) -> Problem | None:
    """What is said to have happened has happened; `name` is the field that says so."""
    if moment <= now:
        return None
    return refuse(ErrorCode.INVALID, f"`{name}` is still to come.", name)


def _is_timely(
    name: str, moment: datetime, until: datetime, now: datetime, *, stands: bool
) -> Problem | None:
    """Nobody is told of what is not known yet.

    `stands`: the same moment is recorded of a breach known before. One notification may be about
    many letters, of which some come after it.
    """
    if moment < known_since(until) and not stands:
        message = (
            f"`{name}` is before this breach was known. Was it known earlier? Report it so, on a"
            " case of its own if need be; what was said then may be recorded here too."
        )
        return refuse(ErrorCode.INVALID, message, name)
    return is_past(name, moment, now)


def may_report(note: str, *, waits: bool, is_decided: bool) -> Problem | None:
    """A breach nobody flagged may be reported, once, with what was found.

    `is_decided`: one known since the same moment was. Another has a moment, and hours, of its own.
    """
    if waits:
        message = "A possible breach waits to be decided already."
        return refuse(ErrorCode.CONFLICT, message, "requestId")
    if is_decided:
        message = "This breach was decided: decide anew, or say when another one was known."
        return refuse(ErrorCode.CONFLICT, message, "knownAt")
    return reasoned(note, "note")


def may_decide(
    wish: BreachWish, until: datetime, now: datetime, *, was_notified: bool, stands: bool = False
) -> Problem | None:
    """Art. 33: every outcome has its grounds; what was notified is not taken back.

    A later NOTIFIED adds what was not known before (Art. 33(4)). `stands`: this notification is
    recorded of a breach known before.
    """
    if wish.outcome is not BreachOutcome.NOTIFIED:
        if was_notified:
            message = "The Inspectorate was notified: tell it what has changed, and record that."
            return refuse(ErrorCode.CONFLICT, message, "outcome")
        if wish.notified_at is not None or wish.delay_reasons.strip():
            message = "Only a notification has a moment and a delay."
            return refuse(ErrorCode.INVALID, message, "notifiedAt")
        return reasoned(wish.explanation, "explanation")
    return _may_notify(wish, until, now, stands=stands) or reasoned(wish.explanation, "explanation")


def _may_notify(
    wish: BreachWish, until: datetime, now: datetime, *, stands: bool
) -> Problem | None:
    if wish.notified_at is None:
        message = "Say when the Inspectorate was notified."
        return refuse(ErrorCode.INVALID, message, "notifiedAt")
    problem = _is_timely("notifiedAt", wish.notified_at, until, now, stands=stands)
    if problem:
        return problem
    if is_late(wish.notified_at, until) and not wish.delay_reasons.strip():
        message = "After 72 hours the notification gives reasons for the delay (GDPR Art. 33(1))."
        return refuse(ErrorCode.REASON_REQUIRED, message, "delayReasons")
    return None


def to_tell_of(
    stands: Mapping[datetime, BreachOutcome],
    answered: Collection[datetime],
    waits_until: datetime | None,
    named: datetime | None = None,
) -> datetime | None:
    """Which breach of a case a decision about telling is for, by the end of its 72 hours.

    The one that is `named`; else the first that was notified and nobody has answered for, else
    what waits to be decided, else the last that was one. `stands`: the outcome of each; None when
    no such breach is in sight.
    """
    found = [until for until, outcome in stands.items() if outcome is not BreachOutcome.NO_BREACH]
    if named is not None:
        return named if named in (*found, waits_until) else None
    untold = [
        until
        for until, outcome in stands.items()
        if outcome is BreachOutcome.NOTIFIED and until not in answered
    ]
    if untold or waits_until is not None:
        return min(untold, default=waits_until)
    return max(found, default=None)


def may_tell(
    wish: TellingWish, until: datetime, now: datetime, *, was_told: bool, stands: bool = False
) -> Problem | None:
    """Art. 34: told, with the moment, or one of its grounds not to; whoever was told stays told.

    The Inspectorate may still order it (Art. 34(4)): a later decision stands beside the first.
    `stands`: the same telling is recorded of a breach known before.
    """
    problem = _may_tell(wish, until, now, was_told=was_told, stands=stands)
    return problem or reasoned(wish.explanation, "explanation")


def _may_tell(
    wish: TellingWish, until: datetime, now: datetime, *, was_told: bool, stands: bool
) -> Problem | None:
    if wish.outcome not in TOLD:
        if was_told:
            return refuse(ErrorCode.CONFLICT, "The people concerned were told.", "outcome")
        if wish.told_at is not None:
            return refuse(ErrorCode.INVALID, "Only what was told has a moment.", "toldAt")
        return None
    if wish.told_at is None:
        return refuse(ErrorCode.INVALID, "Say when they were told.", "toldAt")
    return _is_timely("toldAt", wish.told_at, until, now, stands=stands)
