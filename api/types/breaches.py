"""A possible breach of personal data, and what was decided about it (GDPR Art. 33, 34)."""

from datetime import datetime

import strawberry

from api.access import LETTERS
from api.types.base import Level, loaded, plain
from api.types.people import Actor
from models.vocabulary import BreachOutcome, TellingOutcome


@strawberry.type(description="One decision about a possible breach; the newest stands.")
class BreachDecision(Level):
    """Kept with its grounds (Art. 33(5))."""

    outcome: BreachOutcome = plain("What was decided.")
    notified_at: datetime | None = plain("When the Inspectorate was told; null if it was not.")
    is_late: bool = plain("The Inspectorate was told after the 72 hours.")
    explanation: str | None = loaded("What happened and why so; null once erased.", LETTERS)
    delay_reasons: str | None = loaded("Why after the 72 hours; null if in time.", LETTERS)
    decide_by: datetime = plain("Which breach: the end of its 72 hours.")
    decided_at: datetime = plain("When it was recorded.")
    decided_by: Actor = loaded("Who recorded it.")


@strawberry.type(description="Whether the people concerned are told of a breach (GDPR Art. 34).")
class BreachTelling(Level):
    """Told, or one of the grounds not to."""

    outcome: TellingOutcome = plain("What was decided.")
    told_at: datetime | None = plain("When they were told; null if they were not.")
    explanation: str | None = loaded("How and what, or why not; null once erased.", LETTERS)
    decide_by: datetime = plain("Which breach: the end of its 72 hours.")
    decided_at: datetime = plain("When it was recorded.")
    decided_by: Actor = loaded("Who recorded it.")


@strawberry.type(description="A possible breach of personal data (GDPR Art. 33, 34).")
class Breach(Level):
    """The 72 hours of a case."""

    decide_by: datetime = plain(
        "72 hours after the letter that told of it was received: of the first that nobody has"
        " decided about, else of the one decided last."
    )
    hours_left: int | None = plain(
        "Whole hours until then, negative once it has passed; null when nothing waits."
    )
    decisions: list[BreachDecision] = loaded("What was decided, the oldest first.")
    telling_waits: bool = plain(
        "The Inspectorate was notified, and nobody has decided whether the people concerned are"
        " told."
    )
    tellings: list[BreachTelling] = loaded("What was decided about that, the oldest first.")
