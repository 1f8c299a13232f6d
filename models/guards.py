"""What must hold before an act, beside the lifecycle table: dates, identity, reasons.

Pure. Each guard gives the one problem that stands against the act, or None.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.identity import satisfies, strictest
from models.retention import GROUNDS, LEGAL_HOLD, Proposal
from models.rights import RIGHTS, is_settled_on_receipt, needs_of
from models.shapes import Problem
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    DataCategory,
    ErrorCode,
    IdentityMethod,
    ItemStatus,
    Justification,
    Outcome,
    RequestType,
)

# The two grounds on which the clock may stand still (R7).
SUSPENSIONS = frozenset(
    {
        Justification.IDENTITY_VERIFICATION_REQUIRED,  # Art. 12(6)
        Justification.INFORMATION_REQUIRED,  # Recital 63
    }
)
HELD = "A legal hold keeps these data: lift it first (GDPR Art. 17(3)(e))."
FEE_GROUNDS = frozenset(
    {Justification.PROCESS_UNFOUNDED, Justification.PROCESS_EXCESSIVE}  # Art. 12(5)
)
FEE_MAX = 1000  # euros, ours: beyond that somebody slipped
LEVEL_OF: dict[IdentityMethod, Assurance] = {
    IdentityMethod.KNOWN_ADDRESS: Assurance.MATCHED,
    IdentityMethod.ADDRESS_CHALLENGE: Assurance.CONFIRMED,
    IdentityMethod.CLIENT_FACTS: Assurance.CONFIRMED,
    IdentityMethod.CALL_BACK: Assurance.CONFIRMED,
    IdentityMethod.IN_PERSON: Assurance.CONFIRMED,
    IdentityMethod.DIGITAL_SIGNATURE: Assurance.SIGNED,
}
GRANTS = frozenset({Outcome.GRANTED, Outcome.PARTLY_GRANTED})
DENIES = frozenset({Outcome.REFUSED, Outcome.PARTLY_GRANTED})
# Nothing is "not held" where no data is asked for.
_NO_DATA = {
    RequestType.CONSENT_WITHDRAWAL,
    RequestType.OBJECTION,
    RequestType.COMPLAINT,
    RequestType.INQUIRY,
}
_FILE = {RequestType.COPY, RequestType.PORTABILITY}
_BY_ITSELF = {RequestType.INFORMATION, RequestType.CONSENT_WITHDRAWAL, *_FILE}


def refuse(code: ErrorCode, message: str, *path: str) -> Problem:
    """One problem at a field of the input."""
    return Problem(code, message, ("input", *path))


def reasoned(words: str, *path: str) -> Problem | None:
    """Words that the law, or a colleague, needs."""
    if words.strip():
        return None
    return refuse(ErrorCode.REASON_REQUIRED, "This act needs a reason in words.", *path)


def may_extend(
    unsuspended_due_on: date | None, today: date, explanation: str, *, is_extended: bool
) -> Problem | None:
    """Art. 12(3), R5: once, with reasons, told by the unsuspended due date."""
    if unsuspended_due_on is None:
        return refuse(ErrorCode.INVALID, "No statutory clock runs, so none can be extended.")
    if is_extended:
        return refuse(ErrorCode.ALREADY_EXTENDED, "The time was already extended once.")
    if today > unsuspended_due_on:
        due = unsuspended_due_on.isoformat()
        message = f"The notice of extension had to be sent by {due} (GDPR Art. 12(3))."
        return refuse(ErrorCode.TOO_LATE, message)
    return reasoned(explanation, "explanation")


def may_suspend(
    ground: Justification, kinds: Collection[RequestType], words: str
) -> Problem | None:
    """R7: only doubt about identity, or scope of information and copy, and only in words."""
    if ground not in SUSPENSIONS:
        return refuse(
            ErrorCode.INVALID,
            "The clock stands still only for doubt about identity (Art. 12(6)) or a question"
            " about the scope of information or a copy (Recital 63).",
            "ground",
        )
    if ground is Justification.INFORMATION_REQUIRED and not may_ask_clarification(kinds):
        return refuse(
            ErrorCode.INVALID,
            "Only a request for information or a copy may be asked to be more specific"
            " (Recital 63); write a reply instead, the clock runs on.",
        )
    if ground is Justification.IDENTITY_VERIFICATION_REQUIRED and not may_ask_identity(kinds):
        return refuse(ErrorCode.INVALID, "Nothing asked for here needs any proof of identity.")
    return reasoned(words, "text")


def may_ask_clarification(kinds: Collection[RequestType]) -> bool:
    """Recital 63: information and copy."""
    return any(RIGHTS[kind].may_ask_clarification for kind in kinds)


def may_ask_identity(kinds: Collection[RequestType]) -> bool:
    """Art. 12(6): whether any of these needs to know who asks, with doubt."""
    return any(RIGHTS[kind].needs_when_doubtful is not Assurance.CLAIMED for kind in kinds)


def may_verify(method: IdentityMethod, note: str, *, has_subject: bool) -> Problem | None:
    """Identity is somebody's, and what was checked is noted."""
    if not has_subject:
        message = "Say whose identity was checked."
        return refuse(ErrorCode.INVALID, message, "clientId")
    if not note.strip():
        message = f"Note what was checked and how ({method.value})."
        return refuse(ErrorCode.REASON_REQUIRED, message, "note")
    return None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person wants to decide about one right."""

    kind: RequestType
    outcome: Outcome
    purposes: tuple[AskedPurpose, ...] = ()
    reason: Justification | None = None
    explanation: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of who asks: `is_doubted` once staff stated a doubt, `was_asked` once a
    letter went out that asked for proof. `has_subject`: a client of ours is meant."""

    assurance: Assurance
    is_doubted: bool = False
    was_asked: bool = False
    has_subject: bool = False


