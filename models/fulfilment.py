"""Work for people: which right makes which task, in which system, and its sentence. Pure.

Two tables for a lawyer to read and change: `BEFORE`, what is done before a right is decided,
and `AFTER`, what granting it obliges to. Systems stand in models.policy.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.guards import refuse
from models.policy import CATEGORIES
from models.shapes import Problem
from models.vocabulary import (
    DataCategory,
    ErrorCode,
    LawfulBasis,
    Outcome,
    RequestType,
    TaskKind,
)

GRANTS = (Outcome.GRANTED, Outcome.PARTLY_GRANTED)
BEFORE: dict[RequestType, TaskKind] = {
    RequestType.INFORMATION: TaskKind.SEARCH,  # Art. 15(1): nobody knows before looking
    RequestType.COPY: TaskKind.SEARCH,  # Art. 15(3)
    RequestType.PORTABILITY: TaskKind.EXPORT,  # Art. 20(1)
}
AFTER: dict[RequestType, TaskKind] = {
    **BEFORE,
    RequestType.RECTIFICATION: TaskKind.CORRECT,  # Art. 16
    RequestType.ERASURE: TaskKind.ERASE,  # Art. 17, category by category
    RequestType.RESTRICTION: TaskKind.RESTRICT,  # Art. 18
}
TELLS = (RequestType.RECTIFICATION, RequestType.ERASURE, RequestType.RESTRICTION)  # Art. 19
NARROWED = (RequestType.RECTIFICATION, RequestType.RESTRICTION)
PORTABLE = frozenset({LawfulBasis.CONSENT, LawfulBasis.CONTRACT})  # Art. 20(1)(a)

Place = tuple[TaskKind, str]  # what is done, in which system


@dataclass(frozen=True, slots=True)
class RightState:
    """One right of a case: `outcome` is None while it is open.

    `is_proven`: who asks is proven well enough for it, so that searching begins. `erased`
    are the categories of an erasure that are to be erased, wholly or in part; `narrowed` those
    a rectification or restriction is about, none: all of them.
    """

    type: RequestType
    outcome: Outcome | None = None
    is_proven: bool = False
    narrowed: frozenset[DataCategory] = frozenset()
    erased: frozenset[DataCategory] = frozenset()


def places(rights: Iterable[RightState]) -> dict[Place, DataCategory]:
    """Every task in a system that these rights ask for, with the category it is about."""
    return {
        (kind, system): category
        for right in rights
        for kind, categories in _work(right)
        for category in DataCategory
        if category in categories
        for system in CATEGORIES[category].systems
    }


def _work(right: RightState) -> list[tuple[TaskKind, Collection[DataCategory]]]:
    if right.type is RequestType.ERASURE and right.outcome is not Outcome.NOT_HELD:
        return [(TaskKind.ERASE, right.erased)]
    if right.outcome is Outcome.NOT_HELD:  # nothing is "not held" before somebody looked
        return [(TaskKind.SEARCH, tuple(DataCategory))] if right.type in AFTER else []
    table = AFTER if right.outcome in GRANTS else {}
    if right.outcome is None and right.is_proven:
        table = BEFORE
    return [(table[right.type], _reach(right))] if right.type in table else []


def may_narrow(
    kind: RequestType, outcome: Outcome, categories: Collection[DataCategory]
) -> Problem | None:
    """Only what is corrected or restricted is about some categories and not others."""
    if not categories or (kind in NARROWED and outcome in GRANTS):
        return None
    message = "Only a granted rectification or restriction is about some categories of data."
    return refuse(ErrorCode.INVALID, message, "categories")


def _reach(right: RightState) -> Collection[DataCategory]:
    """The categories a right reaches: portability only what rests on consent or contract."""
    if right.type is not RequestType.PORTABILITY:
        return right.narrowed or tuple(DataCategory)
    return [one for one in DataCategory if not PORTABLE.isdisjoint(CATEGORIES[one].bases)]


def makes(right: RequestType, outcome: Outcome | None = None) -> frozenset[TaskKind]:
    """Kinds of the tasks of a case that stand there for this right; two rights may share one."""
    found = {AFTER[right]} if right in AFTER else set()
    if outcome is Outcome.NOT_HELD and right in AFTER:
        found.add(TaskKind.SEARCH)
    if right in TELLS:
        found.add(TaskKind.NOTIFY_RECIPIENT)
    if right is RequestType.ERASURE:
        found.add(TaskKind.DELETE_IN_MAILBOX)
    if right is RequestType.RESTRICTION:
        found.add(TaskKind.UNRESTRICT)
    return frozenset(found)


def told_of(rights: Iterable[RightState]) -> frozenset[DataCategory]:
    """Categories whose recipients are told what was done (Art. 19)."""
    found: set[DataCategory] = set()
    for right in rights:
        if right.type is RequestType.ERASURE:
            found |= right.erased
        elif right.type in TELLS and right.outcome in GRANTS:
            found |= right.narrowed or set(DataCategory)
    return frozenset(found)


DOES: dict[TaskKind, str] = {
    TaskKind.SEARCH: "Search {system} for the person's data{what}.",
    TaskKind.EXPORT: "Export the person's data{what} from {system} and add the file to the case.",
    TaskKind.CORRECT: "Correct the person's data{what} in {system}.",
    TaskKind.ERASE: "Erase the person's data{what} in {system}, but for what is to be kept.",
    TaskKind.RESTRICT: "Mark the person's data{what} in {system} as restricted: keep, do not use.",
    TaskKind.NOTIFY_RECIPIENT: "Tell {system} what was done (GDPR Art. 19).",
    TaskKind.UNRESTRICT: "Take the mark of restriction off the person's data{what} in {system}.",
    TaskKind.DELETE_IN_MAILBOX: "Delete in {folders} the letter with Message-ID {id}{when}.",
}


def instruction(
    kind: TaskKind, system: str, category: DataCategory | None, detail: Mapping[str, Any]
) -> str:
    """The sentence; `detail` names a letter: folders, messageId, receivedAt (UTC, ISO 8601)."""
    folders = [f"“{name}”" for name in detail.get("folders", ())]
    received_at = detail.get("receivedAt", "")
    return DOES[kind].format(
        system=system,
        what=f" ({category.value})" if category else "",
        folders=" and ".join(folders) or "the mailbox",
        id=detail.get("messageId") or "(none)",
        when=f", received at {received_at}" if received_at else "",
    )
