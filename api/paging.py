"""Keyset pages: a row that did not move is neither skipped nor repeated."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.errors import bad_input
from api.reads.rows import day, instant

Row = dict[str, Any]

FIRST_MAX = 100
CURSOR_MAX = 300

READERS: dict[str, Callable[[Any], Any]] = {
    "date": day,
    "instant": instant,
    "text": str,
    "number": int,
}


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: one column, then the id.

    `column` and `id_column` are SQL, `field` the name in a row, `kind` a key of READERS.
    """

    name: str
    column: str
    field: str
    kind: str
    id_column: str
    descending: bool = False

    @property
    def sql(self) -> str:
        """ORDER BY clause."""
        way = " DESC" if self.descending else ""
        return f" ORDER BY {self.column}{way}, {self.id_column}{way}"


@dataclass(frozen=True, slots=True)
class Window:
    """The page asked for: `first` rows after `after`."""

    order: Order
    first: int
    after: tuple[Any, int] | None

    def condition(self) -> tuple[str, list[Any]]:
        """SQL that holds for rows after the cursor; always true on the first page."""
        if self.after is None:
            return "1=1", []
        sign = "<" if self.order.descending else ">"
        return f"({self.order.column}, {self.order.id_column}) {sign} (?, ?)", list(self.after)

    @property
    def limit(self) -> int:
        """One row more than asked tells whether there is a next page."""
        return self.first + 1


def window(order: Order, first: int | None, after: str | None, default: int = 25) -> Window:
    """A checked page request. GraphQLError outside 1..100 or on a cursor of another list."""
    size = default if first is None else first
    if not 1 <= size <= FIRST_MAX:
        raise bad_input(f"`first` must be between 1 and {FIRST_MAX}.")
    return Window(order, size, None if after is None else _read_cursor(order, after))


def cursor(order: Order, row: Row) -> str:
    """Where a row stands in its list."""
    place = row[order.field]
    text = str(place) if isinstance(place, (str, int)) else place.isoformat()
    packed = json.dumps([order.name, text, row["id"]], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_cursor(order: Order, text: str) -> tuple[Any, int]:
    try:
        if len(text) > CURSOR_MAX:
            raise ValueError
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        name, place, row_id = json.loads(packed)
        if name != order.name or not isinstance(place, str) or type(row_id) is not int:
            raise ValueError
        if not 0 <= row_id < 2**63:
            raise ValueError
        return READERS[order.kind](place), row_id
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise bad_input("`after` is not a cursor of this list.") from None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and whether more follow."""

    rows: Sequence[Row]
    has_next: bool
    order: Order

    def cursors(self) -> list[str]:
        """One a row."""
        return [cursor(self.order, row) for row in self.rows]


def page(found: Sequence[Row], asked: Window) -> Page:
    """Cuts the extra row off."""
    return Page(found[: asked.first], len(found) > asked.first, asked.order)
