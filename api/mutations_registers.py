"""Acts on erasures, holds, restrictions, disclosures and the policy, one mutation each."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from api.access import LETTERS, OFFICER
from api.acting import INPUT, act, few, finish, row_key, words
from api.call import Call
from api.mutations_cases import on_case
from api.types.acts import RequestPayload
from api.types.register_acts import (
    DisclosurePayload,
    DisclosureRecordInput,
    PolicyPayload,
    PolicyVersionRecordInput,
    RequestCompleteTasksInput,
    RequestDecideCategoryInput,
    RequestEraseInput,
    RequestHoldInput,
    RequestSkipTasksInput,
    RestrictionLiftInput,
    RestrictionPayload,
    TaskCompleteInput,
    TaskPayload,
)
from models.acts import erasing, fulfilment, holds, registers, restricting
from models.shapes import ActResult

POLICY_MAX = 200_000


@strawberry.type(description="Acts on what is kept, erased, restricted and given away.")
class RegisterMutations:
    """A part of the root of all acts."""

    @act("Decides what becomes of one data category of an erasure; makes its tasks.", LETTERS)
    async def request_decide_category(
        self,
        info: Info,
        input: Annotated[RequestDecideCategoryInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 17(3)."""

        async def acting(call: Call) -> ActResult:
            return await erasing.decide_category(
                call.house,
                call.viewer.actor,
                request_id=row_key(input.request_id, "DataSubjectRequest", "requestId"),
                version=input.version,
                choice=erasing.Choice(
                    input.category,
                    input.outcome,
                    input.reason,
                    input.keep_until,
                    words(input.note, "note"),
                ),
                call_id=call.call_id,
            )

        return await finish(info, RequestPayload, input, acting)  # type: ignore[no-any-return]

    @act("Carries an erasure out in our own register; it cannot be undone.", LETTERS)
    async def request_erase(
        self,
        info: Info,
        input: Annotated[RequestEraseInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Execute."""
        return await on_case(info, input, erasing.execute_erasure)  # type: ignore[no-any-return]

    @act("Sets a legal hold: nothing of the case and its client is erased.", OFFICER)
    async def request_hold(
        self,
        info: Info,
        input: Annotated[RequestHoldInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Hold."""
        return await on_case(info, input, holds.set_hold)  # type: ignore[no-any-return]

    @act("Lifts a legal hold.", OFFICER)
    async def request_lift_hold(
        self,
        info: Info,
        input: Annotated[RequestHoldInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Lift."""
        return await on_case(info, input, holds.lift_hold)  # type: ignore[no-any-return]

    @act("Ticks a task off.", LETTERS)
    async def task_complete(
        self,
        info: Info,
        input: Annotated[TaskCompleteInput, INPUT],  # noqa: A002
    ) -> TaskPayload | None:
        """Done."""

        async def acting(call: Call) -> ActResult:
            return await fulfilment.complete_task(
                call.house,
                call.viewer.actor,
                task_id=row_key(input.task_id, "FulfilmentTask", "taskId"),
                version=input.version,
                note=words(input.note, "note"),
                call_id=call.call_id,
            )

        return await finish(info, TaskPayload, input, acting)  # type: ignore[no-any-return]

    @act("Ticks several tasks of one case off.", LETTERS)
    async def request_complete_tasks(
        self,
        info: Info,
        input: Annotated[RequestCompleteTasksInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Done."""
        return await on_case(info, input, fulfilment.complete_tasks)  # type: ignore[no-any-return]

    @act("Settles tasks nobody has to do, with the reason.", LETTERS)
    async def request_skip_tasks(
        self,
        info: Info,
        input: Annotated[RequestSkipTasksInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Not needed."""
        return await on_case(info, input, fulfilment.skip_tasks)  # type: ignore[no-any-return]

    @act("Records that a client's data were given to somebody else.", LETTERS)
    async def disclosure_record(
        self,
        info: Info,
        input: Annotated[DisclosureRecordInput, INPUT],  # noqa: A002
    ) -> DisclosurePayload | None:
        """Clauses 5.3, 5.4, 7."""

        async def acting(call: Call) -> ActResult:
            few(input.categories, "categories")
            return await registers.record_disclosure(
                call.house,
                call.viewer.actor,
                client_id=row_key(input.client_id, "Client", "clientId"),
                version=input.version,
                transfer=registers.Transfer(
                    words(input.recipient, "recipient"),
                    input.categories,
                    words(input.purpose, "purpose"),
                    input.basis,
                    input.at,
                ),
                call_id=call.call_id,
            )

        return await finish(info, DisclosurePayload, input, acting)  # type: ignore[no-any-return]

    @act("Tells the person that a restriction ends; it ends on its day, once told.", LETTERS)
    async def restriction_lift(
        self,
        info: Info,
        input: Annotated[RestrictionLiftInput, INPUT],  # noqa: A002
    ) -> RestrictionPayload | None:
        """Art. 18(3)."""

        async def acting(call: Call) -> ActResult:
            return await restricting.lift_restriction(
                call.house,
                call.viewer.actor,
                client_id=row_key(input.client_id, "Client", "clientId"),
                version=input.version,
                reasons=words(input.reasons, "reasons"),
                lifted_on=input.lifted_on,
                call_id=call.call_id,
            )

        return await finish(info, RestrictionPayload, input, acting)  # type: ignore[no-any-return]

    @act("Records a new version of the policy; consents from its day on point to it.", OFFICER)
    async def policy_version_record(
        self,
        info: Info,
        input: Annotated[PolicyVersionRecordInput, INPUT],  # noqa: A002
    ) -> PolicyPayload | None:
        """Clause 11."""

        async def acting(call: Call) -> ActResult:
            return await registers.record_policy(
                call.house,
                call.viewer.actor,
                name=words(input.version, "version"),
                valid_from=input.valid_from,
                text=words(input.text, "text", POLICY_MAX),
                call_id=call.call_id,
            )

        return await finish(info, PolicyPayload, input, acting)  # type: ignore[no-any-return]
