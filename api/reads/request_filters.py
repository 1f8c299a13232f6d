"""Filters of requests as SQL: every one of them has an index behind it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from api.call import Call
from api.errors import bad_input
from api.ids import key_of
from api.reads.rows import marks
from api.reads.searching import clients_named, search_values
from api.types.inputs import AssigneeWhere, DateRange, DateTimeRange, RequestWhere
from models.deadlines import DUE_SOON_DAYS
from models.vocabulary import DeadlineState

NESTING_MAX = 5
CONDITIONS_MAX = 50
LIST_MAX = 50


@dataclass(slots=True)
class Conditions:
    """SQL conditions and their values, in order."""

    sql: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        """One condition; all of them must hold."""
        self.sql.append(sql)
        self.values.extend(values)
        if len(self.sql) > CONDITIONS_MAX:
            raise bad_input("The filter has too many conditions.")

    @property
    def joined(self) -> str:
        """All conditions; true when there are none."""
        return " AND ".join(self.sql) if self.sql else "1=1"


def bounded(values: list[Any]) -> list[Any]:
    """A list in a filter. GraphQLError when it is too long."""
    if len(values) > LIST_MAX:
        raise bad_input(f"A list in a filter holds at most {LIST_MAX} values.")
    return values


def span(into: Conditions, column: str, wanted: DateRange | DateTimeRange | None) -> None:
    """A half-open range of days or instants."""
    if wanted is None:
        return
    if wanted.gte is not None:
        into.add(f"{column} >= ?", wanted.gte)
    if wanted.lt is not None:
        into.add(f"{column} < ?", wanted.lt)


def one_of(into: Conditions, column: str, values: list[Any] | None, word: str = "IN") -> None:
    """A column among some words."""
    if values is not None:
        found = [value.value for value in bounded(values)]
        into.add(f"{column} {word} {marks(found)}", *found)


def request_conditions(call: Call, where: RequestWhere | None, depth: int = 0) -> Conditions:
    """The filter over `request r`. GraphQLError when it is too deep or too long."""
    found = Conditions()
    if where is None:
        return found
    if depth > NESTING_MAX:
        raise bad_input("The filter is nested too deeply.")
    if where.status:
        one_of(found, "r.status", where.status.in_)
        if where.status.not_in:
            one_of(found, "r.status", where.status.not_in, "NOT IN")
    span(found, "r.due_on", where.due_on)
    # the same day where there is a due date, and what lists are sorted and indexed by
    span(found, "r.target_on", where.due_on)
    span(found, "r.received_at", where.received_at)
    _by_children(found, where)
    if where.deadline and where.deadline.in_ is not None:
        _by_deadline(call, found, bounded(where.deadline.in_))
    if where.assignee:
        _by_assignee(call, found, where.assignee)
    if where.client_id is not None:
        found.add("r.subject_id = ?", key_of(where.client_id, "Client"))
    if where.search is not None:
        _by_search(call, found, where.search)
    _combined(call, found, where, depth)
    return found


def _by_children(into: Conditions, where: RequestWhere) -> None:
    if where.type and where.type.in_ is not None:
        types = [value.value for value in bounded(where.type.in_)]
        into.add(
            "EXISTS (SELECT 1 FROM request_item i WHERE i.request_id = r.id"
            f" AND i.type IN {marks(types)})",
            *types,
        )
    if where.delivery and where.delivery.in_ is not None:
        states = [value.value for value in bounded(where.delivery.in_)]
        into.add(
            "EXISTS (SELECT 1 FROM outbound_mail o WHERE o.request_id = r.id"
            f" AND o.state IN {marks(states)})",
            *states,
        )


def deadline_sql(call: Call, state: DeadlineState, due: str, closed: str) -> tuple[str, list[Any]]:
    """One state of the clock as SQL; the same rule as models.deadlines.state."""
    soon = call.today + timedelta(days=DUE_SOON_DAYS)
    return {
        DeadlineState.MET: (f"{closed} IS NOT NULL AND {closed} <= {due}", []),
        DeadlineState.MISSED: (f"{closed} IS NOT NULL AND {closed} > {due}", []),
        DeadlineState.OVERDUE: (f"{closed} IS NULL AND {due} < ?", [call.today]),
        DeadlineState.DUE_SOON: (
            f"{closed} IS NULL AND {due} >= ? AND {due} <= ?",
            [call.today, soon],
        ),
        DeadlineState.ON_TIME: (f"{closed} IS NULL AND {due} > ?", [soon]),
    }[state]


def _by_deadline(call: Call, into: Conditions, states: list[DeadlineState]) -> None:
    parts = [deadline_sql(call, state, "r.due_on", "r.closed_on") for state in states]
    sql = " OR ".join(f"({part})" for part, _ in parts) or "1=0"
    into.add(f"({sql})", *[value for _, values in parts for value in values])


def _by_assignee(call: Call, into: Conditions, wanted: AssigneeWhere) -> None:
    if wanted.id is not None:
        into.add("r.assignee_id = ?", key_of(wanted.id.value, "Staff"))
    elif wanted.me is not None:
        # a machine has no cases, and row numbers begin at 1
        mine = call.viewer.staff_id or 0
        others = "(r.assignee_id <> ? OR r.assignee_id IS NULL)"
        into.add("r.assignee_id = ?" if wanted.me.value else others, mine)
    elif wanted.unassigned is not None:
        into.add(f"r.assignee_id IS {'' if wanted.unassigned.value else 'NOT '}NULL")


def _by_search(call: Call, into: Conditions, text: str) -> None:
    wanted = search_values(call, text)
    named, values = clients_named(wanted)
    # a union and no OR: each part has its index
    into.add(
        "r.id IN (SELECT id FROM request WHERE reference = ? UNION SELECT id FROM request"
        f" WHERE subject_id IN ({named}) UNION SELECT request_id FROM message"
        " WHERE from_index = ? AND request_id IS NOT NULL)",
        wanted.reference,
        *values,
        wanted.sender_index,
    )


def _combined(call: Call, into: Conditions, where: RequestWhere, depth: int) -> None:
    for part in bounded(where.and_ or []):
        inner = request_conditions(call, part, depth + 1)
        into.add(f"({inner.joined})", *inner.values)
    if where.or_ is not None:
        parts = [request_conditions(call, part, depth + 1) for part in bounded(where.or_)]
        sql = " OR ".join(f"({part.joined})" for part in parts) or "1=0"
        into.add(f"({sql})", *[value for part in parts for value in part.values])
    if where.not_ is not None:
        inner = request_conditions(call, where.not_, depth + 1)
        # a comparison with null is neither true nor false: what is unknown does not match
        into.add(f"NOT coalesce(({inner.joined}), false)", *inner.values)
