"""Who may see a row that is asked for by its id: whoever may see the list it stands in."""

from collections.abc import Callable, Sequence

from graphql import GraphQLError

from api.access import CASES, IGNORED, LETTERS, Roles
from api.call import Call
from api.errors import forbidden
from api.reads.rows import Row
from models.vocabulary import Fate


def letter_roles(row: Row) -> Roles:
    """Of a letter to us: its case, `ignoredMessages`, or the letters that wait for a person."""
    if row["request_id"] is None and row["fate"] == Fate.IGNORED:
        return IGNORED
    return case_roles(row)


def case_roles(row: Row) -> Roles:
    """Of what belongs to a case; without one only handlers have a list of it."""
    return LETTERS if row["request_id"] is None else CASES


def withheld(
    call: Call, found: Sequence[Row], roles: Callable[[Row], Roles]
) -> dict[int, GraphQLError]:
    """By row number, the refusal of each row that the caller may not see."""
    return {row["id"]: forbidden() for row in found if not call.viewer.may(roles(row))}
