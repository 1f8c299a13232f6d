"""What the register knows about itself: rights, policy, processing activities."""

from datetime import date

import strawberry

from api.types.base import Level, Node, plain
from models.vocabulary import Assurance, DataCategory, LawfulBasis, RequestType


@strawberry.type(description="One published version of the privacy policy (clause 11).")
class PolicyVersion(Level, Node):
    """A policy version."""

    version: str = plain("Its name.")
    valid_from: date = plain("First day it counts.")
    sha256: str = strawberry.field(name="sha256", description="Digest of its text.")


@strawberry.type(description="One row of the record of processing activities (Art. 30).")
class ProcessingActivity(Level, Node):
    """What is processed, why, and how long."""

    category: DataCategory = plain("Which data (clause 3).")
    purposes: list[str] = plain("What for (clause 5).")
    bases: list[LawfulBasis] = plain("On which basis.")
    recipients: list[str] = plain("Who gets it (clause 7).")
    retention: str = plain("How long it is kept (clause 8).")
    systems: list[str] = plain("Where it lies.")
    clauses: list[str] = plain("Clauses of the policy that say so.")


@strawberry.type(description="A right we handle.")
class SupportedRight:
    """One row of the table of rights."""

    type: RequestType = plain("Which right it is.")
    article: str | None = plain("Article of the GDPR; null where none is used.")
    clause: str | None = plain("Clause of the policy; null where it names none.")
    clock_months: int | None = plain("Months to answer; null where only our own target runs.")
    identity_needed: Assurance = plain("How sure we must be who writes.")
    takes_effect_on_receipt: bool = plain("Whether it holds from the moment it came in.")
