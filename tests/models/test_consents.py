"""The ledger folds to what the last event in force says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.consents import (
    STATE_AFTER,
    ConsentFact,
    Standing,
    fold,
    left_of,
    may_follow,
    may_lift,
    purposes_of,
)
from models.vocabulary import AskedPurpose, ConsentEventKind, ConsentState, ErrorCode, Purpose

START = datetime(2026, 1, 1, tzinfo=UTC)


def fact(
    kind: ConsentEventKind, *, day: int, line: int, recorded: int | None = None
) -> ConsentFact:
    at = START + timedelta(days=day if recorded is None else recorded)
    return ConsentFact(Purpose.MARKETING, kind, at, START + timedelta(days=day), line)


FACTS = st.lists(
    st.builds(
        lambda purpose, kind, day: (purpose, kind, START + timedelta(days=day)),
        st.sampled_from(Purpose),
        st.sampled_from(ConsentEventKind),
        st.integers(0, 5),
    ),
    max_size=12,
).map(lambda rows: [ConsentFact(p, k, at, at, n) for n, (p, k, at) in enumerate(rows)])


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (ConsentEventKind.GIVEN, ConsentState.GIVEN),
        (ConsentEventKind.REFUSED, ConsentState.REFUSED),
        (ConsentEventKind.WITHDRAWN, ConsentState.WITHDRAWN),
        (ConsentEventKind.EXPIRED, ConsentState.EXPIRED),
        (ConsentEventKind.RENEWED, ConsentState.GIVEN),
        (ConsentEventKind.INVALIDATED, ConsentState.UNKNOWN),
    ],
)
def test_each_kind_of_event_leaves_its_state(kind: ConsentEventKind, state: ConsentState) -> None:
    assert fold([fact(kind, day=1, line=1)]) == {
        Purpose.MARKETING: Standing(state, START + timedelta(days=1))
    }


def test_every_kind_of_event_is_known() -> None:
    assert set(STATE_AFTER) == set(ConsentEventKind)


def test_effective_time_decides_and_not_the_time_of_recording() -> None:
    withdrawn = fact(ConsentEventKind.WITHDRAWN, day=5, line=1)
    given_late = fact(ConsentEventKind.GIVEN, day=2, line=2, recorded=9)
    assert fold([withdrawn, given_late])[Purpose.MARKETING].state is ConsentState.WITHDRAWN


def test_at_the_same_moment_the_later_line_decides() -> None:
    lines = [
        fact(ConsentEventKind.GIVEN, day=2, line=8),
        fact(ConsentEventKind.WITHDRAWN, day=2, line=9),
    ]
    assert fold(reversed(lines))[Purpose.MARKETING].state is ConsentState.WITHDRAWN


def test_an_event_of_the_future_is_not_in_force_yet() -> None:
    lines = [
        fact(ConsentEventKind.GIVEN, day=1, line=1),
        fact(ConsentEventKind.EXPIRED, day=9, line=2),
    ]
    now = START + timedelta(days=3)
    assert fold(lines, as_of=now)[Purpose.MARKETING].state is ConsentState.GIVEN
    assert fold(lines)[Purpose.MARKETING].state is ConsentState.EXPIRED


@given(FACTS, st.randoms())
def test_the_order_of_reading_changes_nothing(facts: list[ConsentFact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(facts)


@given(FACTS)
def test_only_purposes_with_events_stand(facts: list[ConsentFact]) -> None:
    assert set(fold(facts)) == {event.purpose for event in facts}


def test_all_reaches_every_purpose() -> None:
    assert purposes_of([AskedPurpose.ALL]) == tuple(Purpose)


def test_named_purposes_come_once_and_in_order() -> None:
    asked = [AskedPurpose.SURVEYS, AskedPurpose.MARKETING, AskedPurpose.SURVEYS]
    assert purposes_of(asked) == (Purpose.MARKETING, Purpose.SURVEYS)
    assert purposes_of([]) == ()


def test_an_event_of_this_very_moment_is_in_force() -> None:
    given = fact(ConsentEventKind.GIVEN, day=1, line=1)
    assert Purpose.MARKETING in fold([given], as_of=given.effective_at)


def test_a_promise_ends_only_by_a_consent_anew_that_a_colleague_can_show() -> None:
    assert may_lift(ConsentEventKind.GIVEN, "Vorm, mille ta esitas.", is_staff=True) is None
    for kind in set(ConsentEventKind) - {ConsentEventKind.GIVEN}:
        assert may_lift(kind, "Vorm.", is_staff=True) is not None
    codes = [
        may_lift(ConsentEventKind.GIVEN, "Vorm.", is_staff=False),
        may_lift(ConsentEventKind.RENEWED, "Vorm.", is_staff=True),
        may_lift(ConsentEventKind.GIVEN, " ", is_staff=True),
    ]
    assert [problem and problem.code for problem in codes] == [
        ErrorCode.FORBIDDEN,
        ErrorCode.INVALID,
        ErrorCode.REASON_REQUIRED,
    ]


def test_a_promise_about_everything_goes_on_for_everything_else() -> None:
    rest = (AskedPurpose.SURVEYS, AskedPurpose.ANALYTICS, AskedPurpose.COOKIES)
    assert left_of(AskedPurpose.ALL, Purpose.MARKETING) == rest
    assert left_of(AskedPurpose.MARKETING, Purpose.MARKETING) == ()


@pytest.mark.parametrize("state", ConsentState)
def test_only_a_consent_that_stood_expires_or_is_renewed(state: ConsentState) -> None:
    stands = state is ConsentState.GIVEN
    stood = stands or state is ConsentState.EXPIRED
    assert may_follow(state, ConsentEventKind.EXPIRED) is stands
    assert may_follow(state, ConsentEventKind.RENEWED) is stood
    assert may_follow(state, ConsentEventKind.WITHDRAWN)
