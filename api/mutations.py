"""The root of all acts; here those on clients, consents, staff and tokens."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from api.access import ADMINS, CLIENT_WRITERS
from api.acting import INPUT, NOTE_MAX, Beside, act, finish, optional, perform, row_key
from api.call import Call
from api.mutations_cases import CaseMutations
from api.mutations_package import PackageMutations
from api.mutations_queue import QueueMutations
from api.mutations_registers import RegisterMutations
from api.reads import payloads
from api.reads.people import token_named
from api.types.acts import (
    ClientUpsertPayload,
    ConsentPayload,
    StaffUpsertInput,
    StaffUpsertPayload,
    TokenCreateInput,
    TokenCreatePayload,
    TokenRevokeInput,
    TokenRevokePayload,
)
from api.types.client_inputs import (
    ClientUpsertInput,
    ConsentRecordInput,
    ConsentWithdrawInput,
    checked_text,
    client_record,
)
from api.types.problems import user_error
from models.acts import access, clients, consents
from models.shapes import ActResult, Problem
from models.vocabulary import ConsentEventKind, ErrorCode

__all__ = ["Mutation", "payloads"]

_SHOWN = Problem(
    ErrorCode.CONFLICT,
    "This token was made and shown before and is kept nowhere: if nobody has it, revoke it"
    " and make another under a new name.",
    ("input", "idempotencyKey"),
)


@strawberry.type(description="Acts: one each, refused as a whole or done as a whole.")
class Mutation(CaseMutations, QueueMutations, PackageMutations, RegisterMutations):
    """Root of all acts."""

    @act("Records what a person said about a consent.", CLIENT_WRITERS)
    async def consent_record(
        self,
        info: Info,
        input: Annotated[ConsentRecordInput, INPUT],  # noqa: A002
    ) -> ConsentPayload | None:
        """One line of the ledger."""

        async def acting(call: Call) -> ActResult:
            record = consents.ConsentRecord(
                purpose=input.purpose,
                kind=input.kind,
                method=input.method,
                at=input.at,
                language=input.language,
                note=_note(input.note),
                expires_on=input.expires_on,
                lifts_suppression=input.lifts_suppression,
            )
            return await _consent(call, input, record)

        return await finish(  # type: ignore[no-any-return]
            info, ConsentPayload, input, acting, beside=_consent_key(input)
        )

    @act("Takes a consent back; the addresses are not written to from now on.", CLIENT_WRITERS)
    async def consent_withdraw(
        self,
        info: Info,
        input: Annotated[ConsentWithdrawInput, INPUT],  # noqa: A002
    ) -> ConsentPayload | None:
        """A withdrawal."""

        async def acting(call: Call) -> ActResult:
            record = consents.ConsentRecord(
                purpose=input.purpose,
                kind=ConsentEventKind.WITHDRAWN,
                method=input.method,
                at=input.at or call.now,
                note=_note(input.note),
            )
            return await _consent(call, input, record)

        return await finish(  # type: ignore[no-any-return]
            info, ConsentPayload, input, acting, beside=_consent_key(input)
        )

    @act("Writes a whole client as the customer system knows it.", CLIENT_WRITERS)
    async def client_upsert(
        self,
        info: Info,
        input: Annotated[ClientUpsertInput, INPUT],  # noqa: A002
    ) -> ClientUpsertPayload | None:
        """Create or replace, by externalId."""

        async def acting(call: Call) -> ActResult:
            return await clients.upsert_client(
                call.house,
                call.viewer.actor,
                record=client_record(input),
                version=input.version,
                call_id=call.call_id,
            )

        made: ClientUpsertPayload = await finish(info, ClientUpsertPayload, input, acting)
        made.is_new = made.row.get("created")
        return made

    @act("Writes a colleague; a change of role ends the tokens.", ADMINS)
    async def staff_upsert(
        self,
        info: Info,
        input: Annotated[StaffUpsertInput, INPUT],  # noqa: A002
    ) -> StaffUpsertPayload | None:
        """Create or change."""

        async def acting(call: Call) -> ActResult:
            found = await access.upsert_staff(
                call.house,
                call.viewer.actor,
                name=checked_text(input.name, 120, "name"),
                email=checked_text(input.email, 320, "email"),
                role=input.role,
                trained_on=input.trained_on,
                staff_id=optional(input.staff_id, "Staff", "staffId"),
                version=input.version,
                is_active=input.is_active,
                call_id=call.call_id,
            )
            return ActResult(staff_id=found.staff_id, created=found.created)

        return await finish(info, StaffUpsertPayload, input, acting)  # type: ignore[no-any-return]

    @act("Makes a token; it is shown this once.", ADMINS)
    async def token_create(
        self,
        info: Info,
        input: Annotated[TokenCreateInput, INPUT],  # noqa: A002
    ) -> TokenCreatePayload | None:
        """256 random bits."""
        call: Call = info.context
        secrets: dict[int | None, str] = {}

        async def acting() -> ActResult:
            made = await access.create_token(
                call.house,
                call.viewer.actor,
                name=input.name,
                role=input.role,
                staff_id=optional(input.staff_id, "Staff", "staffId"),
                days=input.days,
                call_id=call.call_id,
            )
            secrets[made.token_id] = made.token
            return ActResult(token_id=made.token_id)

        result, errors = await perform(call, info.field_name, input, acting)
        if result is None:
            return TokenCreatePayload(token=None, name=None, expires_at=None, user_errors=errors)
        secret = secrets.get(result.token_id)  # of this token: what was undone has another id
        name, expires_at = await token_named(result.token_id)
        return TokenCreatePayload(
            token=secret,
            name=name,
            expires_at=expires_at,
            user_errors=[] if secret else [user_error(_SHOWN)],
        )

    @act("Ends a token at once.", ADMINS)
    async def token_revoke(
        self,
        info: Info,
        input: Annotated[TokenRevokeInput, INPUT],  # noqa: A002
    ) -> TokenRevokePayload | None:
        """Revoke."""
        call: Call = info.context

        async def acting() -> ActResult:
            token_id = await access.revoke_token(
                call.house, call.viewer.actor, name=input.name, call_id=call.call_id
            )
            return ActResult(token_id=token_id)

        result, errors = await perform(call, info.field_name, input, acting)
        return TokenRevokePayload(name=None if result is None else input.name, user_errors=errors)


def _note(text: str | None) -> str | None:
    return None if text is None else checked_text(text, NOTE_MAX, "note")


def _consent_key(given: ConsentRecordInput | ConsentWithdrawInput) -> Beside:
    return lambda done: {"consent_key": f"{done.client_id}:{given.purpose.value}"}


async def _consent(
    call: Call, given: ConsentRecordInput | ConsentWithdrawInput, record: consents.ConsentRecord
) -> ActResult:
    return await consents.record_consent(
        call.house,
        call.viewer.actor,
        client_id=row_key(given.client_id, "Client", "clientId"),
        version=given.version,
        record=record,
        call_id=call.call_id,
    )