def need_of(decision: Decision, known: Knowledge) -> Assurance:
    """Proof of identity this decision rests on (Art. 11(2), 12(2), 12(6))."""
    return needs_of(decision.kind, decision.purposes, doubtful=known.is_doubted)


def may_decide(decision: Decision, known: Knowledge) -> Problem | None:
    """Whether one right may be decided so."""
    if decision.outcome in DENIES:
        problem = _may_deny(decision, known)
        if problem:
            return problem
    if decision.outcome is Outcome.NOT_HELD and decision.kind in _NO_DATA:
        message = f"A request of type {decision.kind.value} asks for no data."
        return refuse(ErrorCode.INVALID, message, "outcome")
    if not satisfies(known.assurance, need_of(decision, known)) and _tells(decision, known):
        return refuse(
            ErrorCode.IDENTITY_REQUIRED,
            f"This needs identity level {need_of(decision, known).name}, the case has"
            f" {known.assurance.name}: ask the person or verify the identity first.",
            "outcome",
        )
    return _is_answered(decision)


def _tells(decision: Decision, known: Knowledge) -> bool:
    """Whether the decision tells, or does, something that only the right person may have."""
    tells_of_a_client = decision.outcome is Outcome.NOT_HELD and known.has_subject
    return decision.outcome in GRANTS or tells_of_a_client


def _may_deny(decision: Decision, known: Knowledge) -> Problem | None:
    """Art. 12(4): specific reasons; only grounds this right knows; marketing never."""
    if is_settled_on_receipt(decision.kind, decision.purposes):
        message = "This took effect on receipt and cannot be refused (Art. 7(3), 21(3))."
        return refuse(ErrorCode.INVALID, message, "outcome")
    blockers = RIGHTS[decision.kind].blockers
    if not blockers:
        message = f"A request of type {decision.kind.value} is answered, not refused."
        return refuse(ErrorCode.INVALID, message, "outcome")
    if decision.reason is None:
        message = "A refusal, whole or partial, names its ground (Art. 12(4))."
        return refuse(ErrorCode.REASON_REQUIRED, message, "reason")
    if decision.reason not in blockers:
        message = f"This right cannot be refused on the ground {decision.reason.value}."
        return refuse(ErrorCode.INVALID, message, "reason")
    if not decision.explanation.strip():
        message = "A refusal explains how its ground applies here (Art. 12(4))."
        return refuse(ErrorCode.REASON_REQUIRED, message, "explanation")
    return _never_proven(decision, known)


