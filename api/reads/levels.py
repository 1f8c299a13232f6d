"""How a selection is filled: one loader per field that needs reading, for all parents at once."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.call import Call
from api.paging import Page, Window, cursor, page
from api.reads.rows import Row, grouped
from api.selection import Chosen, Selected
from api.types.base import Level, PageInfo

Loader = Callable[[Call, Sequence[Any], Chosen], Awaitable[None]]

LOADERS: dict[tuple[str, str], Loader] = {}


def level(kind: str, *names: str) -> Callable[[Loader], Loader]:
    """Registers the loader of `kind.name`; it puts a value under `chosen.key` of each parent."""

    def register(loader: Loader) -> Loader:
        for name in names:
            LOADERS[kind, name] = loader
        return loader

    return register


async def fill(call: Call, kind: str, parents: Sequence[Any], selected: Selected) -> None:
    """Loads everything selected below these objects of one type."""
    if not parents:
        return
    for chosen in selected.values():
        loader = LOADERS.get((kind, chosen.name))
        if loader is not None:
            await loader(call, parents, chosen)


def put(parents: Iterable[Any], chosen: Chosen, value: Callable[[Any], Any]) -> None:
    """A child computed from the parent alone."""
    for parent in parents:
        parent.children[chosen.key] = value(parent)


Read = Callable[[Call, Sequence[Any], Selected], Awaitable[dict[Any, Any]]]


async def attach(
    call: Call,
    parents: Sequence[Any],
    chosen: Chosen,
    kind: str,
    key: Callable[[Any], Any],
    read: Read,
) -> None:
    """A to-one child: `key` names it in the parent, `read` gets all of them by key."""
    keys = list(dict.fromkeys(found for parent in parents if (found := key(parent)) is not None))
    children = await read(call, keys, chosen.of(kind)) if keys else {}
    put(parents, chosen, lambda parent: children.get(key(parent)))


@dataclass(frozen=True, slots=True)
class Shape:
    """The four names of a paged noun and how a row becomes its view."""

    kind: str
    connection: type[Any]
    edge: type[Any]
    make: Callable[[Call, Row], Any]

    @property
    def connection_name(self) -> str:
        """GraphQL name of the connection."""
        return self.connection.__name__

    @property
    def edge_name(self) -> str:
        """GraphQL name of the edge."""
        return self.edge.__name__

    def nodes(self, chosen: Chosen) -> list[Selected]:
        """What is selected of the nodes, in all places: decides which columns are read."""
        top = chosen.of(self.connection_name)
        places = [field.of(self.kind) for field in top.named("nodes")]
        for edges in top.named("edges"):
            places += [field.of(self.kind) for field in edges.of(self.edge_name).named("node")]
        return places


async def connect(
    call: Call,
    shape: Shape,
    pages: Sequence[Page],
    asked: Window,
    chosen: Chosen,
    totals: Sequence[int | None],
) -> list[Any]:
    """One connection a page; each place where nodes are selected gets objects of its own."""
    made = [shape.connection() for _ in pages]
    for field in chosen.of(shape.connection_name).values():
        if field.name == "nodes":
            values: list[Any] = await _nodes(call, shape, pages, field.of(shape.kind))
        elif field.name == "edges":
            values = await _edges(call, shape, pages, field)
        elif field.name == "pageInfo":
            values = [_page_info(found, asked) for found in pages]
        else:
            values = list(totals)
        for one, value in zip(made, values, strict=True):
            one.children[field.key] = value
    return made


async def _nodes(
    call: Call, shape: Shape, pages: Sequence[Page], selected: Selected
) -> list[list[Any]]:
    lists = [[shape.make(call, row) for row in found.rows] for found in pages]
    await fill(call, shape.kind, [node for nodes in lists for node in nodes], selected)
    return lists


async def _edges(
    call: Call, shape: Shape, pages: Sequence[Page], chosen: Chosen
) -> list[list[Any]]:
    selected = chosen.of(shape.edge_name)
    lists = [[shape.edge(cursor=cursor(found.order, row)) for row in found.rows] for found in pages]
    for field in selected.named("node"):
        nodes = await _nodes(call, shape, pages, field.of(shape.kind))
        for edges, found in zip(lists, nodes, strict=True):
            for edge, node in zip(edges, found, strict=True):
                edge.children[field.key] = node
    return lists


def _page_info(found: Page, asked: Window) -> PageInfo:
    places = [cursor(found.order, row) for row in (found.rows[:1] or ())]
    last = [cursor(found.order, row) for row in (found.rows[-1:] or ())]
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=asked.after is not None,
        start_cursor=places[0] if places else None,
        end_cursor=last[0] if last else None,
    )


def pages_by(
    found: Sequence[Row], column: str, parents: Sequence[Any], asked: Window
) -> list[Page]:
    """The rows of one statement as one page a parent; `column` holds the parent's row id."""
    groups = grouped(found, column)
    return [page(groups.get(parent.row["id"], []), asked) for parent in parents]


def row_ids(parents: Iterable[Level]) -> list[Any]:
    """Row numbers of the parents."""
    return [parent.row["id"] for parent in parents]
