"""Acts on the queue: letters in triage, and letters of ours that a person decides about."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from strawberry.types import Info

from api.access import LETTERS
from api.acting import INPUT, act, arguments, few, finish, optional, row_key
from api.call import Call
from api.types.acts import (
    MessageClassifyInput,
    MessageClassifyPayload,
    MessagePayload,
    OutboundMailInput,
    OutboundMailPayload,
    OutboundMailSendInput,
)
from api.types.case_acts import MessageMoveInput, MessageRedactAttachmentInput
from models.acts import classify, delivery, moving, redacting
from models.shapes import ActResult


@strawberry.type
class QueueMutations:
    """What waits for a person."""

    @act(
        "Says what a letter in triage or quarantine, or one wrongly ignored, asks for: opens a"
        " case, attaches it to one, or finds it is not a request.",
        LETTERS,
    )
    async def message_classify(
        self,
        info: Info,
        input: Annotated[MessageClassifyInput, INPUT],  # noqa: A002
    ) -> MessageClassifyPayload | None:
        """Triage."""

        async def acting(call: Call) -> ActResult:
            few(input.labels, "labels")
            few(input.purposes, "purposes")
            return await classify.classify_message(
                call.house,
                call.viewer.actor,
                message_id=row_key(input.message_id, "Message", "messageId"),
                version=input.version,
                labels=tuple(dict.fromkeys(input.labels)),
                purposes=tuple(dict.fromkeys(input.purposes)),
                request_id=optional(input.request_id, "DataSubjectRequest", "requestId"),
                marketing_objection=input.marketing_objection,
                received_at=input.received_at,
                call_id=call.call_id,
            )

        return await finish(info, MessageClassifyPayload, input, acting)  # type: ignore[no-any-return]

    @act("Moves a further letter to the case it belongs to.", LETTERS)
    async def message_move(
        self,
        info: Info,
        input: Annotated[MessageMoveInput, INPUT],  # noqa: A002
    ) -> MessagePayload | None:
        """Filed under the wrong case."""
        return await _message(info, input, moving.move_message)

    @act(
        "Removes a file that came with a letter, a copy of an identity document, from the"
        " stored letter too; its digest stays.",
        LETTERS,
    )
    async def message_redact_attachment(
        self,
        info: Info,
        input: Annotated[MessageRedactAttachmentInput, INPUT],  # noqa: A002
    ) -> MessagePayload | None:
        """Noted and removed."""
        return await _message(info, input, redacting.redact_attachment)

    @act("Lets a held letter go.", LETTERS)
    async def outbound_mail_release(
        self,
        info: Info,
        input: Annotated[OutboundMailSendInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """held -> queued."""
        return await _letter(info, input, delivery.release_letter)

    @act("Sends again what failed or may not have arrived.", LETTERS)
    async def outbound_mail_retry(
        self,
        info: Info,
        input: Annotated[OutboundMailSendInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """failed, bounced, maybe_sent -> queued."""
        return await _letter(info, input, delivery.retry_letter)

    @act("Decides that a letter is not sent.", LETTERS)
    async def outbound_mail_drop(
        self,
        info: Info,
        input: Annotated[OutboundMailInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """-> dropped."""
        return await _letter(info, input, delivery.drop_letter)

    @act("Confirms that a doubtful letter did go out.", LETTERS)
    async def outbound_mail_confirm_sent(
        self,
        info: Info,
        input: Annotated[OutboundMailInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """maybe_sent -> sent."""
        return await _letter(info, input, delivery.confirm_sent)


async def _message(
    info: Info,
    given: MessageMoveInput | MessageRedactAttachmentInput,
    run: Callable[..., Awaitable[ActResult]],
) -> MessagePayload:
    async def acting(call: Call) -> ActResult:
        values = arguments(given)
        return await run(call.house, call.viewer.actor, **values, call_id=call.call_id)

    return await finish(info, MessagePayload, given, acting)  # type: ignore[no-any-return]


async def _letter(
    info: Info,
    given: OutboundMailInput | OutboundMailSendInput,
    decide: Callable[..., Awaitable[ActResult]],
) -> OutboundMailPayload:
    async def acting(call: Call) -> ActResult:
        return await decide(
            call.house,
            call.viewer.actor,
            outbound_id=row_key(given.id, "OutboundMail", "id"),
            version=given.version,
            call_id=call.call_id,
        )

    return await finish(info, OutboundMailPayload, given, acting)  # type: ignore[no-any-return]
