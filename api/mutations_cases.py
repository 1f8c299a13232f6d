"""Acts on cases, one mutation each: the input's fields are the act's arguments."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from api.access import LETTERS, OFFICER
from api.acting import INPUT, act, arguments, finish
from api.call import Call
from api.types.acts import RequestPayload
from api.types.case_acts import (
    RequestAcknowledgeInput,
    RequestAnnounceFeeInput,
    RequestAskClarificationInput,
    RequestAskIdentityInput,
    RequestAssignInput,
    RequestCloseInput,
    RequestCorrectClassificationInput,
    RequestCreateInput,
    RequestDecideBreachInput,
    RequestDecideItemInput,
    RequestDecideTellingInput,
    RequestExtendDeadlineInput,
    RequestMergeInput,
    RequestNoteInput,
    RequestRefuseInput,
    RequestRemindInput,
    RequestReopenInput,
    RequestReplyInput,
    RequestReportBreachInput,
    RequestResumeInput,
    RequestSplitInput,
    RequestVerifyIdentityInput,
    RequestWithdrawInput,
)
from models.acts import (
    acknowledging,
    assigning,
    breaches,
    cases,
    closing,
    correcting,
    deciding,
    extending,
    identifying,
    merging,
    questions,
    recording,
    replying,
    splitting,
    telling,
)
from models.house import House
from models.shapes import Actor, ActResult

Acting = Callable[..., Awaitable[ActResult]]


async def on_case(info: Info, given: Any, run: Acting, **more: Any) -> Any:
    """Calls `run` with the input's fields."""

    async def acting(call: Call) -> ActResult:
        values = arguments(given) | more
        return await run(call.house, call.viewer.actor, **values, call_id=call.call_id)

    return await finish(info, RequestPayload, given, acting)


