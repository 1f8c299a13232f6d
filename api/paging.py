"""Keyset pages: a row that did not move is neither skipped nor repeated."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from api.errors import bad_input
from api.ids import MAX_KEY, MAX_LEDGER_KEY
from api.reads.rows import instant
from models.names import NAME_MAX

Row = dict[str, Any]

FIRST_MAX = 100
PLACE_MAX = NAME_MAX * len("\\u0000")  # the longest sort key is a name, at worst all escapes
HEAD_MAX = 100  # name of the order, row number, quotes
CURSOR_MAX = (PLACE_MAX + HEAD_MAX) * 4 // 3 + 4  # as base64


def _number(text: str) -> int:
    found = int(text)
    if not 0 <= found <= MAX_LEDGER_KEY:
        raise ValueError("no row has this number")
    return found


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return found.astimezone(UTC)


READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "instant": _instant,
    "text": str,
    "number": _number,
}


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: one column, then the id.

    `column` and `id_column` are SQL, `field` the name in a row, `kind` a key of READERS,
    `highest` what the id's column takes.
    """

    name: str
    column: str
    field: str
    kind: str
    id_column: str
    descending: bool = False
    highest: int = MAX_KEY

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
    if order.kind == "instant":
        place = instant(place)
    text = str(place) if isinstance(place, (str, int)) else place.isoformat()
    packed = json.dumps([order.name, text, row["id"]], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_cursor(order: Order, text: str) -> tuple[Any, int]:
    try:
        if len(text) > CURSOR_MAX:
            raise ValueError
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        name, place, row_id = json.loads(packed)
        if name != order.name or not isinstance(place, str) or type(row_id) is not int:
            raise ValueError
        if not 0 <= row_id <= order.highest or "\0" in place:
            raise ValueError
        place.encode()  # half a surrogate pair is no text for a database
        return READERS[order.kind](place), row_id
    except (ValueError, TypeError, OverflowError, RecursionError):
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