def _never_proven(decision: Decision, known: Knowledge) -> Problem | None:
    if decision.reason is not Justification.IDENTITY_VERIFICATION_FAILURE:
        return None
    if satisfies(known.assurance, need_of(decision, known)):
        message = "The identity this right needs is proven."
        return refuse(ErrorCode.INVALID, message, "reason")
    if not known.was_asked:
        message = "Nobody has asked the person for proof yet: ask first (Art. 12(6))."
        return refuse(ErrorCode.INVALID, message, "reason")
    return None


def _is_answered(decision: Decision) -> Problem | None:
    """The letter tells in words what was done, or answers."""
    is_told = decision.kind in _BY_ITSELF or decision.outcome not in GRANTS
    if is_told or decision.answer.strip():
        return None
    message = "Say in the recipient's language what was done, or the answer."
    return refuse(ErrorCode.DECISION_INCOMPLETE, message, "answer")


def may_announce_fee(ground: Justification, reasons: str, amount: Decimal) -> Problem | None:
    """Art. 12(5), clause 9.7: only for manifestly unfounded or excessive; the proof is ours."""
    if ground not in FEE_GROUNDS:
        message = "A fee is lawful only for manifestly unfounded or excessive requests."
        return refuse(ErrorCode.INVALID, message, "ground")
    if not amount.is_finite() or not 0 < amount < FEE_MAX:
        message = f"A fee is reasonable: above 0 and under {FEE_MAX} euros."
        return refuse(ErrorCode.INVALID, message, "amount")
    return reasoned(reasons, "reasons")


def may_close(statuses: Collection[ItemStatus]) -> Problem | None:
    """Every right is decided, or took effect."""
    undecided = sum(status is ItemStatus.OPEN for status in statuses)
    if not undecided:
        return None
    message = f"{undecided} of {len(statuses)} rights are not decided: decide each one first."
    return refuse(ErrorCode.DECISION_INCOMPLETE, message, "requestId")


@dataclass(frozen=True, slots=True)
class Party:
    """One case of a merger."""

    request_id: int
    subject_id: int | None
    assurance: Assurance
    kinds: frozenset[RequestType]


def may_merge(source: Party, target: Party) -> Problem | None:
    """Two cases of one person; what is less proven adds nothing to what is proven."""
    if source.request_id == target.request_id:
        return refuse(ErrorCode.SELF_MERGE, "A case cannot be merged into itself.", "intoId")
    if None not in (source.subject_id, target.subject_id) and (
        source.subject_id != target.subject_id
    ):
        return refuse(ErrorCode.CONFLICT, "The cases are of different clients.", "intoId")
    adds = source.kinds - target.kinds
    if adds and not satisfies(source.assurance, target.assurance):
        return refuse(
            ErrorCode.IDENTITY_REQUIRED,
            "The case is less proven than the one it would add rights to.",
            "requestId",
        )
    return None


Standing = tuple[ItemStatus, tuple[AskedPurpose, ...]]


def may_correct(
    asked: Collection[tuple[RequestType, tuple[AskedPurpose, ...]]],
    have: Mapping[RequestType, Standing],
) -> Problem | None:
    """What is decided or in effect stays; a withdrawal may only reach further than it did."""
    wanted = dict(asked)
    for kind, (status, purposes) in have.items():
        if status is ItemStatus.OPEN:
            continue
        if kind not in wanted:
            message = f"{kind.value} is {status.value}: it cannot be taken out of the case."
            return refuse(ErrorCode.CONFLICT, message, "labels")
        if AskedPurpose.ALL not in wanted[kind] and not set(purposes) <= set(wanted[kind]):
            message = "What took effect stays: record the consent anew on the client instead."
            return refuse(ErrorCode.CONFLICT, message, "purposes")
    return None