@strawberry.type
class CaseMutations:
    """One case, one act."""

    @act("Gives a case to a colleague, or back to the queue.", LETTERS)
    async def request_assign(
        self,
        info: Info,
        input: Annotated[RequestAssignInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Assign."""
        return await on_case(info, input, assigning.assign)  # type: ignore[no-any-return]

    @act(
        "Lets the acknowledgement of a case go: the one that waits, or one nobody wrote; never"
        " twice.",
        LETTERS,
    )
    async def request_acknowledge(
        self,
        info: Info,
        input: Annotated[RequestAcknowledgeInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 12(3)."""
        return await on_case(info, input, acknowledging.acknowledge)  # type: ignore[no-any-return]

    @act("Adds a note for colleagues to a case.", LETTERS)
    async def request_note(
        self,
        info: Info,
        input: Annotated[RequestNoteInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Note."""
        return await on_case(info, input, cases.add_note)  # type: ignore[no-any-return]

    @act("Asks who the person is; the clock stands still from the day the letter is sent.", LETTERS)
    async def request_ask_identity(
        self,
        info: Info,
        input: Annotated[RequestAskIdentityInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 12(6)."""
        return await on_case(info, input, questions.ask, ground=questions.IDENTITY)  # type: ignore[no-any-return]

    @act("Asks what is meant; the clock stands still from the day the letter is sent.", LETTERS)
    async def request_ask_clarification(
        self,
        info: Info,
        input: Annotated[RequestAskClarificationInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Recital 63."""
        return await on_case(info, input, questions.ask, ground=questions.CLARIFICATION)  # type: ignore[no-any-return]

    @act("Ends the waiting: the clock runs on.", LETTERS)
    async def request_resume(
        self,
        info: Info,
        input: Annotated[RequestResumeInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """The answer came."""
        return await on_case(info, input, questions.resume)  # type: ignore[no-any-return]

    @act("Reminds the person of a question that was sent.", LETTERS)
    async def request_remind(
        self,
        info: Info,
        input: Annotated[RequestRemindInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Still waiting."""
        return await on_case(info, input, questions.remind)  # type: ignore[no-any-return]

    @act("Records that a colleague checked who asks, and how.", LETTERS)
    async def request_verify_identity(
        self,
        info: Info,
        input: Annotated[RequestVerifyIdentityInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Identity."""
        return await on_case(info, input, identifying.verify_identity)  # type: ignore[no-any-return]

    @act("Queues the notice of extension; the new date counts once it is sent in time.", LETTERS)
    async def request_extend_deadline(
        self,
        info: Info,
        input: Annotated[RequestExtendDeadlineInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 12(3)."""
        return await on_case(info, input, extending.extend_deadline)  # type: ignore[no-any-return]

    @act("Decides one right of a case; a refusal is the data protection officer's.", LETTERS)
    async def request_decide_item(
        self,
        info: Info,
        input: Annotated[RequestDecideItemInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """One right."""
        return await on_case(info, input, deciding.decide_item)  # type: ignore[no-any-return]

    @act(
        "Reports a possible breach nobody flagged: its 72 hours show, the officer is told at once.",
        LETTERS,
    )
    async def request_report_breach(
        self,
        info: Info,
        input: Annotated[RequestReportBreachInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 33."""
        return await on_case(info, input, breaches.report_breach)  # type: ignore[no-any-return]

    @act(
        "Records what is decided about a possible breach: that the Inspectorate was notified,"
        " or why not.",
        OFFICER,
    )
    async def request_decide_breach(
        self,
        info: Info,
        input: Annotated[RequestDecideBreachInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 33."""
        return await on_case(info, input, breaches.decide_breach)  # type: ignore[no-any-return]

    @act(
        "Records whether the people concerned are told of a breach, when and how, or why not.",
        OFFICER,
    )
    async def request_decide_telling(
        self,
        info: Info,
        input: Annotated[RequestDecideTellingInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 34."""
        return await on_case(info, input, telling.decide_telling)  # type: ignore[no-any-return]

    @act(
        "Opens a case for a request by telephone, by post or in person, on the clock of its"
        " true receipt.",
        LETTERS,
    )
    async def request_create(
        self,
        info: Info,
        input: Annotated[RequestCreateInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Written down by a colleague."""

        async def run(house: House, actor: Actor, **values: Any) -> ActResult:
            client_id, call_id = values.pop("client_id"), values.pop("call_id")
            told = recording.Told(**values)
            return await recording.record_request(
                house, actor, told=told, client_id=client_id, call_id=call_id
            )

        return await on_case(info, input, run)  # type: ignore[no-any-return]

    @act("Merges a case into another of the same person; answers with the one that stays.", LETTERS)
    async def request_merge(
        self,
        info: Info,
        input: Annotated[RequestMergeInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """The earliest clock rules."""
        return await on_case(info, input, merging.merge_case)  # type: ignore[no-any-return]

    @act(
        "Opens a case of its own for another person, or for some rights; answers with it.", LETTERS
    )
    async def request_split(
        self,
        info: Info,
        input: Annotated[RequestSplitInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Several people in one letter."""
        return await on_case(info, input, splitting.split_case)  # type: ignore[no-any-return]

    @act("Corrects which rights a case asks for; none at all: it was no request.", LETTERS)
    async def request_correct_classification(
        self,
        info: Info,
        input: Annotated[RequestCorrectClassificationInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """The old verdict stays beside it."""
        return await on_case(info, input, correcting.correct_rights)  # type: ignore[no-any-return]

    @act("Writes to the person in a colleague's own words; the clock runs on.", LETTERS)
    async def request_reply(
        self,
        info: Info,
        input: Annotated[RequestReplyInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """A letter of our own."""
        return await on_case(info, input, replying.reply)  # type: ignore[no-any-return]

    @act("Announces a fee; nothing is charged before the person agrees.", OFFICER)
    async def request_announce_fee(
        self,
        info: Info,
        input: Annotated[RequestAnnounceFeeInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 12(5)."""
        return await on_case(info, input, replying.announce_fee)  # type: ignore[no-any-return]

    @act("Closes a case with its answer; a late one is sent and recorded as missed.", LETTERS)
    async def request_close(
        self,
        info: Info,
        input: Annotated[RequestCloseInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Close."""
        return await on_case(info, input, closing.close_case)  # type: ignore[no-any-return]

    @act("Refuses what is still open, with reasons and the ways to complain, and closes.", OFFICER)
    async def request_refuse(
        self,
        info: Info,
        input: Annotated[RequestRefuseInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Art. 12(4)."""
        return await on_case(info, input, closing.refuse_case)  # type: ignore[no-any-return]

    @act("Closes a case whose request the person takes back.", LETTERS)
    async def request_withdraw(
        self,
        info: Info,
        input: Annotated[RequestWithdrawInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Taken back."""
        return await on_case(info, input, closing.withdraw_case)  # type: ignore[no-any-return]

    @act("Opens a finished case again; its clock never stopped.", LETTERS)
    async def request_reopen(
        self,
        info: Info,
        input: Annotated[RequestReopenInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Reopen."""
        return await on_case(info, input, closing.reopen_case)  # type: ignore[no-any-return]
