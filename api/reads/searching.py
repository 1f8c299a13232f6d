"""Search: the start of a name, or a whole address, code or reference by its keyed digest.

A code finds its client, and a writer's address the case, only for those who may see them.
"""

from dataclasses import dataclass
from typing import Any

from api.access import LETTERS
from api.call import Call
from api.errors import bad_input
from models.database import is_postgres
from models.names import folded

SEARCH_MIN, SEARCH_MAX = 2, 320
LAST_LETTER = "\U0010ffff"  # sorts after every name that begins with the prefix


@dataclass(frozen=True, slots=True)
class SearchValues:
    """One search text in the forms the register keeps."""

    prefix: str
    reference: str
    address_index: str
    code_index: str
    sender_index: str


def search_values(call: Call, text: str) -> SearchValues:
    """Normalised text. GraphQLError when it is too short or too long."""
    wanted = " ".join(text.split())
    if not SEARCH_MIN <= len(wanted) <= SEARCH_MAX or "\0" in wanted:
        raise bad_input(f"`search` has {SEARCH_MIN} to {SEARCH_MAX} letters.")
    vault = call.house.vault
    # who may not see a code, or who wrote, may not find it out by guessing
    may = call.viewer.may(LETTERS)
    address_index = vault.address_index(wanted)
    return SearchValues(
        prefix=folded(wanted),
        reference=wanted.upper(),
        address_index=address_index,
        code_index=vault.index("identifier", wanted) if may else "",
        sender_index=address_index if may else "",
    )


def clients_named(wanted: SearchValues) -> tuple[str, list[Any]]:
    """A subquery of client ids, and its values."""
    # the database's own collation need not agree with code points
    name = 'name_folded COLLATE "C"' if is_postgres() else "name_folded"
    sql = (
        f"SELECT id FROM client WHERE {name} >= ? AND {name} < ?"
        " UNION SELECT id FROM client WHERE identifier_index = ?"
        " UNION SELECT client_id FROM contact_address WHERE address_index = ?"
    )
    return sql, [
        wanted.prefix,
        wanted.prefix + LAST_LETTER,
        wanted.code_index,
        wanted.address_index,
    ]
