"""The 72 hours of a possible breach, and what was decided (GDPR Art. 33, 34)."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from api.call import Call
from api.reads.levels import computed, fill, level, put, row_ids
from api.reads.notes import note
from api.reads.people import put_colleague
from api.reads.rows import Row, grouped, instant, instant_or_none
from api.selection import Chosen
from api.types.base import view
from api.types.breaches import Breach, BreachDecision, BreachTelling
from models import breaches
from models.database import rows
from models.vocabulary import BreachOutcome

_DECIDED = (
    "SELECT d.request_id, d.outcome, d.decide_by, d.notified_at, d.explanation_sealed,"
    " d.delay_sealed, d.decided_at, d.by_label, d.by_staff_id, EXISTS (SELECT 1"
    " FROM breach_telling t WHERE t.request_id = d.request_id AND t.decide_by = d.decide_by)"
    " AS answered FROM breach_decision d WHERE d.request_id IN ?? ORDER BY d.request_id, d.id"
)
_TOLD = (
    "SELECT request_id, outcome, decide_by, told_at, explanation_sealed, decided_at, by_label,"
    " by_staff_id FROM breach_telling WHERE request_id IN ?? ORDER BY request_id, id"
)
Breach.COLUMNS = {
    "decide_by": itemgetter("until"),
    "hours_left": itemgetter("hours_left"),
    "telling_waits": lambda row: any(
        one["outcome"] == BreachOutcome.NOTIFIED and not one["answered"] for one in row["decided"]
    ),
}
BreachDecision.COLUMNS = {
    "outcome": itemgetter("outcome"),
    "notified_at": lambda row: instant_or_none(row["notified_at"]),
    "is_late": itemgetter("is_late"),
    "decide_by": lambda row: instant(row["decide_by"]),
    "decided_at": lambda row: instant(row["decided_at"]),
}
BreachTelling.COLUMNS = {
    "outcome": itemgetter("outcome"),
    "told_at": lambda row: instant_or_none(row["told_at"]),
    "decide_by": lambda row: instant(row["decide_by"]),
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


@level("Breach", "tellings")
async def _tellings(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    groups = grouped(await rows(_TOLD, [row_ids(parents)]), "request_id")
    put(
        parents,
        chosen,
        lambda parent: [view(BreachTelling, one) for one in groups.get(parent.row["id"], [])],
    )
    made = [one for parent in parents for one in parent.children[chosen.key]]
    await fill(call, "BreachTelling", made, chosen.of("BreachTelling"))


note("BreachDecision", "explanation", "explanation_sealed")
note("BreachDecision", "delayReasons", "delay_sealed")
note("BreachTelling", "explanation", "explanation_sealed")


computed("BreachDecision", "decidedBy")(put_colleague)
computed("BreachTelling", "decidedBy")(put_colleague)
