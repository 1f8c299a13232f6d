"""The lifecycle as a lawyer would read it: every status, action and role, and what each allows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import lifecycle
from models.lifecycle import (
    CORRECTED_TO_NOTHING,
    FINAL,
    HANDLERS,
    OFFICER,
    OPEN,
    STEPS,
    WAITING,
    Situation,
    allowed,
    allowed_actions,
    may_act,
    may_write,
    outcome_of,
    published,
    step,
)
from models.shapes import Problem
from models.vocabulary import DeliveryState, ErrorCode, Outcome, RequestAction, RequestStatus, Role

A = RequestAction
# N new, I awaits identity, C awaits clarification, P in progress, X closed, M merged, 0 no request
SIGNS = dict(zip("NICPXM0", RequestStatus, strict=True))
# action -> where it leads from each of these seven, "." where it is refused
TABLE: dict[RequestAction, str] = {
    A.ASSIGN: "PICP...",
    A.ASK_IDENTITY: "I.II...",
    A.VERIFY_IDENTITY: "NPCP...",
    A.ASK_CLARIFICATION: "CC.C...",
    A.RESUME: ".PP....",
    A.REMIND: ".IC....",
    A.EXTEND: "NICP...",
    A.DECIDE: "PICP...",
    A.ERASE: "PICP...",
    A.CLOSE: "XXXX...",
    A.REFUSE: "XXXX...",
    A.ANNOUNCE_FEE: "NICP...",
    A.CORRECT_CLASSIFICATION: "NICP...",
    A.MERGE: "MMMM...",
    A.SPLIT: "NICP...",
    A.REPLY: "NICPX..",
    A.NOTE: "NICPXM0",
    A.LEGAL_HOLD: "NICPX..",
    A.LIFT_LEGAL_HOLD: "NICPX..",
    A.WITHDRAW: "XXXX...",
    A.REOPEN: "....P.P",
    A.RETRY_LETTER: "NICPXM0",
    A.RELEASE_LETTER: "NICPXM0",
    A.DROP_LETTER: "NICPXM0",
    A.REPORT_BREACH: "NICPX.0",
    A.DECIDE_BREACH: "NICPX.0",
    A.DECIDE_TELLING: "NICPX.0",
    A.ACKNOWLEDGE: "NICP...",
}
ONLY_THE_OFFICER = {
    A.REFUSE, A.ANNOUNCE_FEE, A.LEGAL_HOLD, A.LIFT_LEGAL_HOLD, A.DECIDE_BREACH, A.DECIDE_TELLING
}  # fmt: skip
OF_LETTERS = {A.RETRY_LETTER, A.RELEASE_LETTER, A.DROP_LETTER}
OUTCOMES = st.lists(st.sampled_from(Outcome), min_size=1, max_size=5)


def may(action: RequestAction, roles: Iterable[Role]) -> bool:
    """Case handlers and the data protection officer act; some acts are the officer's alone."""
    able = {Role.DPO} if action in ONLY_THE_OFFICER else {Role.CASE_HANDLER, Role.DPO}
    return not able.isdisjoint(roles)


def test_the_signs_of_the_table_are_all_statuses() -> None:
    assert [status.value for status in SIGNS.values()] == [
        "new", "awaiting_identity", "awaiting_clarification", "in_progress", "closed", "merged",
        "not_a_request",
    ]  # fmt: skip
    assert set(TABLE) == set(RequestAction)
    assert set(OPEN) | set(FINAL) == set(RequestStatus)
    assert set(WAITING) < set(OPEN)
    assert CORRECTED_TO_NOTHING in FINAL
    assert {Role.CASE_HANDLER, Role.DPO} == HANDLERS
    assert {Role.DPO} == OFFICER


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", RequestAction)
def test_every_action_leads_where_the_table_says_or_is_refused(
    action: RequestAction, role: Role
) -> None:
    """FORBIDDEN to the wrong role whatever the status, else ILLEGAL_TRANSITION with the way out."""
    for sign, leads in zip(SIGNS, TABLE[action], strict=True):
        found = step(SIGNS[sign], action, [role])
        if not may(action, [role]):
            assert isinstance(found, Problem)
            assert (found.code, found.path) == (ErrorCode.FORBIDDEN, ("input",))
        elif leads != ".":
            assert found is SIGNS[leads]
        else:
            assert isinstance(found, Problem)
            assert (found.code, found.path) == (
                ErrorCode.ILLEGAL_TRANSITION,
                ("input", "requestId"),
            )
            assert found.extra["from"] is SIGNS[sign]
            assert found.extra["allowed"] == list(allowed(SIGNS[sign], [role]))
            assert SIGNS[sign].name in found.message
            assert action.name in found.message


@given(st.sampled_from(RequestStatus), st.frozensets(st.sampled_from(Role)))
def test_what_is_allowed_is_what_would_not_be_refused(
    status: RequestStatus, roles: frozenset[Role]
) -> None:
    """In the order of the vocabulary; acts on letters depend on the letters."""
    wanted = [
        action
        for action in RequestAction
        if action not in OF_LETTERS and isinstance(step(status, action, roles), RequestStatus)
    ]
    assert list(allowed(status, roles)) == wanted
    assert all(may_act(action, roles) is may(action, roles) for action in RequestAction)


def test_the_published_table_is_the_one_that_is_enforced() -> None:
    page = Path(lifecycle.__file__).with_suffix(".md").read_text(encoding="utf-8")
    assert page == published()
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [cells[0].strip("`") for cells in rows] == [action.name for action in STEPS]
    for action, (_, who, *leads) in zip(STEPS, rows, strict=True):
        signs = {status.value.replace("_", " "): sign for sign, status in SIGNS.items()}
        assert "".join(signs.get(one, ".") for one in leads) == TABLE[action]
        assert ("case handler" in who) is (action not in ONLY_THE_OFFICER)


