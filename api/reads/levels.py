"""How a selection is filled: each level is read once for all parents.

A field that needs reading gets its data in one of two ways. Where one statement brings the
children of all parents, `below` says which: `read` hangs it on the statement of the rows above,
so that a case with everything under it is one statement. Where more is to be done,
`level` registers a loader that may ask what it wants. What needs no statement, because the
parent's row has it, is `computed`. `fill` puts the children in place.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from graphql import GraphQLError, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from api.call import Call
from api.paging import Page, Window, cursor, page
from api.reads.rows import Row, grouped
from api.selection import Chosen, Selected
from api.types.base import Level, PageInfo
from models.chain import KEYS, Link, chained, keys_of
from models.database import is_postgres

Loader = Callable[[Call, Sequence[Any], Chosen], Awaitable[None]]
# what was read together with a level, by response key: rows, and what was read below them
Ahead = dict[str, tuple[list[Row], "Ahead"]]
Ask = Callable[[Call, Chosen], tuple[str, Sequence[Any]]]
Place = Callable[[Call, Sequence[Any], Chosen, list[Row], Ahead], Awaitable[None]]

LOADERS: dict[tuple[str, str], Loader] = {}
COMPUTED: set[tuple[str, str]] = set()
BELOW: dict[tuple[str, str], "Below"] = {}
LINKS_MAX = 30
NOTHING: Ahead = {}


@dataclass(frozen=True, slots=True)
class Below:
    """A child whose rows one statement brings for all parents.

    `ask` gives the statement, with KEYS for `column` of the parents' rows; its own rows name
    their parent in `own`. `inside` says what is selected of them, `place` hands them out.
    """

    ask: Ask
    place: Place
    column: str
    own: str
    inside: Callable[[Chosen], tuple[str, Selected]]

    async def load(self, call: Call, parents: Sequence[Any], chosen: Chosen, ahead: Ahead) -> None:
        """From what was read ahead, else by a statement of its own."""
        keys = keys_of((parent.row for parent in parents), self.column)
        if chosen.key in ahead:
            found, deeper = ahead[chosen.key]
            wanted = set(keys)  # rows above may have been left out since
            found = [row for row in found if row[self.own] in wanted]
        elif keys:
            sql, values = self.ask(call, chosen)
            own = [keys if value is KEYS else value for value in values]
            found, deeper = await read(call, sql, own, *self.inside(chosen))
        else:
            found, deeper = [], NOTHING
        await self.place(call, parents, chosen, found, deeper)


def below(
    kind: str,
    *names: str,
    ask: Ask,
    brings: str = "",
    column: str = "id",
    own: str = "request_id",
    inside: Callable[[Chosen], tuple[str, Selected]] | None = None,
) -> Callable[[Place], Place]:
    """Registers what puts the rows of `kind.name` in place; they are views of `brings`."""

    def selected(chosen: Chosen) -> tuple[str, Selected]:
        return brings, chosen.of(brings) if brings else Selected()

    def register(place: Place) -> Place:
        for name in names:
            BELOW[kind, name] = Below(ask, place, column, own, inside or selected)
        return place

    return register


async def read(
    call: Call,
    sql: str,
    values: Sequence[Any],
    kind: str,
    selected: Selected,
    *,
    is_all: bool = False,
) -> tuple[list[Row], Ahead]:
    """Rows that become views of `kind` and, with them, all below that can come along.

    `is_all` says that the root they are for reads nothing beside them: when nothing is left
    to be read below either, the answer needs no snapshot.
    """
    links = [Link(sql, values)]
    places = _hang(call, kind, selected, links)
    is_alone = is_all and call.has_one_root and _statements(kind, selected) == len(links) - 1
    found = await chained(links, is_alone=is_alone)
    if is_alone:
        _remember(call)
    return found[0], _handed(places, found)


def _remember(call: Call) -> None:
    kept = call.document
    if kept is not None and kept.is_fixed and call.question not in kept.alone and is_postgres():
        kept.alone.add(call.question)


def _statements(kind: str, selected: Selected) -> float:
    """How many levels below hang on a statement; without end when one asks for itself."""
    if "statements" not in selected.kept:
        selected.kept["statements"] = sum(_counted(kind, chosen) for chosen in selected.values())
    count: float = selected.kept["statements"]
    return count


def _counted(kind: str, chosen: Chosen) -> float:
    place, inside = (kind, chosen.name), get_named_type(chosen.definition.type)
    if (place in LOADERS and place not in COMPUTED) or isinstance(inside, GraphQLInterfaceType):
        return inf
    own = place in BELOW
    if isinstance(inside, GraphQLObjectType):
        return own + _statements(inside.name, chosen.of(inside.name))
    return own


Places = dict[str, tuple[int, "Places"]]


def _hang(call: Call, kind: str, selected: Selected, links: list[Link]) -> Places:
    """Hangs what is below on the last link; says where each field's rows will be."""
    above, places = len(links) - 1, {}
    for chosen, one, _ in _loaded(kind, selected):
        if one is not None and len(links) < LINKS_MAX:
            try:
                asked = one.ask(call, chosen)
            except GraphQLError:
                continue  # `fill` meets it again, and knows whose children it is about
            place = len(links)
            links.append(Link(*asked, above, one.column))
            places[chosen.key] = place, _hang(call, *one.inside(chosen), links)
    return places


