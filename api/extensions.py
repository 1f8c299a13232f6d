"""What happens round every operation: its own call, its reads journalled, errors masked."""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from api.call import Call
from api.errors import coded, is_expected, refused
from models.logs import place_of

log = logging.getLogger("api")


class OneCall(SchemaExtension):
    """Gives every operation a call of its own, and journals its reads before the answer leaves.

    Over a WebSocket many operations share one connection's context.
    """

    def on_operation(self) -> Iterator[None]:
        """A socket's operations must not share what they read."""
        context: Call = self.execution_context.context
        if context.connection_params is not None:
            self.execution_context.context = context.fresh()
        yield

    def on_execute(self) -> Iterator[None]:
        """The name is known once the document is parsed."""
        self.execution_context.context.operation = self.execution_context.operation_name
        yield

    async def on_stream_result(self, result: Any) -> AsyncIterator[None]:
        """Over a WebSocket, before each message."""
        await self.execution_context.context.journal_reads()
        yield


class MaskUnexpected(SchemaExtension):
    """Masks the messages of a WebSocket; over HTTP the door masks, which sees every error."""

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Before each message."""
        errors = getattr(result, "errors", None)
        if errors:
            call: Call = self.execution_context.context
            result.errors = masked(errors, call.call_id, self.execution_context.operation_name)
        yield


def masked(errors: list[GraphQLError], call_id: str, operation: str | None) -> list[GraphQLError]:
    """Each with a code; faults of ours become a sentence and a call id, the log names their place.

    Neither variables nor document nor the fault's own words are logged: they may hold
    personal data.
    """
    return [
        coded(error) if is_expected(error) else _masked(error, call_id, operation)
        for error in errors
    ]


def _masked(error: GraphQLError, call_id: str, operation: str | None) -> GraphQLError:
    log_fault(error.original_error, call_id, operation)
    shown = refused("INTERNAL", "Something went wrong on our side.", callId=call_id)
    return GraphQLError(
        shown.message, nodes=error.nodes, path=error.path, extensions=shown.extensions
    )


def log_fault(fault: BaseException | None, call_id: str, operation: str | None) -> None:
    """Kind and place of a fault, without its words."""
    what = place_of(fault) if fault else "an error of unknown kind"
    log.error("%s, in %s, call %s", what, operation or "unnamed operation", call_id)
