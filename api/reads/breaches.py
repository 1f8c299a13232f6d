"""The 72 hours of a possible breach, and what was decided (GDPR Art. 33)."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from api.call import Call
from api.reads.levels import fill, level, put, row_ids
from api.reads.people import colleague
from api.reads.rows import Row, grouped, instant, instant_or_none
from api.selection import Chosen
from api.types.base import view
from api.types.breaches import Breach, BreachDecision
from models import breaches
from models.database import rows

_DECIDED = (
    "SELECT request_id, outcome, decide_by, notified_at, explanation_sealed, delay_sealed,"
    " decided_at, by_label, by_staff_id FROM breach_decision WHERE request_id IN ??"
    " ORDER BY request_id, id"
)
Breach.COLUMNS = {
    "decide_by": itemgetter("until"),
    "hours_left": itemgetter("hours_left"),
}
BreachDecision.COLUMNS = {
    "outcome": itemgetter("outcome"),
    "notified_at": lambda row: instant_or_none(row["notified_at"]),
    "is_late": itemgetter("is_late"),
    "decided_at": lambda row: instant(row["decided_at"]),
}


@level("DataSubjectRequest", "breach")
async def _breach(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    groups = grouped(await rows(_DECIDED, [row_ids(parents)]), "request_id")
    put(
        parents,
        chosen,
        lambda parent: _made(parent.row, groups.get(parent.row["id"], []), call.now),
    )
    made = [parent.children[chosen.key] for parent in parents]
    await fill(call, "Breach", [one for one in made if one], chosen.of("Breach"))


def _made(case: Row, decided: Sequence[Row], now: datetime) -> Breach | None:
    waits = instant_or_none(case["breach_decide_by"])
    if waits is None and not decided:
        return None
    until = waits or instant(decided[-1]["decide_by"])
    left = breaches.hours_left(waits, now) if waits else None
    return view(Breach, {**case, "until": until, "hours_left": left, "decided": decided})


@level("Breach", "decisions")
async def _decisions(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(
        parents,
        chosen,
        lambda parent: [_decision(one) for one in parent.row["decided"]],
    )
    made = [one for parent in parents for one in parent.children[chosen.key]]
    await fill(call, "BreachDecision", made, chosen.of("BreachDecision"))


def _decision(row: Row) -> BreachDecision:
    told = instant_or_none(row["notified_at"])
    late = told is not None and breaches.is_late(told, instant(row["decide_by"]))
    return view(BreachDecision, {**row, "is_late": late})


@level("BreachDecision", "explanation")
async def _explanation(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda one: vault.open_text("note", one.row["explanation_sealed"]))


@level("BreachDecision", "delayReasons")
async def _delay_reasons(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda one: vault.open_text("note", one.row["delay_sealed"]))


@level("BreachDecision", "decidedBy")
async def _decided_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: colleague(one.row))
    actors = [parent.children[chosen.key] for parent in parents]
    await fill(call, "Actor", actors, chosen.of("Actor"))
