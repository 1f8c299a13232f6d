"""Why an act was refused, as the caller reads it."""

import strawberry

from api.types.base import plain
from models.shapes import Problem
from models.vocabulary import ErrorCode, RequestAction, RequestStatus


@strawberry.interface(description="Why an act was refused; nothing was changed.")
class UserError:
    """A refusal."""

    message: str = plain("One sentence in English; clients show their own words for the code.")
    path: list[str] | None = plain("The input field it is about; null when it is about none.")
    code: ErrorCode = plain("What kind of refusal it is.")


@strawberry.type(description="A refusal because of a value or of what stands.")
class FieldError(UserError):
    """The usual refusal."""


@strawberry.type(description="A refusal because of where the case stands.")
class TransitionError(UserError):
    """An act that does not fit the status."""

    from_: RequestStatus = strawberry.field(name="from", description="Where the case stands.")
    allowed: list[RequestAction] = plain("What may be done instead.")


def user_error(problem: Problem) -> UserError:
    """One refusal of an act."""
    path = list(problem.path) or None
    status = problem.extra.get("from")
    if isinstance(status, RequestStatus):
        return TransitionError(
            message=problem.message,
            path=path,
            code=problem.code,
            from_=status,
            allowed=list(problem.extra.get("allowed", ())),
        )
    return FieldError(message=problem.message, path=path, code=problem.code)
