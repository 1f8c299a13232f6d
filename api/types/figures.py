"""Statistics and health."""

from datetime import date, datetime

import strawberry

from api.types.base import Level, plain
from api.types.scalars import JSON
from models.vocabulary import Language, RequestStatus, RequestType


@strawberry.type(description="Requests of one status.")
class StatusCount:
    """Count by status."""

    status: RequestStatus = plain("The status.")
    count: int = plain("How many.")


@strawberry.type(description="Requests that ask for one right.")
class TypeCount:
    """Count by type."""

    type: RequestType = plain("The right.")
    count: int = plain("How many.")


@strawberry.type(description="Requests in one language.")
class LanguageCount:
    """Count by language."""

    language: Language = plain("The language.")
    count: int = plain("How many.")


@strawberry.type(description="Requests of one day.")
class DayCount:
    """Count by day."""

    on: date = plain("The day.")
    count: int = plain("How many.")


@strawberry.type(description="Seconds; null when the period holds no sample.")
class Durations:
    """A distribution."""

    count: int = plain("How many samples.")
    median: int | None = plain("Half took at most this long; null without samples.")
    p90: int | None = plain("Nine of ten took at most this long; null without samples.")


@strawberry.type(description="Figures: where things stand now, and what the period brought.")
class Statistics(Level):
    """Statistics."""

    as_of: datetime = plain("When they were taken.")
    open: int = plain("Cases open now.")
    overdue: int = plain("Cases and letters in triage past their due date now.")
    due_soon: int = plain("Cases and letters in triage with seven days or fewer left now.")
    triage: int = plain("Letters that wait for a person now.")
    quarantined: int = plain("Letters that could not be read and wait for a person now.")
    bounced: int = plain("Letters of ours that came back or failed, in open cases.")
    held: int = plain("Letters of ours that wait for a person.")
    on_time_share: float | None = plain(
        "Share of the cases closed in the period that were in time; null without any."
    )
    closed: int = plain("Cases with a statutory clock closed in the period.")
    by_status: list[StatusCount] = plain("Requests received in the period, by status.")
    by_type: list[TypeCount] = plain("Rights asked for in the period.")
    by_language: list[LanguageCount] = plain("Requests received in the period, by language.")
    received: list[DayCount] = plain("Requests received, by day; days without any are left out.")
    time_to_acknowledge: Durations = plain("From receipt to the acknowledgement.")
    time_to_close: Durations = plain("From receipt to the answer.")


@strawberry.type(description="The model that tells requests from other letters.")
class Classifier:
    """What the artefact says of itself."""

    version: str = plain("Its name, as it stands in each verdict.")
    corpus: str = plain("SHA-256 of the letters it has learnt from.")
    micro_f1: float = plain("Micro-F1 of its labels on letters held out, 0 to 1.")
    missed: float = plain("Share of requests held out that it would have ignored, 0 to 1.")
    strangers: float = plain("Share of other letters held out that it would have taken in, 0 to 1.")


@strawberry.type(description="Whether the desk is well.")
class Health:
    """Health."""

    database: bool = plain("The database answers.")
    mailbot_seen_at: datetime | None = plain("When the mail robot was last seen; null if never.")
    inbox_lag_seconds: int | None = plain(
        "How long the oldest unread letter has waited; null when none waits."
    )
    outbox_depth: int = plain("Letters of ours that wait to be sent.")
    balance: JSON = plain("Letters seen, by what became of them.")
    classifier: Classifier | None = plain(
        "What the mail robot reads letters with; null until it has been seen."
    )