def test_a_role_beside_others_is_enough() -> None:
    assert step(RequestStatus.NEW, A.REFUSE, [Role.VIEWER, Role.DPO]) is RequestStatus.CLOSED


@pytest.mark.parametrize(
    ("situation", "gone", "there"),
    [
        (Situation(), {A.CLOSE, A.LIFT_LEGAL_HOLD, A.ERASE}, {A.EXTEND, A.LEGAL_HOLD}),
        (Situation(), set(), {A.ASK_CLARIFICATION, A.ACKNOWLEDGE}),
        (Situation(has_undecided=False), {A.ERASE}, {A.CLOSE}),
        (Situation(is_extendable=False), {A.EXTEND}, {A.DECIDE}),
        (Situation(may_ask_clarification=False), {A.ASK_CLARIFICATION}, {A.ASK_IDENTITY}),
        (Situation(is_on_hold=True), {A.LEGAL_HOLD, A.ERASE}, {A.LIFT_LEGAL_HOLD}),
        (Situation(asks_erasure=True), set(), {A.ERASE, A.LEGAL_HOLD, A.ACKNOWLEDGE}),
        (Situation(may_be_acknowledged=False), {A.ACKNOWLEDGE}, {A.REPLY}),
        (Situation(asks_erasure=True, is_on_hold=True), {A.ERASE}, {A.LIFT_LEGAL_HOLD}),
    ],
)
def test_buttons_follow_the_situation_of_the_case(
    situation: Situation, gone: set[RequestAction], there: set[RequestAction]
) -> None:
    found = allowed_actions(RequestStatus.IN_PROGRESS, [Role.DPO], situation)
    assert gone.isdisjoint(found)
    assert there <= set(found)
    assert list(found) == [action for action in RequestAction if action in found]
    assert OF_LETTERS.isdisjoint(found)


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (DeliveryState.HELD, {A.RELEASE_LETTER, A.DROP_LETTER}),
        (DeliveryState.QUEUED, {A.DROP_LETTER}),
        (DeliveryState.SENDING, set()),
        (DeliveryState.SENT, set()),
        (DeliveryState.DROPPED, set()),
        (DeliveryState.DEFERRED, {A.RETRY_LETTER, A.DROP_LETTER}),
        (DeliveryState.FAILED, {A.RETRY_LETTER, A.DROP_LETTER}),
        (DeliveryState.MAYBE_SENT, {A.RETRY_LETTER, A.DROP_LETTER}),
        (DeliveryState.BOUNCED, {A.RETRY_LETTER}),
    ],
)
def test_buttons_follow_how_far_the_letters_got(
    state: DeliveryState, buttons: set[RequestAction]
) -> None:
    """Also of a case that is over; never for somebody who only looks."""
    situation = Situation(letters=frozenset({state}))
    for status in (RequestStatus.NEW, RequestStatus.CLOSED):
        found = set(allowed_actions(status, [Role.CASE_HANDLER], situation))
        assert found & OF_LETTERS == buttons
        assert allowed_actions(status, [Role.VIEWER], situation) == ()


def test_a_case_whose_words_are_erased_has_no_button_but_to_drop_a_letter() -> None:
    letters = frozenset({DeliveryState.MAYBE_SENT, DeliveryState.BOUNCED})
    for status in RequestStatus:
        found = allowed_actions(status, list(Role), Situation(letters=letters, is_erased=True))
        assert found == (A.DROP_LETTER,)
        assert allowed_actions(status, list(Role), Situation(is_erased=True)) == ()


def test_only_what_is_erased_takes_no_words() -> None:
    assert may_write(None) is None
    problem = may_write(datetime(2029, 3, 6, tzinfo=UTC))
    assert problem is not None
    assert (problem.code, problem.path[-1]) == (ErrorCode.CONFLICT, "requestId")


@given(OUTCOMES)
def test_a_case_ends_as_its_rights_did(outcomes: list[Outcome]) -> None:
    """Alike: so; what was taken back or is not held counts only where nothing else was decided."""
    found = set(outcomes)
    weak = {Outcome.WITHDRAWN_BY_SUBJECT, Outcome.NOT_HELD}
    strong = found - weak
    if len(strong) > 1:
        assert outcome_of(outcomes) is Outcome.PARTLY_GRANTED
    elif strong:
        assert {outcome_of(outcomes)} == strong
    else:
        wanted = Outcome.NOT_HELD if Outcome.NOT_HELD in found else Outcome.WITHDRAWN_BY_SUBJECT
        assert outcome_of(outcomes) is wanted


@pytest.mark.parametrize(
    ("outcomes", "ended"),
    [
        ({Outcome.WITHDRAWN_BY_SUBJECT}, Outcome.WITHDRAWN_BY_SUBJECT),
        ({Outcome.WITHDRAWN_BY_SUBJECT, Outcome.NOT_HELD}, Outcome.NOT_HELD),
        ({Outcome.NOT_HELD}, Outcome.NOT_HELD),
        ({Outcome.NOT_HELD, Outcome.REFUSED}, Outcome.REFUSED),
        ({Outcome.GRANTED, Outcome.WITHDRAWN_BY_SUBJECT}, Outcome.GRANTED),
        ({Outcome.GRANTED, Outcome.REFUSED}, Outcome.PARTLY_GRANTED),
    ],
)
def test_weak_outcomes_give_way(outcomes: set[Outcome], ended: Outcome) -> None:
    assert outcome_of(outcomes) is ended


def test_a_case_without_a_decided_right_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="no outcome"):
        outcome_of([])
