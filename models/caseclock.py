"""The dates of one case: its rights, its pauses and its extension, brought together (R1-R11).

Pure. A case takes the strictest clock of its rights; what came earlier rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models import deadlines
from models.deadlines import Waiting
from models.rights import has_statutory_clock
from models.vocabulary import RequestType

Since = tuple[RequestType, datetime]


@dataclass(frozen=True, slots=True)
class CaseClock:
    """What stands on a case; the first three are None where no statutory clock runs (R11)."""

    nominal_on: date | None
    due_on: date | None
    unsuspended_due_on: date | None
    internal_target_on: date
    target_on: date
    suspended_days: int


def case_clock(
    asked: Sequence[Since],
    zone: ZoneInfo,
    waiting: Sequence[Waiting] = (),
    *,
    is_extended: bool = False,
) -> CaseClock:
    """The clock of a case with these rights, each since its own receipt.

    `waiting` are the spans our questions paused it; `is_extended` only once the notice of
    extension was sent (R5). ValueError without any right.
    """
    statutory = [one for one in asked if has_statutory_clock([one[0]])]
    if not statutory:
        first = min(at for _, at in asked)
        target = deadlines.target_without_clock(deadlines.local_day(first, zone))
        return CaseClock(None, None, None, target, target, 0)
    plain = deadlines.clock(min(at for _, at in statutory), zone)
    paused = deadlines.suspended_clock(plain, waiting)
    due_on = paused.clock.extended_due_on if is_extended else paused.clock.due_on
    return CaseClock(
        nominal_on=paused.clock.nominal_on,
        due_on=due_on,
        unsuspended_due_on=plain.due_on,
        internal_target_on=paused.clock.internal_target_on,
        target_on=due_on,
        suspended_days=paused.days,
    )
