"""What each letter says: one frozen shape per kind, and the refusal to write without its facts.

Free texts (`reasons`, `explanation`, `question` ...) are staff's own words in the
language of the recipient. Dates are local days of the controller.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from models.policy import CATEGORIES
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    DataCategory,
    ExtensionGround,
    Justification,
    Language,
    Outcome,
    RequestStatus,
    RequestType,
)


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller's facts (GDPR Art. 13(1)(a)); `contact` is the one for data protection."""

    name: str
    registry_code: str
    address: str
    phone: str
    contact: str
    dpo_address: str | None = None


class AskedRight(NamedTuple):
    """One right asked for; purposes only for a withdrawal or an objection."""

    type: RequestType
    purposes: tuple[AskedPurpose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What every letter about a case says. `their_reference` is the writer's own.

    `is_letter`: the request came in writing; else it was spoken.
    """

    controller: Controller
    reference: str
    received_on: date
    their_reference: str | None = None
    is_letter: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementFacts(CaseFacts):
    """The one automatic letter.

    `due_on` is the statutory date; without a statutory clock it is None and `target_on`
    our own date. `effective` are the rights that took effect on receipt. `needs_identity`
    is the level still to be shown. `is_pure_withdrawal`: this letter also closes the case.
    """

    due_on: date | None
    rights: tuple[AskedRight, ...]
    target_on: date | None = None
    effective: tuple[AskedRight, ...] = ()
    needs_identity: Assurance | None = None
    is_pure_withdrawal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheckFacts(CaseFacts):
    """Art. 12(6): `doubt` says why we are not sure; it pauses the time until the answer."""

    rights: tuple[AskedRight, ...]
    needs: Assurance
    doubt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationFacts(CaseFacts):
    """Recital 63: `question` asks which data or processing is meant; it pauses the time."""

    rights: tuple[AskedRight, ...]
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFacts(CaseFacts):
    """Art. 12(3): told before `due_on`, with `reasons` and the new date."""

    due_on: date
    extended_due_on: date
    ground: ExtensionGround
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNoticeFacts(CaseFacts):
    """Art. 12(5), clause 9.7: announced before charging; `amount` in euros."""

    ground: Justification
    reasons: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not erased: `what`, `until` when, and `why` (the law or contract).

    `until` is None while nobody knows the day: a running contract, a legal claim.
    """

    what: str
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Processing:
    """What we process of one category (Art. 15(1)); every list in words for the recipient."""

    category: DataCategory
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    period: str
    source: str


def published(category: DataCategory, language: Language) -> Processing:
    """What the published policy says of a category, as a start for the answer."""
    policy = CATEGORIES[category]
    return Processing(
        category=category,
        purposes=tuple(aim.text[language] for aim in policy.aims),
        recipients=tuple(recipient.text[language] for recipient in policy.recipients),
        period="; ".join(retention.text[language] for retention in policy.retention),
        source=policy.source[language],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided on one right and what the closing letter must say about it.

    `done` is what was done, or the answer. `erased`, `kept` and `recipients_told` for erasure,
    rectification and restriction (Art. 19); `processing` for information and copy;
    `effective_on` for a withdrawal or objection. A refusal, whole or partial, needs
    `reason` and `explanation` (Art. 12(4)).
    """

    right: AskedRight
    outcome: Outcome
    done: str = ""
    erased: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    recipients_told: tuple[str, ...] = ()
    processing: tuple[Processing, ...] = ()
    consultations: tuple[tuple[date, str], ...] = ()
    has_file: bool = False
    effective_on: date | None = None
    reason: Justification | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingFacts(CaseFacts):
    """The answer: one block per right."""

    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """One right refused: `reason` is the ground, `explanation` how it applies here."""

    right: AskedRight
    reason: Justification
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalFacts(CaseFacts):
    """Art. 12(4): reasons, the way to the Inspectorate, the way to court."""

    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFacts(CaseFacts):
    """A letter in staff's own words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts(CaseFacts):
    """We still wait: `status` is one of the two awaiting ones, `asked_on` when we asked."""

    status: RequestStatus
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLiftedFacts(CaseFacts):
    """Art. 18(3): told before the restriction ends on `lifted_on`."""

    lifted_on: date
    reasons: str


class DigestLine(NamedTuple):
    """A case in the digest, without personal data; `days_left` is negative when overdue."""

    reference: str
    due_on: date
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDigestFacts:
    """The morning letter to staff: what is late, what comes, what waits.

    `late_letters` and `soon_letters` nobody has decided about yet: their clock runs (R11).
    `untold`: breaches the Inspectorate knows of, nobody has decided whether the people do.
    """

    controller: Controller
    day: date
    overdue: tuple[DigestLine, ...] = ()
    due_soon: tuple[DigestLine, ...] = ()
    late_letters: int = 0
    soon_letters: int = 0
    unassigned: int = 0
    triage: int = 0
    held_letters: int = 0
    undelivered: int = 0
    quarantined: int = 0
    breaches: int = 0
    untold: int = 0


class StaffAlarm(StrEnum):
    """What cannot wait for the morning."""

    POSSIBLE_BREACH = "possible_breach"  # Art. 33: 72 hours may run
    AUTHORITY_LETTER = "authority_letter"  # supervisory authority, court, police
    BREAKER = "breaker"  # too many automatic letters: they are held now
    UNDELIVERED = "undelivered"  # bounced, failed, or nobody knows
    QUARANTINE = "quarantine"  # a letter could not be read three times
    OUTAGE = "outage"  # the mailbox could not be watched
    DUE = "due"  # 14, 7, 3 or 1 working days before a case is due


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAlarmFacts:
    """One alarm; `decide_by` is the end of the 72 hours of a possible breach.

    `since` is when the mailbox was last watched before an outage.

    `due_on` and `working_days`, those left until then, for a case that is due soon.
    """

    controller: Controller
    alarm: StaffAlarm
    at: datetime
    reference: str | None = None
    decide_by: datetime | None = None
    since: datetime | None = None
    due_on: date | None = None
    working_days: int | None = None


Facts = CaseFacts | StaffDigestFacts | StaffAlarmFacts

_FEE_GROUNDS = {Justification.PROCESS_UNFOUNDED, Justification.PROCESS_EXCESSIVE}
_WAITING = {RequestStatus.AWAITING_IDENTITY, RequestStatus.AWAITING_CLARIFICATION}
_MAY_BE_EMPTY = {"done", "explanation", "their_reference", "dpo_address"}
_NEVER_EMPTY = {"rights", "decided", "refused"}
_DONE = {Outcome.GRANTED, Outcome.PARTLY_GRANTED}
_ACCESS = {RequestType.INFORMATION, RequestType.COPY}
_ANSWERED = {RequestType.COMPLAINT, RequestType.INQUIRY}
_TOLD_IN_WORDS = (
    set(RequestType)
    - _ACCESS
    - {
        RequestType.CONSENT_WITHDRAWAL,
        RequestType.PORTABILITY,
    }
)
_DENIED = {Outcome.REFUSED, Outcome.PARTLY_GRANTED}


def require(facts: Facts) -> None:
    """Refuse facts without what the law demands of the letter: ValueError names the field."""
    for name in _gaps(facts):
        raise ValueError(f"the letter cannot be written without {name}")


def _gaps(facts: Facts) -> Iterator[str]:
    yield from _blank(facts.controller, "controller.")
    yield from _blank(facts)
    match facts:
        case ClosingFacts():
            yield from _unanswered(facts.decided)
        case RefusalFacts():
            for refused in facts.refused:
                yield from _blank(refused, "refused.", may_be_empty=frozenset())
        case FeeNoticeFacts():
            yield from _unlawful_fee(facts)
        case _:
            yield from _undated(facts)


def _undated(facts: Facts) -> Iterator[str]:
    match facts:
        case AcknowledgementFacts(due_on=None, target_on=None):
            yield "due_on"
        case ExtensionFacts() if facts.extended_due_on <= facts.due_on:
            yield "extended_due_on after due_on"
        case ReminderFacts() if facts.status not in _WAITING:
            yield "status: one that waits for an answer"
        case StaffAlarmFacts(alarm=StaffAlarm.POSSIBLE_BREACH, decide_by=None):
            yield "decide_by"
        case StaffAlarmFacts(alarm=StaffAlarm.DUE) if not (facts.reference and facts.due_on):
            yield "reference and due_on"


def _unlawful_fee(facts: FeeNoticeFacts) -> Iterator[str]:
    if facts.ground not in _FEE_GROUNDS:
        yield "ground: manifestly unfounded or excessive (Art. 12(5))"
    if facts.amount <= 0:
        yield "amount"


def _blank(
    facts: object, path: str = "", may_be_empty: frozenset[str] = frozenset(_MAY_BE_EMPTY)
) -> Iterator[str]:
    for field in fields(facts):  # type: ignore[arg-type]
        value = getattr(facts, field.name)
        is_blank = isinstance(value, str) and not value.strip()
        if (is_blank and field.name not in may_be_empty) or (
            field.name in _NEVER_EMPTY and not value
        ):
            yield path + field.name


def _unanswered(answers: tuple[Decided, ...]) -> Iterator[str]:
    told = [one for one in answers if one.right[0] in _ACCESS and one.outcome in _DONE]
    if told and not any(one.processing for one in told):
        yield "decided.processing"
    for decided in answers:
        kind = decided.right[0]
        if decided.outcome in _DENIED:
            yield from _unreasoned(decided, kind)
        is_answered = kind in _ANSWERED and decided.outcome is not Outcome.WITHDRAWN_BY_SUBJECT
        if decided.outcome in _DONE or is_answered:
            yield from _undone(decided, kind)
        for row in (*decided.kept, *decided.processing):
            yield from _blank(row, "decided.")


def _unreasoned(decided: Decided, kind: RequestType) -> Iterator[str]:
    if decided.reason is None:
        yield f"decided.reason ({kind})"
    if not decided.explanation.strip():
        yield f"decided.explanation ({kind})"


def _undone(decided: Decided, kind: RequestType) -> Iterator[str]:
    if kind in {RequestType.COPY, RequestType.PORTABILITY} and not decided.has_file:
        yield f"decided.has_file ({kind})"
    if kind is RequestType.CONSENT_WITHDRAWAL and decided.effective_on is None:
        yield f"decided.effective_on ({kind})"
    if kind in _TOLD_IN_WORDS and not decided.done.strip():
        yield f"decided.done ({kind})"
