"""What may be erased now, what stays until when, and which paragraph says so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.retention import (
    GROUNDS,
    KEEP,
    LEGAL_HOLD,
    Holding,
    Record,
    addresses_kept,
    keeping,
    proposals,
    propose,
)
from models.rights import RIGHTS
from models.vocabulary import (
    AddressKind,
    DataCategory,
    Justification,
    Language,
    Outcome,
    RequestType,
)

TODAY = date(2026, 3, 5)
ENDED = ((date(2024, 1, 1), date(2026, 2, 1)),)
RUNNING = ((date(2024, 1, 1), None),)

DAYS = st.dates(date(2005, 1, 1), date(2045, 12, 31))


@st.composite
def holdings(draw: st.DrawFn) -> Holding:
    """Anything a client may have with us."""
    contracts = []
    for start in draw(st.lists(DAYS, max_size=3)):
        length = draw(st.none() | st.integers(1, 4000))
        contracts.append((start, None if length is None else start + timedelta(days=length)))
    return Holding(
        today=draw(DAYS),
        contracts=contracts,
        booked_on=draw(st.none() | DAYS),
        claim_due_on=draw(st.none() | DAYS),
        is_intentional=draw(st.booleans()),
        is_on_hold=draw(st.booleans()),
    )


def test_an_invoice_booked_in_2026_keeps_what_stands_on_it_until_the_end_of_2033() -> None:
    holding = Holding(TODAY, booked_on=date(2026, 1, 10))
    found = propose(DataCategory.PAYMENT, holding)
    assert (found.outcome, found.until) == (Outcome.PARTLY_GRANTED, date(2033, 12, 31))
    assert found.reason is Justification.LEGAL_OBLIGATION_IMPAIRED
    assert found.source == "RPS § 12"


def test_after_the_contract_only_what_stands_on_documents_is_kept() -> None:
    found = {one.category: one for one in proposals(Holding(TODAY, ENDED))}
    kept = {category for category, one in found.items() if one.until}
    assert kept == {DataCategory.CLIENT, DataCategory.PAYMENT}
    assert found[DataCategory.CLIENT].until == date(2033, 12, 31)
    assert {one.outcome for one in found.values()} == {Outcome.GRANTED, Outcome.PARTLY_GRANTED}


def test_the_last_day_of_a_contract_that_ends_on_new_year_is_of_the_old_year() -> None:
    holding = Holding(TODAY, [(date(2025, 1, 1), date(2026, 1, 1))])
    assert propose(DataCategory.PAYMENT, holding).until == date(2032, 12, 31)


def test_a_running_contract_keeps_what_it_needs_and_lets_consented_data_go() -> None:
    found = {one.category: one for one in proposals(Holding(TODAY, RUNNING))}
    assert found[DataCategory.SATISFACTION].outcome is Outcome.GRANTED
    assert found[DataCategory.CONTENT].outcome is Outcome.REFUSED
    assert found[DataCategory.DEVICE].outcome is Outcome.PARTLY_GRANTED
    assert found[DataCategory.CLIENT].reason is Justification.CONTRACT_PERFORMANCE_NECESSITY
    assert found[DataCategory.CLIENT].until is None


@pytest.mark.parametrize(
    ("is_intentional", "until"), [(False, date(2028, 11, 1)), (True, date(2035, 11, 1))]
)
def test_a_claim_is_kept_three_years_and_exceptionally_ten(
    is_intentional: bool, until: date
) -> None:
    holding = Holding(TODAY, claim_due_on=date(2025, 11, 1), is_intentional=is_intentional)
    found = propose(DataCategory.COMMUNICATION, holding)
    assert (found.until, found.source) == (until, "TsÜS § 146")


def test_who_never_bought_anything_is_erased_whole() -> None:
    assert {one.outcome for one in proposals(Holding(TODAY))} == {Outcome.GRANTED}


@given(holdings())
def test_what_is_kept_names_its_basis_ground_and_paragraph(holding: Holding) -> None:
    for found in proposals(holding):
        keeps = found.outcome is not Outcome.GRANTED
        assert keeps is (found.reason is not None) is bool(found.source)
        assert (found.basis is not None) is keeps


@given(holdings())
def test_nothing_is_kept_until_a_day_that_is_over(holding: Holding) -> None:
    for found in proposals(holding):
        assert found.until is None or found.until >= holding.today


@given(holdings())
def test_a_legal_hold_keeps_everything(holding: Holding) -> None:
    held = [one for one in proposals(holding) if one.source == LEGAL_HOLD]
    assert len(held) == (len(DataCategory) if holding.is_on_hold else 0)


@given(holdings(), st.integers(0, 4000))
def test_keeping_never_grows_shorter_when_a_newer_document_is_found(
    holding: Holding, days: int
) -> None:
    base = holding.booked_on or holding.today
    newer = Holding(
        holding.today, holding.contracts, None, base + timedelta(days=days),
        holding.claim_due_on, holding.is_intentional, holding.is_on_hold,
    )  # fmt: skip
    for before, after in zip(proposals(holding), proposals(newer), strict=True):
        assert before.until is None or (after.until is not None and after.until >= before.until)


@given(holdings())
def test_every_ground_proposed_is_one_an_erasure_may_be_refused_on(holding: Holding) -> None:
    blockers = RIGHTS[RequestType.ERASURE].blockers
    assert all(one.reason in blockers for one in proposals(holding) if one.reason)


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=lambda ground: ground.source)
def test_every_ground_speaks_three_languages(ground: object) -> None:
    assert set(ground.part) == set(ground.why) == set(Language)  # type: ignore[attr-defined]


# Of each record: what the table keeps it for, and the last day for one of 28 February 2026.
TABLE = {
    Record.CLIENT: ("2 years", date(2028, 2, 28)),
    Record.CASE: ("3 years", date(2029, 2, 28)),
    Record.LETTER_OTHER: ("14 days", date(2026, 3, 14)),
    Record.TRIAGE_OTHER: ("14 days", date(2026, 3, 14)),
    Record.QUARANTINE: ("30 days", date(2026, 3, 30)),
    Record.PACKAGE: ("14 days", date(2026, 3, 14)),
    Record.ANSWER: ("7 days", date(2026, 3, 7)),
    Record.JOURNAL: ("3 years", date(2029, 2, 28)),
    Record.STAFF_LETTER: ("90 days", date(2026, 5, 29)),
}


@pytest.mark.parametrize("record", Record)
def test_the_register_keeps_as_long_as_the_table_says(record: Record) -> None:
    keep = KEEP[record]
    assert (keep.span, keep.until(date(2026, 2, 28))) == TABLE[record]


def test_other_spans_are_in_the_unit_of_each_row() -> None:
    found = keeping(dict.fromkeys(Record, 5))
    for record, keep in found.items():
        unit = TABLE[record][0].split()[1]
        assert keep.span == f"5 {unit}"
        assert (keep.since, keep.source) == (KEEP[record].since, KEEP[record].source)


def test_from_a_leap_day_years_end_with_february() -> None:
    assert KEEP[Record.CASE].until(date(2028, 2, 29)) == date(2031, 2, 28)
    assert KEEP[Record.CLIENT].until(date(2030, 2, 28)) == date(2032, 2, 28)
    longer = keeping(dict.fromkeys(Record, 7))
    assert longer[Record.CASE].until(date(2028, 2, 29)) == date(2035, 2, 28)


def test_a_contract_runs_through_the_day_before_its_end() -> None:
    last_day = Holding(TODAY, [(date(2024, 1, 1), TODAY + timedelta(days=1))])
    over = Holding(TODAY, [(date(2024, 1, 1), TODAY)])
    assert (last_day.has_running_contract, over.has_running_contract) == (True, False)
    assert Holding(TODAY, [(date(2024, 1, 1), date(2026, 3, 30))]).has_running_contract


def test_the_newest_document_is_of_today_while_a_contract_runs_else_of_its_last_day() -> None:
    assert Holding(TODAY, RUNNING).last_booked_on == TODAY
    assert Holding(TODAY, ENDED).last_booked_on == date(2026, 1, 31)
    assert Holding(TODAY, ENDED, booked_on=date(2026, 2, 20)).last_booked_on == date(2026, 2, 20)
    assert Holding(TODAY).last_booked_on is None


def test_what_is_kept_is_kept_through_its_last_day() -> None:
    claim = date(2023, 3, 5)
    on_it = Holding(date(2026, 3, 5), claim_due_on=claim)
    after = Holding(date(2026, 3, 6), claim_due_on=claim)
    assert propose(DataCategory.COMMUNICATION, on_it).until == date(2026, 3, 5)
    assert propose(DataCategory.COMMUNICATION, after).outcome is Outcome.GRANTED


@pytest.mark.parametrize("is_intentional", [False, True])
def test_the_law_that_reaches_furthest_is_named(is_intentional: bool) -> None:
    """Documents of 2026 stay until the end of 2033, a claim of 2026 until 2029, or until 2036."""
    holding = Holding(
        TODAY, booked_on=date(2026, 1, 10), claim_due_on=date(2026, 2, 1),
        is_intentional=is_intentional,
    )  # fmt: skip
    found = propose(DataCategory.PAYMENT, holding)
    if is_intentional:
        assert (found.until, found.source) == (date(2036, 2, 1), "TsÜS § 146")
        assert found.reason is Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED
    else:
        assert (found.until, found.source) == (date(2033, 12, 31), "RPS § 12")
        assert found.reason is Justification.LEGAL_OBLIGATION_IMPAIRED


def test_a_claim_is_taken_for_an_ordinary_one_unless_somebody_says_otherwise() -> None:
    found = propose(DataCategory.COMMUNICATION, Holding(TODAY, claim_due_on=date(2025, 11, 1)))
    assert found.until == date(2028, 11, 1)


def test_a_contract_keeps_every_kind_of_address_and_an_invoice_only_the_postal_one() -> None:
    assert addresses_kept(Justification.CONTRACT_PERFORMANCE_NECESSITY) == set(AddressKind)
    for reason in GROUNDS:
        if reason is not Justification.CONTRACT_PERFORMANCE_NECESSITY:
            assert addresses_kept(reason) == {AddressKind.POSTAL}
