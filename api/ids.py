"""Opaque global ids: what the outside sees instead of row numbers."""

import base64
import binascii

from strawberry import ID

from api.errors import bad_input

MAX_KEY = 2**31 - 1  # the width of the id columns
MAX_LEDGER_KEY = 2**63 - 1  # of timeline and journal


def encode(kind: str, *key: object) -> ID:
    """`encode("Client", 7)`; the same object always has the same id."""
    text = ":".join((kind, *map(str, key)))
    return ID(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def decode(value: str) -> tuple[str, str]:
    """(type name, key). GraphQLError when `value` is no id of ours."""
    try:
        text = base64.b64decode(
            value + "=" * (-len(value) % 4), altchars=b"-_", validate=True
        ).decode()
    except (binascii.Error, ValueError):
        raise bad_input("This is not an id of this API: use an `id` that a query gave.") from None
    kind, found, key = text.partition(":")
    if not (found and kind.isidentifier() and key) or "\0" in key:
        raise bad_input("This is not an id of this API: use an `id` that a query gave.")
    return kind, key


def number(key: str, highest: int = MAX_KEY) -> int | None:
    """A row number, or None when no row can have it."""
    if not (key.isascii() and key.isdecimal() and len(key) < 20):
        return None
    value = int(key)
    return value if 0 < value <= highest else None


def key_of(value: str, kind: str) -> int:
    """The row number behind an id of one type; 0, which no row has, when it names none."""
    found, key = decode(value)
    if found != kind:
        raise bad_input(f"This id is not of a {kind}.")
    return number(key) or 0