def _handed(places: Places, found: Sequence[list[Row]]) -> Ahead:
    return {key: (found[place], _handed(deeper, found)) for key, (place, deeper) in places.items()}


def level(kind: str, *names: str) -> Callable[[Loader], Loader]:
    """Registers the loader of `kind.name`; it puts a value under `chosen.key` of each parent."""

    def register(loader: Loader) -> Loader:
        for name in names:
            LOADERS[kind, name] = loader
        return loader

    return register


def computed(kind: str, *names: str) -> Callable[[Loader], Loader]:
    """Registers a loader that asks the register for nothing."""
    COMPUTED.update((kind, name) for name in names)
    return level(kind, *names)


async def fill(
    call: Call, kind: str, parents: Sequence[Any], selected: Selected, ahead: Ahead = NOTHING
) -> None:
    """Loads everything selected below these objects of one type.

    A wrong argument is an error of its own field: it takes the child's place in each parent.
    """
    if not parents:
        return
    for chosen, one, loader in _loaded(kind, selected):
        try:
            if one is not None:
                await one.load(call, parents, chosen, ahead)
            elif loader is not None:
                await loader(call, parents, chosen)
        except GraphQLError as error:
            for parent in parents:
                parent.children[chosen.key] = error


def _loaded(kind: str, selected: Selected) -> list[tuple[Chosen, "Below | None", "Loader | None"]]:
    """What is not a column, and how it gets there; kept with the selection."""
    if "loaded" not in selected.kept:
        ways = (
            (one, BELOW.get((kind, one.name)), LOADERS.get((kind, one.name)))
            for one in selected.values()
        )
        selected.kept["loaded"] = [way for way in ways if way[1] or way[2]]
    found: list[tuple[Chosen, Below | None, Loader | None]] = selected.kept["loaded"]
    return found


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
class Rows:
    """How rows of one noun are found by keys, and become views of `kind`."""

    kind: str
    ask: Ask
    make: Callable[[Call, Row], Any]


def to_one(kind: str, name: str, column: str, rows_of: Rows) -> None:
    """A child by row number: `column` of the parent's row holds it."""
    brings = rows_of.kind

    @below(kind, name, ask=rows_of.ask, brings=brings, column=column, own="id")
    async def place(
        call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], ahead: Ahead
    ) -> None:
        made = {row["id"]: rows_of.make(call, row) for row in found}
        put(parents, chosen, lambda parent: made.get(parent.row[column]))
        await fill(call, brings, list(made.values()), chosen.of(brings), ahead)


def to_many(kind: str, name: str, own: str, rows_of: Rows) -> None:
    """A short list: `own` of its rows holds the parent's row number."""
    brings = rows_of.kind

    @below(kind, name, ask=rows_of.ask, brings=brings, own=own)
    async def place(
        call: Call, parents: Sequence[Any], chosen: Chosen, found: list[Row], ahead: Ahead
    ) -> None:
        made = [rows_of.make(call, row) for row in found]
        groups: dict[Any, list[Any]] = {}
        for one, row in zip(made, found, strict=True):
            groups.setdefault(row[own], []).append(one)
        put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
        await fill(call, brings, made, chosen.of(brings), ahead)


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

    def inside(self, chosen: Chosen) -> tuple[str, Selected]:
        """What can be read with the rows of a page: nothing where they are shown twice."""
        places = self.nodes(chosen)
        return self.kind, places[0] if len(places) == 1 else Selected()


async def connect(
    call: Call,
    shape: Shape,
    pages: Sequence[Page],
    asked: Window,
    chosen: Chosen,
    totals: Sequence[int | None],
    ahead: Ahead = NOTHING,
) -> list[Any]:
    """One connection a page; each place where nodes are selected gets objects of its own."""
    made = [shape.connection() for _ in pages]
    for field in chosen.of(shape.connection_name).values():
        if field.name == "nodes":
            values: list[Any] = await _nodes(call, shape, pages, field.of(shape.kind), ahead)
        elif field.name == "edges":
            values = await _edges(call, shape, pages, field, ahead)
        elif field.name == "pageInfo":
            values = [_page_info(found, asked) for found in pages]
        else:
            values = list(totals)
        for one, value in zip(made, values, strict=True):
            one.children[field.key] = value
    return made


async def _nodes(
    call: Call, shape: Shape, pages: Sequence[Page], selected: Selected, ahead: Ahead
) -> list[list[Any]]:
    lists = [[shape.make(call, row) for row in found.rows] for found in pages]
    await fill(call, shape.kind, [node for nodes in lists for node in nodes], selected, ahead)
    return lists


async def _edges(
    call: Call, shape: Shape, pages: Sequence[Page], chosen: Chosen, ahead: Ahead
) -> list[list[Any]]:
    selected = chosen.of(shape.edge_name)
    lists = [[shape.edge(cursor=cursor(found.order, row)) for row in found.rows] for found in pages]
    for field in selected.named("node"):
        nodes = await _nodes(call, shape, pages, field.of(shape.kind), ahead)
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
