"""Errors a caller may see; whatever is not one of these is masked."""

from typing import Any

from graphql import GraphQLError

BAD_USER_INPUT = "BAD_USER_INPUT"


def refused(code: str, message: str, **more: Any) -> GraphQLError:
    """An error with `extensions.code`; `message` holds no personal data."""
    return GraphQLError(message, extensions={"code": code, **more})


def bad_input(message: str) -> GraphQLError:
    """An argument that cannot be used."""
    return refused(BAD_USER_INPUT, message)


def forbidden() -> GraphQLError:
    """What needs a role that the caller has not."""
    return refused("FORBIDDEN", "Your role may not see or do this.")


def coded(error: GraphQLError) -> GraphQLError:
    """The error with a code: what graphql-core refuses by itself is input that cannot be used."""
    if "code" not in (error.extensions or {}):
        error.extensions = {**(error.extensions or {}), "code": BAD_USER_INPUT}
    return error


def is_expected(error: GraphQLError) -> bool:
    """Whether the error was meant for the caller: graphql-core's own, or one from here."""
    return error.original_error is None or isinstance(error.original_error, GraphQLError)
