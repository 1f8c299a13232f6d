"""Who writes, how sure we must be, and whom we may answer."""

import pytest

from models import identity
from models.vocabulary import AskedPurpose, Assurance, RequestType

CLAIMED, MATCHED, CONFIRMED, SIGNED = identity.LEVELS


@pytest.mark.parametrize(
    ("on_file", "proven", "answered", "signed", "level"),
    [
        (False, False, False, False, CLAIMED),
        (True, False, False, False, CLAIMED),
        (False, True, False, False, CLAIMED),
        (True, True, False, False, MATCHED),
        (True, True, True, False, CONFIRMED),
        (False, False, False, True, SIGNED),
        (True, True, True, True, SIGNED),
    ],
)
def test_the_level_follows_the_evidence(
    on_file: bool, proven: bool, answered: bool, signed: bool, level: Assurance
) -> None:
    assert identity.assurance(on_file, proven, answered, signed) is level


def test_a_level_satisfies_itself_and_all_below() -> None:
    for have_at, have in enumerate(identity.LEVELS):
        for need_at, need in enumerate(identity.LEVELS):
            assert identity.satisfies(have, need) == (have_at >= need_at)


def test_every_level_of_the_vocabulary_has_a_rank() -> None:
    assert set(identity.LEVELS) == set(Assurance)


def test_the_strictest_need_rules() -> None:
    asked = [RequestType.CONSENT_WITHDRAWAL, RequestType.ERASURE, RequestType.COPY]
    assert identity.needed(asked) is CONFIRMED
    assert identity.needed(asked[:2]) is MATCHED
    assert identity.needed(asked[:2], doubtful=True) is CONFIRMED
    assert identity.needed(asked[:1]) is CLAIMED
    assert identity.needed([]) is CLAIMED


def test_a_marketing_objection_needs_no_proof() -> None:
    assert identity.needed([RequestType.OBJECTION], [AskedPurpose.MARKETING]) is CLAIMED
    assert identity.needed([RequestType.OBJECTION], [AskedPurpose.ANALYTICS]) is MATCHED


def test_an_unproven_withdrawal_reaches_the_one_client_of_the_address() -> None:
    assert identity.withdrawal_reach([7, 7]) == identity.WithdrawalReach(7, needs_person=False)


def test_an_unproven_withdrawal_from_a_shared_address_goes_to_a_person() -> None:
    assert identity.withdrawal_reach([7, 8]) == identity.WithdrawalReach(None, needs_person=True)


def test_an_unproven_withdrawal_from_an_unknown_address_changes_nobodys_consents() -> None:
    assert identity.withdrawal_reach([]) == identity.WithdrawalReach(None, needs_person=False)


def test_answers_go_to_an_address_on_file() -> None:
    on_file = ["mari@example.com"]
    assert identity.answer_address("Mari@Example.com", on_file) == "Mari@Example.com"
    assert identity.answer_address("other@example.com", on_file) is None
    assert identity.answer_address(None, on_file) is None


def test_answers_go_to_an_address_named_in_the_signed_text() -> None:
    assert identity.answer_address("a@example.com", [], "b@example.com") == "b@example.com"
