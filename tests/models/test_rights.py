"""The table of rights is whole and says what the law says."""

import pytest

from models import rights
from models.rights import RIGHTS
from models.vocabulary import AskedPurpose, Assurance, Justification, RequestType

NO_CLOCK = {RequestType.COMPLAINT, RequestType.INQUIRY}


def test_every_request_type_has_a_row() -> None:
    assert set(RIGHTS) == set(RequestType)
    assert all(kind is right.type for kind, right in RIGHTS.items())


def test_only_inquiry_and_complaint_have_no_statutory_clock() -> None:
    assert {kind for kind in RequestType if RIGHTS[kind].months is None} == NO_CLOCK
    assert all(RIGHTS[kind].months == 1 for kind in set(RequestType) - NO_CLOCK)


def test_a_case_with_several_requests_takes_the_strictest_clock() -> None:
    assert rights.has_statutory_clock([RequestType.COMPLAINT, RequestType.ERASURE])
    assert not rights.has_statutory_clock(NO_CLOCK)
    assert rights.months_to_answer([RequestType.INQUIRY, RequestType.COPY]) == 1
    assert rights.months_to_answer(NO_CLOCK) is None


@pytest.mark.parametrize(
    ("kind", "need", "doubtful"),
    [
        (RequestType.INQUIRY, Assurance.CLAIMED, Assurance.CLAIMED),
        (RequestType.COMPLAINT, Assurance.CLAIMED, Assurance.CLAIMED),
        (RequestType.CONSENT_WITHDRAWAL, Assurance.CLAIMED, Assurance.CLAIMED),
        (RequestType.INFORMATION, Assurance.MATCHED, Assurance.CONFIRMED),
        (RequestType.OBJECTION, Assurance.MATCHED, Assurance.CONFIRMED),
        (RequestType.RESTRICTION, Assurance.MATCHED, Assurance.CONFIRMED),
        (RequestType.RECTIFICATION, Assurance.MATCHED, Assurance.CONFIRMED),
        (RequestType.ERASURE, Assurance.MATCHED, Assurance.CONFIRMED),
        (RequestType.COPY, Assurance.CONFIRMED, Assurance.CONFIRMED),
        (RequestType.PORTABILITY, Assurance.CONFIRMED, Assurance.CONFIRMED),
    ],
)
def test_the_proof_of_identity_a_request_needs(
    kind: RequestType, need: Assurance, doubtful: Assurance
) -> None:
    assert rights.needs_of(kind) is need
    assert rights.needs_of(kind, doubtful=True) is doubtful


def test_an_objection_to_marketing_needs_no_proof_and_is_effective_on_receipt() -> None:
    marketing = (AskedPurpose.MARKETING,)
    assert rights.needs_of(RequestType.OBJECTION, marketing, doubtful=True) is Assurance.CLAIMED
    assert rights.takes_effect_on_receipt(RequestType.OBJECTION, marketing)
    assert not rights.takes_effect_on_receipt(RequestType.OBJECTION, (AskedPurpose.ANALYTICS,))


def test_an_objection_to_everything_stops_marketing_at_once_but_needs_proof() -> None:
    everything = (AskedPurpose.ALL,)
    assert rights.takes_effect_on_receipt(RequestType.OBJECTION, everything)
    assert rights.needs_of(RequestType.OBJECTION, everything) is Assurance.MATCHED
    assert not rights.is_settled_on_receipt(RequestType.OBJECTION, everything)
    assert rights.is_settled_on_receipt(RequestType.OBJECTION, (AskedPurpose.MARKETING,))
    more = (AskedPurpose.MARKETING, AskedPurpose.ANALYTICS)
    assert not rights.is_settled_on_receipt(RequestType.OBJECTION, more)
    assert rights.is_settled_on_receipt(RequestType.CONSENT_WITHDRAWAL, everything)


@pytest.mark.parametrize("kind", sorted(set(RequestType) - {RequestType.OBJECTION}))
def test_nothing_but_an_objection_objects_to_marketing(kind: RequestType) -> None:
    assert not rights.is_marketing_objection(kind, (AskedPurpose.MARKETING,))
    settled = rights.is_settled_on_receipt(kind, (AskedPurpose.MARKETING,))
    assert settled is (kind is RequestType.CONSENT_WITHDRAWAL)


def test_of_the_rest_only_a_withdrawal_is_effective_on_receipt() -> None:
    at_once = {kind for kind in RequestType if rights.takes_effect_on_receipt(kind)}
    assert at_once == {RequestType.CONSENT_WITHDRAWAL}


def test_scope_may_be_asked_only_for_information_and_copy() -> None:
    askable = {kind for kind, right in RIGHTS.items() if right.may_ask_clarification}
    assert askable == {RequestType.INFORMATION, RequestType.COPY}


def test_nothing_blocks_a_withdrawal() -> None:
    assert RIGHTS[RequestType.CONSENT_WITHDRAWAL].blockers == ()


def test_every_ground_of_a_refusal_belongs_to_the_rights_the_law_gives_it_to() -> None:
    """Identity, excess and manifest unfoundedness may meet any request (Art. 12)."""
    names = {
        Justification.THIRD_PARTY_RIGHTS_IMPAIRED: "information copy portability",
        Justification.LEGAL_OBLIGATION_IMPAIRED: "rectification erasure objection",
        Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: "erasure restriction objection",
        Justification.CONTRACT_PERFORMANCE_NECESSITY: "erasure",
        Justification.FULFILMENT_IMPOSSIBLE: "portability",
        Justification.LEGITIMATE_INTEREST_OVERRIDE: "objection",
        Justification.NOT_REQUIRED_JUSTIFICATION: "rectification restriction objection",
    }
    always = {
        Justification.IDENTITY_VERIFICATION_FAILURE,
        Justification.PROCESS_UNFOUNDED,
        Justification.PROCESS_EXCESSIVE,
    }
    for right in RIGHTS.values():
        own = {ground for ground, kinds in names.items() if right.type.value in kinds.split()}
        assert set(right.blockers) == (own | always if right.blockers else set()), right.type
