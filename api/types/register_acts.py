"""Inputs and payloads of acts on erasures, holds, restrictions, disclosures, the policy."""

from datetime import date, datetime

import strawberry

from api.types.acts import AFTER, ERRORS, KEY, VERSION
from api.types.base import Level, loaded, plain
from api.types.case_acts import SENDING_KEY, CaseInput
from api.types.clients import Client
from api.types.fulfilment import Disclosure, FulfilmentTask
from api.types.problems import UserError
from api.types.register import PolicyVersion
from api.types.requests import DataSubjectRequest
from models.vocabulary import DataCategory, Justification, LawfulBasis, Outcome


@strawberry.input(description="What becomes of one data category of an erasure.")
class RequestDecideCategoryInput(CaseInput):
    """Category."""

    category: DataCategory = strawberry.field(description="Which data (policy clause 3).")
    outcome: Outcome = strawberry.field(
        description="GRANTED: erase; PARTLY_GRANTED: erase what the ground does not cover;"
        " REFUSED: keep."
    )
    reason: Justification | None = strawberry.field(
        description="Ground of what stays: law, claim or running contract (Art. 17(3)).",
        default=None,
    )
    keep_until: date | None = strawberry.field(
        description="Last day of what stays; null while nobody knows it.", default=None
    )
    note: str = strawberry.field(
        description="For colleagues; needed when the rules propose otherwise.", default=""
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="An erasure to be carried out. It cannot be undone.")
class RequestEraseInput(CaseInput):
    """Execute."""

    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A legal hold, set or lifted.")
class RequestHoldInput(CaseInput):
    """Hold."""

    reason: str = strawberry.field(description="Why, for colleagues.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A task that was done.")
class TaskCompleteInput:
    """Tick."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    version: int = strawberry.field(description="Version of its case as it was read.")
    note: str = strawberry.field(description="What there is to say of it.", default="")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="Tasks of one case that were done.")
class RequestCompleteTasksInput(CaseInput):
    """Tick several."""

    task_ids: list[strawberry.ID] = strawberry.field(description="The tasks, at most 50.")
    note: str = strawberry.field(description="What there is to say of each.", default="")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="Tasks of one case that nobody has to do.")
class RequestSkipTasksInput(CaseInput):
    """Reasoned off."""

    task_ids: list[strawberry.ID] = strawberry.field(description="The tasks, at most 50.")
    reason: str = strawberry.field(
        description="Why not; of a recipient: why telling is impossible or takes"
        " disproportionate effort (GDPR Art. 19)."
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A client's data given to somebody else.")
class DisclosureRecordInput:
    """Transfer."""

    client_id: strawberry.ID = strawberry.field(description="Whose data.")
    version: int = strawberry.field(description=VERSION)
    recipient: str = strawberry.field(description="Who was given them, at most 200 letters.")
    categories: list[DataCategory] = strawberry.field(description="Which data.")
    purpose: str = strawberry.field(description="What for, at most 300 letters.")
    basis: LawfulBasis = strawberry.field(description="On which basis (GDPR Art. 6(1)).")
    at: datetime = strawberry.field(description="When.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A restriction that is to end, after the person was told.")
class RestrictionLiftInput:
    """Art. 18(3)."""

    client_id: strawberry.ID = strawberry.field(description="Whose restriction.")
    version: int = strawberry.field(description=VERSION)
    reasons: str = strawberry.field(description="Why it ends, in the person's language.")
    lifted_on: date = strawberry.field(description="The day it ends, after today.")
    idempotency_key: str = strawberry.field(description=SENDING_KEY)


@strawberry.input(description="A new version of the policy (clause 11).")
class PolicyVersionRecordInput:
    """Policy."""

    version: str = strawberry.field(description="Its name, at most 40 letters.")
    valid_from: date = strawberry.field(description="First day it is in force.")
    text: str = strawberry.field(description="Its whole text; only the digest is kept.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of taskComplete.")
class TaskPayload(Level):
    """Payload."""

    task: FulfilmentTask | None = loaded(AFTER)
    request: DataSubjectRequest | None = loaded("Its case; null when nothing was done.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of disclosureRecord.")
class DisclosurePayload(Level):
    """Payload."""

    disclosure: Disclosure | None = loaded(AFTER)
    client: Client | None = loaded("The client after the act; null when nothing was done.")
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of restrictionLift.")
class RestrictionPayload(Level):
    """Payload."""

    client: Client | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of policyVersionRecord.")
class PolicyPayload(Level):
    """Payload."""

    policy_version: PolicyVersion | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)
