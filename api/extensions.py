"""What every answer shows of errors, and the log of faults."""

import logging

from graphql import GraphQLError

from api.errors import coded, is_expected, refused
from models.logs import place_of

log = logging.getLogger("api")


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
