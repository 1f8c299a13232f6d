"""The lifecycle of a case: status x action x role -> the status it leads to, or a refusal.

Published as one table, so that a lawyer can read and change it. Pure. What must hold
besides (dates, identity, reasons) stands in models.guards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.shapes import Problem
from models.vocabulary import DeliveryState, ErrorCode, Outcome, RequestAction, RequestStatus, Role

NEW = RequestStatus.NEW
AWAITING_IDENTITY = RequestStatus.AWAITING_IDENTITY
AWAITING_CLARIFICATION = RequestStatus.AWAITING_CLARIFICATION
IN_PROGRESS = RequestStatus.IN_PROGRESS
CLOSED = RequestStatus.CLOSED
MERGED = RequestStatus.MERGED
NOT_A_REQUEST = RequestStatus.NOT_A_REQUEST

OPEN = (NEW, AWAITING_IDENTITY, AWAITING_CLARIFICATION, IN_PROGRESS)
WAITING = (AWAITING_IDENTITY, AWAITING_CLARIFICATION)
FINAL = (CLOSED, MERGED, NOT_A_REQUEST)

HANDLERS = frozenset({Role.CASE_HANDLER, Role.DPO})
OFFICER = frozenset(
    {Role.DPO}
)  # refusals, fees, holds and breaches are the data protection officer's


@dataclass(frozen=True, slots=True)
class Step:
    """One action: who may do it, and where it leads from each status it fits."""

    roles: frozenset[Role]
    leads: Mapping[RequestStatus, RequestStatus]


def _stays(*statuses: RequestStatus) -> dict[RequestStatus, RequestStatus]:
    return {status: status for status in statuses}


def _to(target: RequestStatus, *statuses: RequestStatus) -> dict[RequestStatus, RequestStatus]:
    return dict.fromkeys(statuses, target)


_BEGINS = _stays(*OPEN) | {NEW: IN_PROGRESS}

STEPS: dict[RequestAction, Step] = {
    RequestAction.ASSIGN: Step(HANDLERS, _BEGINS),
    RequestAction.ASK_IDENTITY: Step(
        HANDLERS, _to(AWAITING_IDENTITY, NEW, IN_PROGRESS, AWAITING_CLARIFICATION)
    ),
    RequestAction.VERIFY_IDENTITY: Step(HANDLERS, _stays(*OPEN) | {AWAITING_IDENTITY: IN_PROGRESS}),
    RequestAction.ASK_CLARIFICATION: Step(
        HANDLERS, _to(AWAITING_CLARIFICATION, NEW, IN_PROGRESS, AWAITING_IDENTITY)
    ),
    RequestAction.RESUME: Step(HANDLERS, _to(IN_PROGRESS, *WAITING)),
    RequestAction.REMIND: Step(HANDLERS, _stays(*WAITING)),
    RequestAction.EXTEND: Step(HANDLERS, _stays(*OPEN)),
    RequestAction.DECIDE: Step(HANDLERS, _BEGINS),
    RequestAction.ERASE: Step(HANDLERS, _BEGINS),
    RequestAction.CLOSE: Step(HANDLERS, _to(CLOSED, *OPEN)),
    RequestAction.REFUSE: Step(OFFICER, _to(CLOSED, *OPEN)),
    RequestAction.ANNOUNCE_FEE: Step(OFFICER, _stays(*OPEN)),
    RequestAction.CORRECT_CLASSIFICATION: Step(HANDLERS, _stays(*OPEN)),
    RequestAction.MERGE: Step(HANDLERS, _to(MERGED, *OPEN)),
    RequestAction.SPLIT: Step(HANDLERS, _stays(*OPEN)),
    RequestAction.REPLY: Step(HANDLERS, _stays(*OPEN, CLOSED)),
    RequestAction.NOTE: Step(HANDLERS, _stays(*OPEN, *FINAL)),
    RequestAction.LEGAL_HOLD: Step(OFFICER, _stays(*OPEN, CLOSED)),
    RequestAction.LIFT_LEGAL_HOLD: Step(OFFICER, _stays(*OPEN, CLOSED)),
    RequestAction.WITHDRAW: Step(HANDLERS, _to(CLOSED, *OPEN)),
    RequestAction.REOPEN: Step(HANDLERS, _to(IN_PROGRESS, CLOSED, NOT_A_REQUEST)),
    RequestAction.RETRY_LETTER: Step(HANDLERS, _stays(*OPEN, *FINAL)),
    RequestAction.RELEASE_LETTER: Step(HANDLERS, _stays(*OPEN, *FINAL)),
    RequestAction.DROP_LETTER: Step(HANDLERS, _stays(*OPEN, *FINAL)),
    RequestAction.REPORT_BREACH: Step(HANDLERS, _stays(*OPEN, CLOSED, NOT_A_REQUEST)),
    RequestAction.DECIDE_BREACH: Step(OFFICER, _stays(*OPEN, CLOSED, NOT_A_REQUEST)),
    RequestAction.DECIDE_TELLING: Step(OFFICER, _stays(*OPEN, CLOSED, NOT_A_REQUEST)),
    RequestAction.ACKNOWLEDGE: Step(HANDLERS, _stays(*OPEN)),
}

# A correction that leaves no right: a person found it was no request at all.
CORRECTED_TO_NOTHING = NOT_A_REQUEST

# What a letter of ours allows, by how far it got.
LETTER_ACTIONS: dict[DeliveryState, tuple[RequestAction, ...]] = {
    DeliveryState.HELD: (RequestAction.RELEASE_LETTER, RequestAction.DROP_LETTER),
    DeliveryState.QUEUED: (RequestAction.DROP_LETTER,),
    DeliveryState.DEFERRED: (RequestAction.RETRY_LETTER, RequestAction.DROP_LETTER),
    DeliveryState.FAILED: (RequestAction.RETRY_LETTER, RequestAction.DROP_LETTER),
    DeliveryState.MAYBE_SENT: (RequestAction.RETRY_LETTER, RequestAction.DROP_LETTER),
    DeliveryState.BOUNCED: (RequestAction.RETRY_LETTER,),
}
_OF_LETTERS = {action for actions in LETTER_ACTIONS.values() for action in actions}


@dataclass(frozen=True, slots=True)
class Situation:
    """What else decides on the actions of a case, beside its status.

    `is_extendable`: a statutory clock runs, was never extended, and its time is not up.
    `may_ask_clarification`: information or a copy is asked for (Recital 63).
    `asks_erasure`: an erasure is asked for, and not carried out yet.
    `may_be_acknowledged`: it came by mail, and no acknowledgement can have reached anybody.
    `is_erased`: its time was up; it takes no words, and its letters do not go again.
    """

    letters: frozenset[DeliveryState] = frozenset()
    has_undecided: bool = True
    is_extendable: bool = True
    may_ask_clarification: bool = True
    is_on_hold: bool = False
    asks_erasure: bool = False
    may_be_acknowledged: bool = True
    is_erased: bool = False


def may_act(action: RequestAction, roles: Iterable[Role]) -> bool:
    """Whether one of these roles may do it at all."""
    return not STEPS[action].roles.isdisjoint(roles)


def step(
    status: RequestStatus, action: RequestAction, roles: Iterable[Role]
) -> RequestStatus | Problem:
    """Where `action` leads from `status`, or why it is refused: FORBIDDEN, ILLEGAL_TRANSITION."""
    roles = frozenset(roles)
    row = STEPS[action]
    if row.roles.isdisjoint(roles):
        return Problem(ErrorCode.FORBIDDEN, "Your role may not do this.", ("input",))
    if status in row.leads:
        return row.leads[status]
    return Problem(
        ErrorCode.ILLEGAL_TRANSITION,
        f"A case that is {status.name} does not allow {action.name}: see its allowedActions.",
        ("input", "requestId"),
        {"from": status, "allowed": list(allowed(status, roles))},
    )


def may_write(erased_at: datetime | None) -> Problem | None:
    """What left the register at the end of its time gets no new words: nobody would purge them.

    What is found out later, a breach too (Art. 33(5)), has a case, and a time, of its own.
    """
    if erased_at is None:
        return None
    message = (
        "The words of this case are erased, and it takes no new ones:"
        " record what is new as a case of its own."
    )
    return Problem(ErrorCode.CONFLICT, message, ("input", "requestId"))


def allowed(status: RequestStatus, roles: Iterable[Role]) -> tuple[RequestAction, ...]:
    """What these roles may do with a case of this status, letters apart."""
    return tuple(
        action
        for action in RequestAction
        if action not in _OF_LETTERS and status in STEPS[action].leads and may_act(action, roles)
    )


def allowed_actions(
    status: RequestStatus, roles: Iterable[Role], situation: Situation
) -> tuple[RequestAction, ...]:
    """What these roles may do with this very case: drives the buttons of a dashboard."""
    roles = frozenset(roles)
    found = set() if situation.is_erased else set(allowed(status, roles)) - _impossible(situation)
    if not HANDLERS.isdisjoint(roles):
        for state in situation.letters:
            found.update(LETTER_ACTIONS.get(state, ()))
    if situation.is_erased:
        found &= {RequestAction.DROP_LETTER}
    return tuple(action for action in RequestAction if action in found)


def _impossible(situation: Situation) -> set[RequestAction]:
    facts = {
        RequestAction.CLOSE: not situation.has_undecided,
        RequestAction.EXTEND: situation.is_extendable,
        RequestAction.ASK_CLARIFICATION: situation.may_ask_clarification,
        RequestAction.ERASE: situation.asks_erasure and not situation.is_on_hold,
        RequestAction.LEGAL_HOLD: not situation.is_on_hold,
        RequestAction.LIFT_LEGAL_HOLD: situation.is_on_hold,
        RequestAction.ACKNOWLEDGE: situation.may_be_acknowledged,
    }
    return {action for action, possible in facts.items() if not possible}


def outcome_of(outcomes: Iterable[Outcome]) -> Outcome:
    """How a case ended, from how its rights ended; ValueError without any.

    What the person took back or we do not hold counts only where nothing else was decided.
    """
    found = set(outcomes)
    if not found:
        raise ValueError("a case without a decided right has no outcome")
    decided = found - {Outcome.WITHDRAWN_BY_SUBJECT} or found
    decided = decided - {Outcome.NOT_HELD} or decided
    return decided.pop() if len(decided) == 1 else Outcome.PARTLY_GRANTED


_HEAD = """# Lifecycle of a case

What a colleague may do with a case of each status, and where it leads; – is refused with
`ILLEGAL_TRANSITION`, another role with `FORBIDDEN`. Printed by `python -m models lifecycle` from
`models/lifecycle.py`; dates, identity and reasons that must hold besides stand in
`models/guards.py`, and `allowedActions` of a case says what is possible now. A case whose words
are erased, because its time was up, takes no new ones (`CONFLICT`); a letter of it may still be
dropped.
"""


def published() -> str:
    """The whole table as Markdown: status x action x role."""
    names = [status.value.replace("_", " ") for status in RequestStatus]
    lines = [
        f"| action | who | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
        *(_row(action, row) for action, row in STEPS.items()),
    ]
    return "\n".join([_HEAD, *lines, ""])


def _row(action: RequestAction, row: Step) -> str:
    who = ", ".join(role.value.replace("_", " ") for role in Role if role in row.roles)
    leads = [
        row.leads[status].value.replace("_", " ") if status in row.leads else "–"
        for status in RequestStatus
    ]
    return f"| `{action.name}` | {who} | {' | '.join(leads)} |"
