"""What was decided of each category of an erasure, and what the rules propose for the rest."""

from collections.abc import Sequence

from api.call import Call
from api.reads.rows import Row, day, day_or_none, grouped, instant
from api.types.fulfilment import CategoryDecision
from models.database import rows
from models.retention import Holding, Proposal, propose
from models.vocabulary import DataCategory, Justification, LawfulBasis, Outcome, RequestType

_DECIDED = (
    "SELECT id, item_id, category, outcome, basis, reason, keep_until, note_sealed, decided_at,"
    " by_label, by_staff_id FROM category_decision WHERE item_id IN ?? ORDER BY item_id, id"
)
_SUBJECTS = (
    "SELECT r.id, r.subject_id, CASE WHEN r.legal_hold OR EXISTS (SELECT 1 FROM request o"
    " WHERE o.subject_id = r.subject_id AND o.legal_hold) THEN 1 ELSE 0 END AS is_held"
    " FROM request r JOIN client c ON c.id = r.subject_id"
    " WHERE r.id IN ?? AND c.erased_at IS NULL"
)


async def decisions_of(call: Call, items: Sequence[Row]) -> dict[int, list[CategoryDecision]]:
    """By row number of the item; proposals only while the client is known and not erased."""
    erasures = [row for row in items if row["type"] == RequestType.ERASURE.value]
    if not erasures:
        return {}
    decided = grouped(await rows(_DECIDED, [[row["id"] for row in erasures]]), "item_id")
    holdings = await _holdings(call, [row["request_id"] for row in erasures])
    return {row["id"]: _lines(decided.get(row["id"], []), _open(row, holdings)) for row in erasures}


def _open(item: Row, holdings: dict[int, Holding]) -> Holding | None:
    """Nothing is proposed any more once the erasure was carried out."""
    return None if item["effective_at"] is not None else holdings.get(item["request_id"])


async def _holdings(call: Call, request_ids: Sequence[int]) -> dict[int, Holding]:
    subjects = await rows(_SUBJECTS, [list(request_ids)])
    contracts = grouped(
        await rows(
            "SELECT client_id, starts_on, ends_on FROM contract WHERE client_id IN ??",
            [[row["subject_id"] for row in subjects]],
        ),
        "client_id",
    )
    return {
        row["id"]: Holding(
            today=call.today,
            contracts=[
                (day(one["starts_on"]), day_or_none(one["ends_on"]))
                for one in contracts.get(row["subject_id"], [])
            ],
            is_on_hold=bool(row["is_held"]),
        )
        for row in subjects
    }


def _lines(decided: Sequence[Row], holding: Holding | None) -> list[CategoryDecision]:
    by_category = {DataCategory(row["category"]): _decided(row) for row in decided}
    found = []
    for category in DataCategory:
        if category in by_category:
            found.append(by_category[category])
        elif holding is not None:
            found.append(_proposed(propose(category, holding)))
    return found


def _decided(row: Row) -> CategoryDecision:
    made = CategoryDecision(
        category=DataCategory(row["category"]),
        outcome=Outcome(row["outcome"]),
        basis=LawfulBasis(row["basis"]) if row["basis"] else None,
        reason=Justification(row["reason"]) if row["reason"] else None,
        keep_until=day_or_none(row["keep_until"]),
        source=None,
        is_proposal=False,
        decided_at=instant(row["decided_at"]),
    )
    made.row = row
    return made


def _proposed(proposal: Proposal) -> CategoryDecision:
    made = CategoryDecision(
        category=proposal.category,
        outcome=proposal.outcome,
        basis=proposal.basis,
        reason=proposal.reason,
        keep_until=proposal.until,
        source=proposal.source or None,
        is_proposal=True,
        decided_at=None,
    )
    made.row = {"note_sealed": None, "by_label": None}
    return made
