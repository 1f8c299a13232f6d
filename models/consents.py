"""The consent ledger folded: what a person's consents are now (Art. 7, ISO/IEC TS 27560)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from models.guards import reasoned, refuse
from models.shapes import Problem
from models.vocabulary import AskedPurpose, ConsentEventKind, ConsentState, ErrorCode, Purpose

STATE_AFTER: dict[ConsentEventKind, ConsentState] = {
    ConsentEventKind.GIVEN: ConsentState.GIVEN,
    ConsentEventKind.REFUSED: ConsentState.REFUSED,
    ConsentEventKind.WITHDRAWN: ConsentState.WITHDRAWN,
    ConsentEventKind.EXPIRED: ConsentState.EXPIRED,
    ConsentEventKind.RENEWED: ConsentState.GIVEN,
    ConsentEventKind.INVALIDATED: ConsentState.UNKNOWN,
}


# What must stand for an event to make sense; any other event may always be recorded.
FOLLOWS: dict[ConsentEventKind, tuple[ConsentState, ...]] = {
    ConsentEventKind.EXPIRED: (ConsentState.GIVEN,),
    ConsentEventKind.RENEWED: (ConsentState.GIVEN, ConsentState.EXPIRED),
}


def may_follow(state: ConsentState, kind: ConsentEventKind) -> bool:
    """Only a consent that was given expires; only one that stood is renewed."""
    return kind not in FOLLOWS or state in FOLLOWS[kind]


def may_lift(kind: ConsentEventKind, note: str, *, is_staff: bool) -> Problem | None:
    """Whether a later consent may end a promise not to write: shown to and noted by a person."""
    if not is_staff:
        message = "Only a colleague may confirm that a promise not to write ends."
        return refuse(ErrorCode.FORBIDDEN, message, "liftsSuppression")
    if kind is not ConsentEventKind.GIVEN:
        message = "Only a consent that is given anew ends a promise not to write."
        return refuse(ErrorCode.INVALID, message, "liftsSuppression")
    return reasoned(note, "note")


def left_of(promised: AskedPurpose, purpose: Purpose) -> tuple[AskedPurpose, ...]:
    """What a promise still covers once this purpose was consented to anew."""
    return tuple(
        AskedPurpose(one) for one in Purpose if promised is AskedPurpose.ALL and one is not purpose
    )


class ConsentFact(NamedTuple):
    """One line of the ledger; `id` is its place, later lines have greater ones."""

    purpose: Purpose
    kind: ConsentEventKind
    at: datetime
    effective_at: datetime
    id: int


class Standing(NamedTuple):
    """A consent as it stands; `since` is when the last event took effect."""

    state: ConsentState
    since: datetime


def fold(
    events: Iterable[ConsentFact], *, as_of: datetime | None = None
) -> dict[Purpose, Standing]:
    """Each purpose's standing by effective time, then ledger order.

    Events that take effect after `as_of` are left out. A purpose without events is
    absent: nothing is known, and nothing known is never a consent.
    """
    standing: dict[Purpose, Standing] = {}
    for event in sorted(events, key=lambda event: (event.effective_at, event.id)):
        if as_of is None or event.effective_at <= as_of:
            standing[event.purpose] = Standing(STATE_AFTER[event.kind], event.effective_at)
    return standing


def purposes_of(asked: Iterable[AskedPurpose]) -> tuple[Purpose, ...]:
    """The ledgers a letter's purposes reach, in the order of the vocabulary; ALL is every one."""
    named = set(asked)
    if AskedPurpose.ALL in named:
        return tuple(Purpose)
    return tuple(purpose for purpose in Purpose if AskedPurpose(purpose.value) in named)
