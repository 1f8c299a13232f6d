"""The published policy as data is whole: every category, purpose, recipient and period."""

from datetime import date

import pytest

from models import policy
from models.letters.facts import published
from models.policy import CATEGORIES, keep_until
from models.vocabulary import DataCategory, Language, LawfulBasis, Purpose


def test_the_policy_has_the_six_categories_of_clause_3() -> None:
    assert set(CATEGORIES) == set(DataCategory)
    assert all(kind is category.category for kind, category in CATEGORIES.items())
    assert all("3" in category.clauses for category in CATEGORIES.values())


def test_every_consent_ledger_has_its_purpose_and_every_consent_its_ledger() -> None:
    aims = [aim for category in CATEGORIES.values() for aim in category.aims]
    assert {aim.consent for aim in aims if aim.consent} == set(Purpose)
    assert all((aim.basis is LawfulBasis.CONSENT) == (aim.consent is not None) for aim in aims)


@pytest.mark.parametrize("kind", DataCategory)
def test_every_category_says_why_how_long_and_where_to_search(kind: DataCategory) -> None:
    category = CATEGORIES[kind]
    assert category.aims
    assert category.bases
    assert category.retention
    assert category.systems


@pytest.mark.parametrize("kind", DataCategory)
@pytest.mark.parametrize("language", Language)
def test_every_category_can_be_told_in_every_language(
    kind: DataCategory, language: Language
) -> None:
    told = published(kind, language)
    assert all((*told.purposes, told.period, told.source, CATEGORIES[kind].title[language]))
    assert all(told.recipients)


def test_payments_go_to_the_payment_provider_and_incidents_to_the_response_teams() -> None:
    assert policy.PAYMENT_PROVIDER in CATEGORIES[DataCategory.PAYMENT].recipients
    assert policy.CERT in CATEGORIES[DataCategory.DEVICE].recipients
    assert policy.REGISTRIES in CATEGORIES[DataCategory.CLIENT].recipients


def test_an_invoice_booked_in_2026_is_kept_to_the_end_of_2033() -> None:
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        assert keep_until(policy.ACCOUNTING, day) == date(2033, 12, 31)


def test_a_client_without_another_basis_is_kept_two_years() -> None:
    assert keep_until(policy.AFTER_RELATIONSHIP, date(2026, 3, 5)) == date(2028, 3, 5)


def test_a_period_from_a_leap_day_ends_on_the_last_day_of_february() -> None:
    assert keep_until(policy.CLAIMS, date(2028, 2, 29)) == date(2031, 2, 28)
