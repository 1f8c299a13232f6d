"""Who writes, how sure we must be, and whom we may answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import identity
from models.shapes import ContainerCheck, SignatureCheck
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


def test_what_is_not_said_to_be_shown_is_not_shown() -> None:
    assert identity.assurance(True, True) is MATCHED


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


AT = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
SIGNATURE = SignatureCheck(True, True, True, personal_code="36805280109", signed_at=AT)
WHOLE = ContainerCheck((SIGNATURE,), accepted=True, digest="")
ERASURE = (RequestType.ERASURE,)


def shortfalls(check: ContainerCheck, at: datetime = AT) -> int:
    """How many things speak against a signed erasure received at that time."""
    return len(identity.signature_shortfalls(check, ERASURE, ERASURE, at))


def test_nothing_speaks_against_an_accepted_container_of_this_week() -> None:
    assert shortfalls(WHOLE) == 0
    assert shortfalls(WHOLE, AT + timedelta(days=7)) == 0
    assert shortfalls(WHOLE, AT + timedelta(days=7, seconds=1)) == 1
    assert shortfalls(WHOLE, AT - timedelta(days=8)) == 1


def test_a_refused_container_or_an_unproven_time_speaks_against_it() -> None:
    assert shortfalls(replace(WHOLE, accepted=False)) == 1
    assert shortfalls(replace(WHOLE, signatures=(replace(SIGNATURE, signed_at=None),))) == 1


def test_the_signed_files_must_ask_for_everything_themselves() -> None:
    both = (RequestType.ERASURE, RequestType.COPY)
    assert identity.covers_request(WHOLE, both, ERASURE)
    assert not identity.covers_request(WHOLE, ERASURE, both)
    assert not identity.covers_request(WHOLE, (), ())
    partly = replace(WHOLE, signatures=(replace(SIGNATURE, covers_all_files=False),))
    assert not identity.covers_request(partly, both, ERASURE)
