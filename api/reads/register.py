"""What the register knows about itself: rights, policy versions, processing activities."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.ids import encode
from api.reads.rows import Row, day
from api.selection import Selected
from api.types.register import PolicyVersion, ProcessingActivity, SupportedRight
from models.activities import ACTIVITIES, Activity
from models.database import rows
from models.rights import RIGHTS

_POLICY = "SELECT id, version, valid_from, sha256 FROM policy_version"


def _policy(row: Row) -> PolicyVersion:
    made = PolicyVersion(
        id=encode("PolicyVersion", row["id"]),
        version=row["version"],
        valid_from=day(row["valid_from"]),
        sha256=row["sha256"],
    )
    made.row = row
    return made


async def all_policies() -> list[PolicyVersion]:
    """Every published version, the newest first."""
    return [_policy(row) for row in await rows(f"{_POLICY} ORDER BY valid_from DESC, id DESC")]


async def policies_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Policy versions by row number."""
    got = await rows(f"{_POLICY} WHERE id IN ??", [ids])
    return {row["id"]: _policy(row) for row in got}


def supported_rights() -> list[SupportedRight]:
    """The table of rights."""
    return [
        SupportedRight(
            type=right.type,
            article=", ".join(right.articles) or None,
            clause=", ".join(right.clauses) or None,
            clock_months=right.months,
            identity_needed=right.needs,
            takes_effect_on_receipt=right.takes_effect_on_receipt,
        )
        for right in RIGHTS.values()
    ]


def processing_activities() -> list[ProcessingActivity]:
    """The record of processing activities."""
    return [_activity(activity) for activity in ACTIVITIES]


async def activities_by_key(call: Call, keys: Sequence[str], selected: Selected) -> dict[str, Any]:
    """Processing activities by their category."""
    wanted = set(keys)
    return {
        activity.category.value: _activity(activity)
        for activity in ACTIVITIES
        if activity.category.value in wanted
    }


def _activity(activity: Activity) -> ProcessingActivity:
    return ProcessingActivity(
        id=encode("ProcessingActivity", activity.category.value),
        category=activity.category,
        purposes=list(activity.purposes),
        bases=list(activity.bases),
        recipients=list(activity.recipients),
        retention=activity.retention,
        systems=list(activity.systems),
        clauses=list(activity.clauses),
    )
