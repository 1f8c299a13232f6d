"""What the caller may do with a case now, from the published table (models.lifecycle)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.call import Call
from api.reads.levels import Ahead, below, put
from api.reads.rows import Row, day_or_none, grouped
from api.selection import Chosen
from models import guards
from models.chain import KEYS
from models.lifecycle import Situation, allowed_actions
from models.vocabulary import (
    Channel,
    DeliveryState,
    ItemStatus,
    LetterKind,
    RequestStatus,
    RequestType,
)

# one statement for all that decides: our letters, the rights, an extension
_FACTS = (
    "SELECT request_id, 'letter' AS about, state AS word, kind AS status FROM outbound_mail"
    " WHERE request_id IN ?? UNION SELECT request_id, 'right', type, status FROM request_item"
    " WHERE request_id IN ?? UNION SELECT request_id, 'extension', '', '' FROM extension"
    " WHERE request_id IN ?? UNION SELECT request_id, 'erasure', '', '' FROM request_item"
    " WHERE type = 'erasure' AND effective_at IS NULL AND request_id IN ??"
)


@below("DataSubjectRequest", "allowedActions", ask=lambda _call, _chosen: (_FACTS, [KEYS] * 4))
async def _allowed(
    call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], _: Ahead
) -> None:
    facts = grouped(found, "request_id")
    put(
        parents,
        chosen,
        lambda parent: list(
            allowed_actions(
                RequestStatus(parent.row["status"]),
                call.viewer.roles,
                _situation(parent.row, facts.get(parent.row["id"], []), call.today),
            )
        ),
    )


def _situation(case: Row, facts: Sequence[Row], today: date) -> Situation:
    about: dict[str, list[Row]] = grouped(facts, "about")
    undecided = [
        RequestType(row["word"])
        for row in about.get("right", [])
        if row["status"] == ItemStatus.OPEN.value
    ]
    due_on = day_or_none(case["unsuspended_due_on"])
    is_extended = "extension" in about
    acknowledging = {
        row["word"]
        for row in about.get("letter", [])
        if row["status"] == LetterKind.ACKNOWLEDGEMENT.value
    }
    return Situation(
        letters=frozenset(DeliveryState(row["word"]) for row in about.get("letter", [])),
        has_undecided=bool(undecided),
        is_extendable=guards.may_extend(due_on, today, "-", is_extended=is_extended) is None,
        may_ask_clarification=guards.may_ask_clarification(undecided),
        is_on_hold=bool(case["legal_hold"]),
        asks_erasure="erasure" in about,
        is_erased=case["erased_at"] is not None,
        may_be_acknowledged=case["channel"] == Channel.EMAIL.value
        and case["acknowledged_at"] is None
        and acknowledging <= {DeliveryState.HELD.value, DeliveryState.DROPPED.value},
    )
