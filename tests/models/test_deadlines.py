"""The legal clock, against the calendar and against its own laws."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import deadlines
from models.deadlines import TALLINN, add_months, clock, is_working_day, roll
from models.vocabulary import DeadlineState, ErrorCode

DAYS = st.dates(date(2019, 1, 1), date(2060, 12, 31))
TIMES = st.times()


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), TALLINN)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "nominal", "due", "extended"),
    [
        ("2026-03-05T12:00+02:00", "2026-04-05", "2026-04-06", "2026-06-05"),
        ("2026-01-31T12:00+02:00", "2026-02-28", "2026-03-02", "2026-04-30"),
        ("2026-11-24T12:00+02:00", "2026-12-24", "2026-12-28", "2027-02-25"),
        ("2026-03-03T12:00+02:00", "2026-04-03", "2026-04-06", "2026-06-03"),
        ("2026-07-20T12:00+03:00", "2026-08-20", "2026-08-21", "2026-10-20"),
        ("2026-03-05T22:30+00:00", "2026-04-06", "2026-04-06", "2026-06-08"),
        ("2028-01-31T12:00+02:00", "2028-02-29", "2028-02-29", "2028-05-02"),
        ("2026-12-31T21:59+00:00", "2027-01-31", "2027-02-01", "2027-03-31"),
        ("2026-12-31T22:00+00:00", "2027-02-01", "2027-02-01", "2027-04-01"),
    ],
)
def test_the_clock_of_a_known_receipt(received: str, nominal: str, due: str, extended: str) -> None:
    dates = clock(datetime.fromisoformat(received))
    assert (dates.nominal_on, dates.due_on) == (on(nominal), on(due))
    assert dates.extended_due_on == on(extended)
    assert dates.internal_target_on == dates.nominal_on - timedelta(days=7)


@given(DAYS, TIMES)
def test_the_due_date_is_a_working_day_on_or_after_the_nominal_one(day: date, at: time) -> None:
    dates = clock(datetime.combine(day, at, UTC))
    assert dates.nominal_on <= dates.due_on <= dates.extended_due_on
    for limit in (dates.due_on, dates.extended_due_on):
        assert is_working_day(limit)
    assert dates.due_on == roll(dates.nominal_on)
    assert (dates.due_on - dates.nominal_on).days <= 5


@given(DAYS, DAYS)
def test_a_later_receipt_is_never_due_earlier(one: date, other: date) -> None:
    first, second = (clock(at_noon(day)) for day in sorted((one, other)))
    assert first.nominal_on <= second.nominal_on
    assert first.due_on <= second.due_on
    assert first.extended_due_on <= second.extended_due_on


@given(DAYS, TIMES, TIMES)
def test_the_hour_and_daylight_saving_change_nothing_within_a_local_day(
    day: date, one: time, other: time
) -> None:
    first = clock(datetime.combine(day, one, TALLINN))
    assert first == clock(datetime.combine(day, other, TALLINN))
    assert first.received_on == day


@given(DAYS, TIMES)
def test_the_zone_an_instant_is_written_in_changes_nothing(day: date, at: time) -> None:
    instant = datetime.combine(day, at, UTC)
    assert clock(instant) == clock(instant.astimezone(ZoneInfo("America/New_York")))


def test_the_hour_that_comes_twice_belongs_to_one_day() -> None:
    first = datetime(2026, 10, 25, 3, 30, tzinfo=TALLINN)
    assert deadlines.local_day(first) == deadlines.local_day(first.replace(fold=1))


def test_an_instant_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 3, 5, 12)  # noqa: DTZ001 - the point of the test
    for refuse in (clock, deadlines.local_day, deadlines.deadline_json):
        with pytest.raises(ValueError, match="time zone"):
            refuse(naive)


def test_an_instant_outside_the_calendar_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="calendar"):
        clock(datetime.max.replace(tzinfo=UTC))
    with pytest.raises(ValueError, match="calendar"):
        clock(datetime(9999, 12, 5, tzinfo=UTC))


def test_a_month_without_the_day_ends_on_its_last_day() -> None:
    assert add_months(on("2026-01-31"), 1) == on("2026-02-28")
    assert add_months(on("2026-11-30"), 3) == on("2027-02-28")
    assert add_months(on("2027-11-30"), 3) == on("2028-02-29")
    assert add_months(on("2026-12-15"), 1) == on("2027-01-15")
    assert add_months(on("9998-12-15"), 1) == on("9999-01-15")


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", range(2020, 2041))
def test_the_days_of_rest_are_those_of_the_public_holidays_act(year: int) -> None:
    fixed = ["01-01", "02-24", "05-01", "06-23", "06-24", "08-20", "12-24", "12-25", "12-26"]
    sunday = easter(year)
    rest = {on(f"{year}-{day}") for day in fixed}
    rest |= {sunday - timedelta(days=2), sunday, sunday + timedelta(days=49)}
    day = date(year, 1, 1)
    while day.year == year:
        assert is_working_day(day) == (day.weekday() < 5 and day not in rest), day
        day += timedelta(days=1)


def test_easter_monday_and_shortened_days_are_working_days() -> None:
    for day in ("2026-04-06", "2026-02-23", "2026-06-22", "2026-12-23", "2026-12-31"):
        assert is_working_day(on(day)), day


def test_working_days_before_skips_days_of_rest() -> None:
    assert deadlines.working_days_before(on("2026-04-06"), 1) == on("2026-04-02")
    assert deadlines.working_days_before(on("2026-12-28"), 2) == on("2026-12-22")
    assert deadlines.working_days_before(on("2026-04-05"), 0) == on("2026-04-05")


def test_inquiries_and_complaints_have_a_target_of_fourteen_days() -> None:
    assert deadlines.target_without_clock(on("2026-03-05")) == on("2026-03-19")


@pytest.mark.parametrize(
    ("today", "closed", "expected"),
    [
        ("2026-03-29", None, DeadlineState.ON_TIME),
        ("2026-03-30", None, DeadlineState.DUE_SOON),
        ("2026-04-06", None, DeadlineState.DUE_SOON),
        ("2026-04-07", None, DeadlineState.OVERDUE),
        ("2026-05-01", "2026-04-06", DeadlineState.MET),
        ("2026-05-01", "2026-03-12", DeadlineState.MET),
        ("2026-05-01", "2026-04-07", DeadlineState.MISSED),
    ],
)
def test_the_state_of_a_deadline(today: str, closed: str | None, expected: DeadlineState) -> None:
    due = on("2026-04-06")
    assert deadlines.state(due, on(today), on(closed) if closed else None) is expected


def test_days_left_count_down_through_zero() -> None:
    due = on("2026-04-06")
    assert [
        deadlines.days_left(due, on(d)) for d in ("2026-04-05", "2026-04-06", "2026-04-08")
    ] == [
        1,
        0,
        -2,
    ]


def test_while_we_wait_the_unsuspended_date_stands() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    waiting = deadlines.suspended_clock(dates, [(on("2026-03-10"), None)])
    assert waiting.clock == dates
    assert (waiting.days, waiting.waiting) == (0, True)


def test_an_answer_adds_the_days_we_waited_to_both_dates_and_rolls_them() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    paused = deadlines.suspended_clock(dates, [(on("2026-03-10"), on("2026-03-20"))])
    assert (paused.days, paused.waiting) == (10, False)
    assert paused.clock.nominal_on == on("2026-04-15")
    assert paused.clock.due_on == on("2026-04-15")
    assert paused.clock.internal_target_on == on("2026-04-08")
    assert paused.clock.extended_due_on == on("2026-06-15")
    assert "paused for 10 days" in paused.clock.basis


def test_days_waited_for_two_answers_at_once_count_once() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    spans = [
        (on("2026-03-12"), on("2026-03-25")),
        (on("2026-03-10"), on("2026-03-20")),
        (on("2026-03-28"), on("2026-03-30")),
    ]
    assert deadlines.suspended_clock(dates, spans).days == 17
    inside_and_beyond = [(on("2026-03-11"), on("2026-03-13")), (on("2026-03-29"), on("2026-04-01"))]
    assert deadlines.suspended_clock(dates, [*spans, *inside_and_beyond]).days == 19


def test_a_pause_within_a_pause_does_not_end_it() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    spans = [
        (on("2026-03-06"), on("2026-03-08")),
        (on("2026-03-10"), on("2026-03-20")),
        (on("2026-03-12"), on("2026-03-15")),
    ]
    assert deadlines.suspended_clock(dates, spans).days == 12


def test_a_question_asked_on_the_day_of_an_answer_goes_on_with_the_same_pause() -> None:
    """The month ends on a Saturday; the first question is asked on the Monday that counts."""
    dates = clock(at_noon(on("2026-01-31")))
    spans = [(on("2026-03-02"), on("2026-03-04")), (on("2026-03-04"), on("2026-03-06"))]
    paused = deadlines.suspended_clock(dates, spans)
    assert (paused.days, paused.clock.nominal_on) == (4, on("2026-03-04"))


def test_a_question_asked_on_the_last_day_is_asked_in_time() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    paused = deadlines.suspended_clock(dates, [(dates.due_on, on("2026-04-10"))])
    assert (paused.days, paused.clock.due_on) == (4, on("2026-04-09"))


def test_the_basis_counts_days_of_a_pause_and_months_in_words() -> None:
    dates = clock(at_noon(on("2026-03-06")))
    for end, words in (("2026-03-11", "for 1 day while"), ("2026-03-12", "for 2 days while")):
        paused = deadlines.suspended_clock(dates, [(on("2026-03-10"), on(end))])
        assert words in paused.clock.basis
    assert "one month ends on 2026-04-06" in dates.basis
    assert "no such day" not in dates.basis
    two = clock(at_noon(on("2026-03-06")), months=2)
    assert "2 months ends on 2026-05-06" in two.basis


def test_an_answer_on_the_same_day_or_an_earlier_one_adds_nothing() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    assert deadlines.suspended_clock(dates, [(on("2026-03-10"), on("2026-03-08"))]).days == 0
    assert deadlines.suspended_clock(dates, [(on("2026-03-10"), on("2026-03-10"))]).days == 0


def test_a_question_asked_when_time_had_run_out_does_not_heal_the_delay() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    late = deadlines.suspended_clock(dates, [(on("2026-04-07"), on("2026-04-20"))])
    assert (late.days, late.clock.due_on) == (0, dates.due_on)
    assert late.clock.extended_due_on == on("2026-06-18")


@given(DAYS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5))
def test_a_pause_never_shortens_and_never_counts_a_day_twice(
    day: date, offsets: list[tuple[int, int]]
) -> None:
    dates = clock(at_noon(day))
    spans = [
        (day + timedelta(days=start), day + timedelta(days=start + length))
        for start, length in offsets
    ]
    paused = deadlines.suspended_clock(dates, spans)
    waited = {s + timedelta(days=n) for s, e in spans for n in range((e - s).days)}
    assert 0 <= paused.days <= len(waited)
    assert paused.clock.due_on >= dates.due_on
    assert is_working_day(paused.clock.due_on)


def test_an_extension_needs_its_notice_sent_by_the_due_date() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    for day in ("2026-03-06", "2026-04-06"):
        assert deadlines.may_extend(dates, on(day), already_extended=False) is None
    late = deadlines.may_extend(dates, on("2026-04-07"), already_extended=False)
    assert late is not None
    assert late.code is ErrorCode.TOO_LATE


def test_a_request_is_extended_once() -> None:
    dates = clock(at_noon(on("2026-03-05")))
    twice = deadlines.may_extend(dates, on("2026-03-10"), already_extended=True)
    assert twice is not None
    assert twice.code is ErrorCode.ALREADY_EXTENDED


def test_the_command_line_shape_has_its_six_keys() -> None:
    shown = deadlines.deadline_json(datetime(2026, 3, 5, 22, 30, tzinfo=UTC))
    assert shown == {
        "receivedOn": "2026-03-06",
        "nominalOn": "2026-04-06",
        "dueOn": "2026-04-06",
        "internalTargetOn": "2026-03-30",
        "extendedDueOn": "2026-06-08",
        "basis": shown["basis"],
    }


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ("2026-03-05", "a public holiday"),
        ("2026-01-31", "no such day), a Saturday"),
        ("2026-02-15", "a Sunday"),
        ("2026-03-06", "a working day (GDPR"),
    ],
)
def test_the_basis_says_which_rule_moved_the_date(received: str, words: str) -> None:
    assert words in clock(at_noon(on(received))).basis
