"""Acts: parse the input, call ONE act, wrap."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from api.access import ADMINS, CLIENT_WRITERS, LETTERS
from api.acting import INPUT, act_field, finish
from api.call import Call
from api.ids import key_of
from api.mutations_package import PackageMutations
from api.reads import payloads
from api.types.acts import (
    ClientUpsertPayload,
    ConsentPayload,
    MessageClassifyInput,
    MessageClassifyPayload,
    OutboundMailInput,
    OutboundMailPayload,
    OutboundMailSendInput,
    RequestAssignInput,
    RequestNoteInput,
    RequestPayload,
    StaffUpsertInput,
    StaffUpsertPayload,
    TokenCreateInput,
    TokenCreatePayload,
    TokenRevokeInput,
    TokenRevokePayload,
)
from api.types.client_inputs import (
    LIST_MAX,
    ClientUpsertInput,
    ConsentRecordInput,
    ConsentWithdrawInput,
    checked_text,
    client_record,
)
from api.types.problems import user_error
from models.acts import access, cases, classify, clients, consents, delivery
from models.shapes import ActRefused, ActResult, Problem
from models.vocabulary import ConsentEventKind, ErrorCode

__all__ = ["Mutation", "payloads"]

NOTE_MAX = 10_000


@strawberry.type(description="Acts: one each, refused as a whole or done as a whole.")
class Mutation(PackageMutations):
    """Root of all acts."""

    @act_field(
        "Says what a letter in triage, or one wrongly ignored, asks for: opens a case,"
        " attaches it to one, or finds it is not a request.",
        LETTERS,
    )
    async def message_classify(
        self,
        info: Info,
        input: Annotated[MessageClassifyInput, INPUT],  # noqa: A002
    ) -> MessageClassifyPayload | None:
        """Triage."""

        async def act(call: Call) -> ActResult:
            _short(input.labels, "labels")
            _short(input.purposes, "purposes")
            return await classify.classify_message(
                call.house,
                call.viewer.actor,
                message_id=key_of(input.message_id, "Message"),
                version=input.version,
                labels=tuple(dict.fromkeys(input.labels)),
                purposes=tuple(dict.fromkeys(input.purposes)),
                request_id=_optional(input.request_id, "DataSubjectRequest"),
                marketing_objection=input.marketing_objection,
                call_id=call.call_id,
            )

        return await finish(info, MessageClassifyPayload, input, act)  # type: ignore[no-any-return]

    @act_field("Records what a person said about a consent.", CLIENT_WRITERS)
    async def consent_record(
        self,
        info: Info,
        input: Annotated[ConsentRecordInput, INPUT],  # noqa: A002
    ) -> ConsentPayload | None:
        """One line of the ledger."""
        client_id = key_of(input.client_id, "Client")

        async def act(call: Call) -> ActResult:
            record = consents.ConsentRecord(
                purpose=input.purpose,
                kind=input.kind,
                method=input.method,
                at=input.at,
                language=input.language,
                note=_note(input.note),
            )
            return await _consent(call, client_id, input.version, record)

        more = {"consent_key": f"{client_id}:{input.purpose.value}"}
        return await finish(info, ConsentPayload, input, act, more=more)  # type: ignore[no-any-return]

    @act_field(
        "Takes a consent back; the addresses are not written to from now on.", CLIENT_WRITERS
    )
    async def consent_withdraw(
        self,
        info: Info,
        input: Annotated[ConsentWithdrawInput, INPUT],  # noqa: A002
    ) -> ConsentPayload | None:
        """A withdrawal."""
        client_id = key_of(input.client_id, "Client")

        async def act(call: Call) -> ActResult:
            record = consents.ConsentRecord(
                purpose=input.purpose,
                kind=ConsentEventKind.WITHDRAWN,
                method=input.method,
                at=input.at or call.now,
                note=_note(input.note),
            )
            return await _consent(call, client_id, input.version, record)

        more = {"consent_key": f"{client_id}:{input.purpose.value}"}
        return await finish(info, ConsentPayload, input, act, more=more)  # type: ignore[no-any-return]

    @act_field("Lets a held letter go.", LETTERS)
    async def outbound_mail_release(
        self,
        info: Info,
        input: Annotated[OutboundMailSendInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """held -> queued."""
        return await _letter(info, input, delivery.release_letter)

    @act_field("Sends again what failed or may not have arrived.", LETTERS)
    async def outbound_mail_retry(
        self,
        info: Info,
        input: Annotated[OutboundMailSendInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """failed, bounced, maybe_sent -> queued."""
        return await _letter(info, input, delivery.retry_letter)

    @act_field("Decides that a letter is not sent.", LETTERS)
    async def outbound_mail_drop(
        self,
        info: Info,
        input: Annotated[OutboundMailInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """-> dropped."""
        return await _letter(info, input, delivery.drop_letter)

    @act_field("Confirms that a doubtful letter did go out.", LETTERS)
    async def outbound_mail_confirm_sent(
        self,
        info: Info,
        input: Annotated[OutboundMailInput, INPUT],  # noqa: A002
    ) -> OutboundMailPayload | None:
        """maybe_sent -> sent."""
        return await _letter(info, input, delivery.confirm_sent)

    @act_field("Gives a case to a colleague, or back to the queue.", LETTERS)
    async def request_assign(
        self,
        info: Info,
        input: Annotated[RequestAssignInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Assign."""

        async def act(call: Call) -> ActResult:
            return await cases.assign(
                call.house,
                call.viewer.actor,
                request_id=key_of(input.request_id, "DataSubjectRequest"),
                version=input.version,
                staff_id=_optional(input.staff_id, "Staff"),
                call_id=call.call_id,
            )

        return await finish(info, RequestPayload, input, act)  # type: ignore[no-any-return]

    @act_field("Adds a note for colleagues to a case.", LETTERS)
    async def request_note(
        self,
        info: Info,
        input: Annotated[RequestNoteInput, INPUT],  # noqa: A002
    ) -> RequestPayload | None:
        """Note."""

        async def act(call: Call) -> ActResult:
            return await cases.add_note(
                call.house,
                call.viewer.actor,
                request_id=key_of(input.request_id, "DataSubjectRequest"),
                version=input.version,
                text=checked_text(input.text, NOTE_MAX, "text"),
                call_id=call.call_id,
            )

        return await finish(info, RequestPayload, input, act)  # type: ignore[no-any-return]

    @act_field("Writes a whole client as the customer system knows it.", CLIENT_WRITERS)
    async def client_upsert(
        self,
        info: Info,
        input: Annotated[ClientUpsertInput, INPUT],  # noqa: A002
    ) -> ClientUpsertPayload | None:
        """Create or replace, by externalId."""

        async def act(call: Call) -> ActResult:
            return await clients.upsert_client(
                call.house,
                call.viewer.actor,
                record=client_record(input),
                version=input.version,
                call_id=call.call_id,
            )

        return await finish(  # type: ignore[no-any-return]
            info,
            ClientUpsertPayload,
            input,
            act,
            shown=lambda result: {"is_new": result.created if result else None},
        )

    @act_field("Writes a colleague; a change of role ends the tokens.", ADMINS)
    async def staff_upsert(
        self,
        info: Info,
        input: Annotated[StaffUpsertInput, INPUT],  # noqa: A002
    ) -> StaffUpsertPayload | None:
        """Create or change."""

        async def act(call: Call) -> ActResult:
            found = await access.upsert_staff(
                call.house,
                call.viewer.actor,
                name=checked_text(input.name, 120, "name"),
                email=checked_text(input.email, 320, "email"),
                role=input.role,
                trained_on=input.trained_on,
                staff_id=_optional(input.staff_id, "Staff"),
                version=input.version,
                is_active=input.is_active,
                call_id=call.call_id,
            )
            return ActResult(staff_id=found.staff_id, created=found.created)

        return await finish(info, StaffUpsertPayload, input, act)  # type: ignore[no-any-return]

    @act_field("Makes a token; it is shown this once.", ADMINS)
    async def token_create(
        self,
        info: Info,
        input: Annotated[TokenCreateInput, INPUT],  # noqa: A002
    ) -> TokenCreatePayload | None:
        """256 random bits."""
        call: Call = info.context
        try:
            made = await access.create_token(
                call.house,
                call.viewer.actor,
                name=input.name,
                role=input.role,
                staff_id=_optional(input.staff_id, "Staff"),
                days=input.days,
                now=call.now,
                call_id=call.call_id,
            )
        except ActRefused as refusal:
            errors = [user_error(problem) for problem in refusal.problems]
            return TokenCreatePayload(token=None, name=None, expires_at=None, user_errors=errors)
        expires = None if input.days is None else call.now + timedelta(days=input.days)
        return TokenCreatePayload(
            token=made.token, name=input.name.strip(), expires_at=expires, user_errors=[]
        )

    @act_field("Ends a token at once.", ADMINS)
    async def token_revoke(
        self,
        info: Info,
        input: Annotated[TokenRevokeInput, INPUT],  # noqa: A002
    ) -> TokenRevokePayload | None:
        """Revoke."""
        call: Call = info.context
        try:
            await access.revoke_token(
                call.house, call.viewer.actor, name=input.name, call_id=call.call_id
            )
        except ActRefused as refusal:
            errors = [user_error(problem) for problem in refusal.problems]
            return TokenRevokePayload(name=None, user_errors=errors)
        return TokenRevokePayload(name=input.name, user_errors=[])


def _optional(value: str | None, kind: str) -> int | None:
    return None if value is None else key_of(value, kind)


def _note(text: str | None) -> str | None:
    return None if text is None else checked_text(text, NOTE_MAX, "note")


def _short(values: list[Any], name: str) -> None:
    if len(values) > LIST_MAX:
        raise ActRefused(
            Problem(ErrorCode.INVALID, f"At most {LIST_MAX} of these.", ("input", name))
        )


async def _consent(
    call: Call, client_id: int, version: int, record: consents.ConsentRecord
) -> ActResult:
    return await consents.record_consent(
        call.house,
        call.viewer.actor,
        client_id=client_id,
        version=version,
        record=record,
        call_id=call.call_id,
    )


async def _letter(
    info: Info,
    given: OutboundMailInput | OutboundMailSendInput,
    decide: Callable[..., Awaitable[ActResult]],
) -> OutboundMailPayload:
    async def act(call: Call) -> ActResult:
        return await decide(
            call.house,
            call.viewer.actor,
            outbound_id=key_of(given.id, "OutboundMail"),
            version=given.version,
            call_id=call.call_id,
        )

    return await finish(info, OutboundMailPayload, given, act)  # type: ignore[no-any-return]
