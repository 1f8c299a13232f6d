"""The dates of one case: the strictest clock of its rights, its pauses, its extension."""

from datetime import UTC, date, datetime

import pytest

from models.caseclock import CaseClock, case_clock
from models.deadlines import TALLINN
from models.vocabulary import RequestType

FIRST = datetime(2026, 3, 5, 10, tzinfo=UTC)
LATER = datetime(2026, 3, 16, 10, tzinfo=UTC)
TOLD = date(2026, 4, 6)
LONGER = date(2026, 6, 5)
PAUSE = [(date(2026, 3, 10), date(2026, 3, 20))]
QUESTION, COMPLAINT = RequestType.INQUIRY, RequestType.COMPLAINT
ERASURE, COPY = RequestType.ERASURE, RequestType.COPY


def test_without_a_statutory_right_only_our_own_target_counts_from_the_first_letter() -> None:
    target = date(2026, 3, 19)
    asked = [(COMPLAINT, LATER), (QUESTION, FIRST)]
    assert case_clock(asked, TALLINN) == CaseClock(None, None, None, target, target, 0)


def test_a_statutory_right_among_questions_rules_the_case_since_its_own_receipt() -> None:
    found = case_clock([(QUESTION, FIRST), (ERASURE, LATER)], TALLINN)
    assert (found.due_on, found.unsuspended_due_on) == (date(2026, 4, 16), date(2026, 4, 16))
    assert found.internal_target_on == date(2026, 4, 9)


def test_of_two_rights_the_earlier_one_rules() -> None:
    assert case_clock([(COPY, LATER), (ERASURE, FIRST)], TALLINN).due_on == TOLD


def test_a_pause_moves_every_date_but_the_unsuspended_one() -> None:
    found = case_clock([(COPY, FIRST)], TALLINN, PAUSE)
    assert found == CaseClock(
        nominal_on=date(2026, 4, 15),
        due_on=date(2026, 4, 15),
        unsuspended_due_on=TOLD,
        internal_target_on=date(2026, 4, 8),
        target_on=date(2026, 4, 15),
        suspended_days=10,
    )


def test_an_extension_counts_only_once_its_notice_was_sent() -> None:
    plain = case_clock([(COPY, FIRST)], TALLINN)
    longer = case_clock([(COPY, FIRST)], TALLINN, is_extended=True)
    assert (plain.due_on, plain.target_on) == (TOLD, TOLD)
    assert (longer.due_on, longer.target_on) == (LONGER, LONGER)
    assert longer.unsuspended_due_on == TOLD
    assert longer.internal_target_on == plain.internal_target_on


def test_an_extension_is_paused_as_well() -> None:
    assert case_clock([(COPY, FIRST)], TALLINN, PAUSE, is_extended=True).due_on == date(2026, 6, 15)


def test_the_day_of_receipt_is_the_local_one() -> None:
    night = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    assert case_clock([(QUESTION, night)], TALLINN).target_on == date(2026, 3, 20)


def test_a_case_without_any_right_has_no_clock() -> None:
    with pytest.raises(ValueError, match="empty"):
        case_clock([], TALLINN)
