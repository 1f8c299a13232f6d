"""The 72 hours of Art. 33, who is told by Art. 34, and which decisions have their grounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.breaches import (
    TOLD as TELLS,
)
from models.breaches import (
    BreachWish,
    TellingWish,
    decide_by,
    hours_left,
    is_late,
    is_past,
    known_since,
    may_decide,
    may_report,
    may_tell,
    to_tell_of,
)
from models.vocabulary import BreachOutcome, ErrorCode, TellingOutcome

KNOWN = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # the clocks change that night
UNTIL = KNOWN + timedelta(hours=72)
SECOND = timedelta(seconds=1)
TOLD = BreachWish(BreachOutcome.NOTIFIED, "Klientide loend saadeti valele aadressile.", UNTIL)
NONE = BreachWish(BreachOutcome.NO_BREACH, "Tegu oli tema enda kirjaga.")


def code(
    wish: BreachWish, now: datetime = UNTIL, *, was_notified: bool = False, stands: bool = False
) -> object:
    """Why it is refused, None when it is not."""
    problem = may_decide(wish, UNTIL, now, was_notified=was_notified, stands=stands)
    return problem and (problem.code, problem.path[-1])


def test_the_time_is_seventy_two_hours_whatever_the_clocks_and_holidays_do() -> None:
    assert decide_by(KNOWN) == UNTIL
    assert known_since(UNTIL) == KNOWN


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


def test_nothing_is_notified_before_it_is_known_but_with_a_breach_known_before() -> None:
    early = replace(TOLD, notified_at=KNOWN - SECOND)
    assert code(early) == (ErrorCode.INVALID, "notifiedAt")
    assert code(replace(TOLD, notified_at=KNOWN)) is None
    assert code(early, stands=True) is None
    assert code(TOLD, UNTIL - SECOND, stands=True) == (ErrorCode.INVALID, "notifiedAt")
    problem = may_decide(early, UNTIL, UNTIL, was_notified=False)
    assert problem is not None
    assert "`notifiedAt` is before this breach was known" in problem.message


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


def test_what_is_said_to_have_happened_is_past_and_the_field_is_named() -> None:
    assert is_past("knownAt", KNOWN, KNOWN) is None
    problem = is_past("knownAt", KNOWN + SECOND, KNOWN)
    assert problem is not None
    assert (problem.code, problem.path[-1]) == (ErrorCode.INVALID, "knownAt")
    assert "`knownAt`" in problem.message


def test_a_breach_is_reported_once_with_a_note() -> None:
    def why(
        note: str = "Loend lekkis.", *, waits: bool = False, is_decided: bool = False
    ) -> object:
        problem = may_report(note, waits=waits, is_decided=is_decided)
        return problem and (problem.code, problem.path[-1])

    assert why() is None
    assert why(" ") == (ErrorCode.REASON_REQUIRED, "note")
    assert why(waits=True) == (ErrorCode.CONFLICT, "requestId")
    assert why(is_decided=True) == (ErrorCode.CONFLICT, "knownAt")


LATER = UNTIL + timedelta(hours=100)
PEOPLE = TellingWish(TellingOutcome.TOLD, "Kiri igaühele: mis lekkis ja mida teha.", UNTIL)
NO_RISK = TellingWish(TellingOutcome.NO_HIGH_RISK, "Lekkisid ainult äriregistri andmed.")


def refused(
    wish: TellingWish, now: datetime = UNTIL, *, was_told: bool = False, stands: bool = False
) -> object:
    """Why it is refused, None when it is not."""
    problem = may_tell(wish, UNTIL, now, was_told=was_told, stands=stands)
    return problem and (problem.code, problem.path[-1])


@pytest.mark.parametrize("outcome", TellingOutcome)
def test_people_are_told_at_a_moment_that_is_past_or_not_at_all(outcome: TellingOutcome) -> None:
    told, untold = replace(PEOPLE, outcome=outcome), replace(NO_RISK, outcome=outcome)
    if outcome in (TellingOutcome.TOLD, TellingOutcome.TOLD_PUBLICLY):
        assert refused(told) is None
        assert refused(told, LATER) is None
        assert refused(told, UNTIL - SECOND) == (ErrorCode.INVALID, "toldAt")
        assert refused(untold) == (ErrorCode.INVALID, "toldAt")
    else:
        assert refused(untold) is None
        assert refused(told) == (ErrorCode.INVALID, "toldAt")


@pytest.mark.parametrize("outcome", sorted(TELLS))
def test_nobody_is_told_of_what_is_not_known_but_with_a_breach_known_before(
    outcome: TellingOutcome,
) -> None:
    early = replace(PEOPLE, outcome=outcome, told_at=KNOWN - SECOND)
    assert refused(early) == (ErrorCode.INVALID, "toldAt")
    assert refused(replace(early, told_at=KNOWN)) is None
    assert refused(early, stands=True) is None
    assert refused(replace(PEOPLE, outcome=outcome), UNTIL - SECOND, stands=True) == (
        ErrorCode.INVALID,
        "toldAt",
    )


@pytest.mark.parametrize("outcome", TellingOutcome)
def test_telling_people_or_not_says_how_or_why(outcome: TellingOutcome) -> None:
    wish = TellingWish(outcome, " ", UNTIL if outcome in TELLS else None)
    assert refused(wish) == (ErrorCode.REASON_REQUIRED, "explanation")


def test_who_was_told_stays_told() -> None:
    assert refused(NO_RISK, was_told=True) == (ErrorCode.CONFLICT, "outcome")
    assert refused(PEOPLE, was_told=True) is None


def test_the_first_breach_notified_and_not_answered_for_is_told_of_first() -> None:
    both = {LATER: BreachOutcome.NOTIFIED, UNTIL: BreachOutcome.NOTIFIED}
    assert to_tell_of(both, (), KNOWN) == UNTIL
    assert to_tell_of(both, {UNTIL}, KNOWN) == LATER


def test_a_breach_that_is_named_is_the_one_and_must_be_in_sight() -> None:
    both = {UNTIL: BreachOutcome.NOTIFIED, LATER: BreachOutcome.NO_BREACH}
    assert to_tell_of(both, {UNTIL}, KNOWN, UNTIL) == UNTIL
    assert to_tell_of(both, (), KNOWN, KNOWN) == KNOWN
    assert to_tell_of(both, (), KNOWN, LATER) is None
    assert to_tell_of(both, (), None, KNOWN) is None


def test_else_people_are_told_of_what_waits_else_of_the_last_that_was_a_breach() -> None:
    both = {UNTIL: BreachOutcome.NOT_NOTIFIED, LATER: BreachOutcome.NOT_NOTIFIED}
    assert to_tell_of(both, (), KNOWN) == KNOWN
    assert to_tell_of(both, (), None) == LATER
    assert to_tell_of(both | {LATER: BreachOutcome.NO_BREACH}, (), None) == UNTIL
    assert to_tell_of({UNTIL: BreachOutcome.NO_BREACH}, (), None) is None
    assert to_tell_of({}, (), None) is None
