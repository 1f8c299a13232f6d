"""Filters and orders of lists."""

from datetime import date, datetime
from typing import Optional

import strawberry

from api.types.words import Direction, RequestOrderField
from models.vocabulary import (
    ClientKind,
    DeadlineState,
    DeliveryState,
    Language,
    LetterKind,
    RequestStatus,
    RequestType,
)


@strawberry.input(description="Half-open: gte inclusive, lt exclusive.")
class DateRange:
    """Days."""

    gte: date | None = strawberry.field(description="This day or later.", default=None)
    lt: date | None = strawberry.field(description="Before this day.", default=None)


@strawberry.input(description="Half-open: gte inclusive, lt exclusive.")
class DateTimeRange:
    """Instants."""

    gte: datetime | None = strawberry.field(description="At or after.", default=None)
    lt: datetime | None = strawberry.field(description="Before.", default=None)


@strawberry.input(description="By status.")
class RequestStatusIn:
    """Statuses in and out."""

    in_: list[RequestStatus] | None = strawberry.field(
        name="in", description="One of these.", default=None
    )
    not_in: list[RequestStatus] | None = strawberry.field(
        description="None of these.", default=None
    )


@strawberry.input(description="By right asked for.")
class RequestTypeIn:
    """Types."""

    in_: list[RequestType] | None = strawberry.field(
        name="in", description="Asks for one of these.", default=None
    )


@strawberry.input(description="By state of the deadline.")
class DeadlineStateIn:
    """Deadline states."""

    in_: list[DeadlineState] | None = strawberry.field(
        name="in", description="One of these.", default=None
    )


@strawberry.input(description="By state of a letter of ours.")
class DeliveryStateIn:
    """Delivery states."""

    in_: list[DeliveryState] | None = strawberry.field(
        name="in", description="One of these.", default=None
    )


@strawberry.input(description="By who works on it; exactly one of these.", one_of=True)
class AssigneeWhere:
    """Exclusive choices."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="This colleague.")
    me: strawberry.Maybe[bool] = strawberry.field(
        description="True: the caller; false: somebody else, or nobody."
    )
    unassigned: strawberry.Maybe[bool] = strawberry.field(
        description="True: nobody; false: anybody."
    )


@strawberry.input(description="Which requests; all conditions together.")
class RequestWhere:
    """Filter of requests."""

    and_: Optional[list["RequestWhere"]] = strawberry.field(  # noqa: UP045 - forward reference
        name="and", description="All of these.", default=None
    )
    or_: Optional[list["RequestWhere"]] = strawberry.field(  # noqa: UP045
        name="or", description="At least one of these.", default=None
    )
    not_: Optional["RequestWhere"] = strawberry.field(
        name="not", description="Not this.", default=None
    )
    status: RequestStatusIn | None = strawberry.field(description="By status.", default=None)
    type: RequestTypeIn | None = strawberry.field(
        description="By right asked for, whatever else the case asks.", default=None
    )
    deadline: DeadlineStateIn | None = strawberry.field(
        description="By state of the statutory deadline.", default=None
    )
    delivery: DeliveryStateIn | None = strawberry.field(
        description="By state of any letter of ours in the case.", default=None
    )
    due_on: DateRange | None = strawberry.field(
        description="By due date; cases without a statutory one never match.", default=None
    )
    received_at: DateTimeRange | None = strawberry.field(
        description="By time of receipt.", default=None
    )
    assignee: AssigneeWhere | None = strawberry.field(
        description="By who works on it.", default=None
    )
    client_id: strawberry.ID | None = strawberry.field(
        description="Requests of this client.", default=None
    )
    search: str | None = strawberry.field(
        description="Start of a client's name, or a whole e-mail address, reference or (for"
        " handlers) code.",
        default=None,
    )


@strawberry.input(description="How requests are sorted.")
class RequestOrder:
    """Order of requests."""

    field: RequestOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(description="Which way.", default=Direction.ASC)


@strawberry.input(description="Which clients; all conditions together.")
class ClientWhere:
    """Filter of clients."""

    kind: ClientKind | None = strawberry.field(description="A person or a company.", default=None)
    erase_after: DateRange | None = strawberry.field(
        description="By the day its data is to be erased.", default=None
    )
    has_open_request: bool | None = strawberry.field(
        description="Whether a case of it is open.", default=None
    )


@strawberry.input(description="Which letters; all conditions together.")
class MessageWhere:
    """Filter of letters."""

    received_at: DateTimeRange | None = strawberry.field(
        description="By time of receipt.", default=None
    )
    confidence_below: float | None = strawberry.field(
        description="The classifier was less sure than this, 0 to 1.", default=None
    )
    language: Language | None = strawberry.field(description="By language.", default=None)


@strawberry.input(description="Which letters of ours; all conditions together.")
class OutboundWhere:
    """Filter of outbound mail."""

    state: DeliveryStateIn | None = strawberry.field(
        description="By state of delivery.", default=None
    )
    kind: list[LetterKind] | None = strawberry.field(description="One of these.", default=None)


@strawberry.input(description="Which lines of the journal; all conditions together.")
class AuditWhere:
    """Filter of the journal."""

    actor_id: strawberry.ID | None = strawberry.field(
        description="Done by this colleague.", default=None
    )
    target_id: strawberry.ID | None = strawberry.field(
        description="Touched this object.", default=None
    )
    action: str | None = strawberry.field(description="Exactly this action.", default=None)
    at: DateTimeRange | None = strawberry.field(description="By time.", default=None)


@strawberry.input(description="Half-open: from inclusive, until exclusive.")
class PeriodInput:
    """A span of days."""

    from_: date = strawberry.field(name="from", description="First day.")
    until: date = strawberry.field(description="The day after the last.")
