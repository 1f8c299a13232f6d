"""The 72 hours of Art. 33, and which decisions have their grounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.breaches import BreachWish, decide_by, hours_left, is_late, may_decide
from models.vocabulary import BreachOutcome, ErrorCode

KNOWN = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # the clocks change that night
UNTIL = KNOWN + timedelta(hours=72)
SECOND = timedelta(seconds=1)
TOLD = BreachWish(BreachOutcome.NOTIFIED, "Klientide loend saadeti valele aadressile.", UNTIL)
NONE = BreachWish(BreachOutcome.NO_BREACH, "Tegu oli tema enda kirjaga.")


def code(wish: BreachWish, now: datetime = UNTIL, *, was_notified: bool = False) -> object:
    """Why it is refused, None when it is not."""
    problem = may_decide(wish, UNTIL, now, was_notified=was_notified)
    return problem and (problem.code, problem.path[-1])


def test_the_time_is_seventy_two_hours_whatever_the_clocks_and_holidays_do() -> None:
    assert decide_by(KNOWN) == UNTIL


def test_hours_left_count_down_through_zero() -> None:
    assert hours_left(UNTIL, KNOWN) == 72
    assert hours_left(UNTIL, KNOWN + SECOND) == 71
    assert hours_left(UNTIL, UNTIL) == 0
    assert hours_left(UNTIL, UNTIL + SECOND) == -1


def test_a_notification_in_time_needs_no_reasons_for_delay() -> None:
    assert not is_late(UNTIL, UNTIL)
    assert not is_late(UNTIL - SECOND, UNTIL)
    assert code(TOLD) is None


def test_a_late_notification_gives_its_reasons() -> None:
    late = replace(TOLD, notified_at=UNTIL + SECOND)
    now = UNTIL + timedelta(hours=1)
    assert is_late(UNTIL + SECOND, UNTIL)
    assert code(late, now) == (ErrorCode.REASON_REQUIRED, "delayReasons")
    assert code(replace(late, delay_reasons=" "), now) == (
        ErrorCode.REASON_REQUIRED,
        "delayReasons",
    )
    assert code(replace(late, delay_reasons="Logid saime alles täna."), now) is None


def test_a_notification_has_a_moment_that_is_past() -> None:
    assert code(replace(TOLD, notified_at=None)) == (ErrorCode.INVALID, "notifiedAt")
    assert code(TOLD, UNTIL - SECOND) == (ErrorCode.INVALID, "notifiedAt")


@pytest.mark.parametrize("outcome", BreachOutcome)
def test_every_decision_says_why(outcome: BreachOutcome) -> None:
    told_at = UNTIL if outcome is BreachOutcome.NOTIFIED else None
    assert code(BreachWish(outcome, " ", told_at)) == (ErrorCode.REASON_REQUIRED, "explanation")
    assert code(BreachWish(outcome, "Põhjus.", told_at)) is None


def test_only_a_notification_has_a_moment_and_a_delay() -> None:
    assert code(replace(NONE, notified_at=KNOWN)) == (ErrorCode.INVALID, "notifiedAt")
    assert code(replace(NONE, delay_reasons="Hiljem.")) == (ErrorCode.INVALID, "notifiedAt")


def test_what_was_notified_is_added_to_and_never_taken_back() -> None:
    assert code(NONE, was_notified=True) == (ErrorCode.CONFLICT, "outcome")
    assert code(TOLD, was_notified=True) is None