def may_split(
    labels: Collection[RequestType],
    have: Mapping[RequestType, ItemStatus],
    *,
    is_shared: bool,
) -> Problem | None:
    """Rights that go to a second case; at least one stays, and what is decided does not move."""
    if not labels:
        return refuse(ErrorCode.INVALID, "Say which rights the new case has.", "labels")
    if not set(labels) <= set(have):
        message = "The case does not ask for all of these rights."
        return refuse(ErrorCode.NOT_FOUND, message, "labels")
    if is_shared:
        return None
    if set(labels) == set(have):
        message = "At least one right stays: name fewer, or say that both ask for them."
        return refuse(ErrorCode.INVALID, message, "labels")
    if any(have[kind] is ItemStatus.DECIDED for kind in labels):
        return refuse(ErrorCode.CONFLICT, "A right that is decided does not move.", "labels")
    return None


def may_withdraw(case: Assurance, letter: Assurance | None) -> Problem | None:
    """An unproven letter never ends a proven case; None: not said in a letter."""
    if letter is None or satisfies(letter, min_proof(case)):
        return None
    message = "The letter is less proven than the case it would end."
    return refuse(ErrorCode.IDENTITY_REQUIRED, message, "messageId")


def min_proof(case: Assurance) -> Assurance:
    """What a letter must show to speak for a case of this level: an address, or nothing."""
    return Assurance.CLAIMED if case is Assurance.CLAIMED else Assurance.MATCHED


def raised(have: Assurance, shown: Assurance, *, is_same_person: bool) -> Assurance:
    """The level after new proof: never lower for the same person, only the new for another."""
    return strictest([have, shown]) if is_same_person else shown


@dataclass(frozen=True, slots=True)
class Erasing:
    """What a person wants to decide about one category of an erasure."""

    outcome: Outcome
    reason: Justification | None = None
    keep_until: date | None = None
    note: str = ""


def may_decide_category(wish: Erasing, proposal: Proposal, today: date) -> Problem | None:
    """Art. 17(3): what stays names its ground and its day; a hold keeps all; why otherwise."""
    if wish.outcome not in (*GRANTS, Outcome.REFUSED):
        message = "A category is erased, erased in part, or kept."
        return refuse(ErrorCode.INVALID, message, "outcome")
    if proposal.source == LEGAL_HOLD and wish.outcome in GRANTS:
        return refuse(ErrorCode.LEGAL_HOLD, HELD, "outcome")
    if wish.outcome is Outcome.GRANTED:
        if wish.reason or wish.keep_until:
            message = "What is erased whole has no ground and no day of keeping."
            return refuse(ErrorCode.INVALID, message, "reason")
    elif problem := _may_keep(wish, today):
        return problem
    differs = (wish.outcome, wish.reason, wish.keep_until) != (
        proposal.outcome, proposal.reason, proposal.until,
    )  # fmt: skip
    if differs and not wish.note.strip():
        message = "The rules propose otherwise: note why you decide so."
        return refuse(ErrorCode.REASON_REQUIRED, message, "note")
    return None


def _may_keep(wish: Erasing, today: date) -> Problem | None:
    if wish.reason not in GROUNDS:
        message = "What stays names its ground: law, claim or running contract (Art. 17(3))."
        return refuse(ErrorCode.REASON_REQUIRED, message, "reason")
    if wish.keep_until is not None and wish.keep_until < today:
        return refuse(ErrorCode.INVALID, "The day of keeping is over.", "keepUntil")
    if wish.keep_until is None and wish.reason is Justification.LEGAL_OBLIGATION_IMPAIRED:
        message = "A law keeps data until a day: name it."
        return refuse(ErrorCode.REASON_REQUIRED, message, "keepUntil")
    return None


def may_erase(assurance: Assurance, *, is_on_hold: bool) -> Problem | None:
    """No erasure under a legal hold, none for somebody who only claims to be the person."""
    if is_on_hold:
        return refuse(ErrorCode.LEGAL_HOLD, HELD, "requestId")
    if not satisfies(assurance, needs_of(RequestType.ERASURE)):
        message = "An erasure needs a proven identity (Art. 12(6))."
        return refuse(ErrorCode.IDENTITY_REQUIRED, message, "requestId")
    return None


def erasure_complete(decided: Collection[DataCategory]) -> Problem | None:
    """Every category of policy clause 3 is decided."""
    missing = [category.value for category in DataCategory if category not in decided]
    if not missing:
        return None
    message = f"These categories are not decided: {', '.join(missing)}."
    return refuse(ErrorCode.DECISION_INCOMPLETE, message, "requestId")
