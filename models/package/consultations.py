"""When and why a person's data were looked at, read off the journal (GDPR Art. 15(1)).

Dates and purposes, never the names of employees: they are part of the answer, the people
are not (law: closing letter of information and copy).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.acts.mailbox import instant
from models.database import rows
from models.house import House
from models.vocabulary import ActorKind

AT_ONCE = 40  # targets asked for in one statement
_ESCAPED = "!%_"


class Why(StrEnum):
    """Purposes of looking at somebody's data."""

    REQUEST = "request"  # handling the person's request
    SERVICE = "service"  # the client's record, for customer service
    EXCHANGE = "exchange"  # our own systems, kept in step
    PACKAGE = "package"  # making this answer
    SUPERVISION = "supervision"  # the file for the Inspectorate


@dataclass(frozen=True, slots=True)
class Look:
    """Looks of one day for one purpose."""

    day: date
    why: Why
    times: int


async def looks(house: House, targets: Sequence[str]) -> list[Look]:
    """Days on which any of these journal targets ("Client:7") was read; the oldest first."""
    found: dict[int, tuple[datetime, Why]] = {}
    for start in range(0, len(targets), AT_ONCE):
        some = targets[start : start + AT_ONCE]
        for row in await _entries(some):
            met = _listed(row["targets"]) & set(some)
            found[row["id"]] = (instant(row["at"]), why(row["action"], row["actor_kind"], met))
    return counted((house.today(at), purpose) for at, purpose in found.values())


def counted(seen: Iterable[tuple[date, Why]]) -> list[Look]:
    """One line for each day and purpose."""
    return [Look(day, purpose, times) for (day, purpose), times in sorted(Counter(seen).items())]


def why(action: str, actor_kind: str, targets: Iterable[str]) -> Why:
    """The purpose of one line of the journal; `targets` are the person's among its own."""
    if actor_kind == ActorKind.INTEGRATION:
        return Why.EXCHANGE
    if action.startswith("package."):
        return Why.PACKAGE
    if action.startswith("case.export"):
        return Why.SUPERVISION
    only_clients = all(target.startswith("Client:") for target in targets)
    return Why.SERVICE if only_clients else Why.REQUEST


async def _entries(targets: Sequence[str]) -> list[dict[str, Any]]:
    match, values = matching(targets)
    return await rows(
        "SELECT id, at, action, actor_kind, targets FROM journal_entry WHERE"
        " (action LIKE 'read%' OR action LIKE 'package.%' OR action LIKE 'case.export%')"
        f" AND {match} ORDER BY id",
        values,
    )


def matching(targets: Sequence[str]) -> tuple[str, list[str]]:
    """An SQL condition on the journal for rows with any of these targets, and its values."""
    # the quotes around an id make the match exact; JSON operators differ between databases
    match = " OR ".join("CAST(targets AS text) LIKE ? ESCAPE '!'" for _ in targets)
    return f"({match})", [f'%"{_literal(target)}"%' for target in targets]


def _listed(targets: Any) -> set[str]:
    return set(json.loads(targets) if isinstance(targets, str) else targets)


def _literal(target: str) -> str:
    for sign in _ESCAPED:
        target = target.replace(sign, f"!{sign}")
    return target
