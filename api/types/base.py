"""What all views share: loaded children, nodes, pages, guarded fields."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, TypeVar

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types import Info

from api.access import Guard, Roles

Row = dict[str, Any]
LOADED = "loaded"  # marks fields that the read of the parent filled in
First = Annotated[
    int | None, strawberry.argument(description="How many rows, 1 to 100; null is the default.")
]
TOTAL = "How many there are, counted only when asked for; null when they could not be counted."
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]


@strawberry.interface(description="An object with a global id.")
class Node:
    """Anything `node(id:)` can find again."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")


class Level:
    """An object whose children were read before it was handed out, by response key.

    `row` is what the database gave; it is never shown.
    """

    children: dict[str, Any]
    row: Row
    COLUMNS: ClassVar[dict[str, Callable[[Row], Any]]] = {}

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Any:
        """Every object starts without children."""
        made = super().__new__(cls)
        made.children = {}
        made.row = {}
        return made

    def __getattr__(self, name: str) -> Any:
        """A column that is read from the row only when somebody asks for it."""
        read = type(self).COLUMNS.get(name)
        if read is None:
            raise AttributeError(name)
        return read(self.row)


V = TypeVar("V", bound=Level)


def view(kind: type[V], row: Row) -> V:
    """An object over one row; its columns are read when they are asked for."""
    made = object.__new__(kind)
    made.children = {}
    made.row = row
    return made


def child(root: Any, info: Info) -> Any:
    """What the read of the parent put under this response key."""
    return root.children.get(info.path.key)


def _paged_child(root: Any, info: Info, first: First = 25, after: After = None) -> Any:
    return child(root, info)


def loaded(
    description: str,
    requires: Roles | None = None,
    *,
    paged: bool = False,
    resolver: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """A field that the read of the parent filled in; `resolver` only declares arguments."""
    return strawberry.field(
        resolver=resolver or (_paged_child if paged else child),
        name=name,
        description=description,
        extensions=[Guard(requires)] if requires else [],
        metadata={LOADED: True},
    )


def plain(description: str, requires: Roles | None = None) -> Any:
    """A column of the object itself."""
    guards: list[FieldExtension] = [Guard(requires)] if requires else []
    return strawberry.field(description=description, extensions=guards)


@strawberry.type(description="Where a page stands in its list; pages go forward only.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = plain("More rows follow after `endCursor`.")
    has_previous_page: bool = plain("The page did not begin at the start of the list.")
    start_cursor: str | None = plain("Cursor of the first row; null on an empty page.")
    end_cursor: str | None = plain(
        "Hand this in as `after` for the next page; null on an empty page."
    )
