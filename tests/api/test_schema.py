"""The published schema: fresh, described, guarded, and every field can be filled."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from api.access import REFUSED, Requires, Roles, requirement
from api.reads.levels import BELOW, LOADERS
from api.reads.nodes import NODES
from api.reads.payloads import CHANGED
from api.schema import DeskSchema, build_schema, printed, shorten
from api.settings import ApiSettings
from api.types.base import LOADED

PUBLISHED = Path(__file__).parents[2] / "api" / "schema.graphql"
FILLED_BY_THE_PAGE = {"edges", "nodes", "pageInfo", "totalCount", "node"}
FILLED_BY_THE_EVENT = {("RequestChanged", "request"), ("RequestChanged", "entry")}


@pytest.fixture(scope="module")
def schema() -> DeskSchema:
    """The schema as it is served."""
    return build_schema(ApiSettings.load({}, None))


def objects(schema: DeskSchema) -> list[GraphQLObjectType]:
    """Object types of ours."""
    return [
        kind
        for name, kind in schema._schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    ]


def type_roles(kind: object) -> Roles | None:
    """Roles a type requires."""
    own = getattr(kind, "extensions", {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    for directive in getattr(own, "directives", ()) or ():
        if isinstance(directive, Requires):
            return tuple(directive.any_of)
    return None


def test_the_published_schema_is_fresh(schema: DeskSchema) -> None:
    """`python -m api schema > api/schema.graphql` was run after the last change."""
    assert PUBLISHED.read_text(encoding="utf-8") == printed(schema)


def test_everything_is_described(schema: DeskSchema) -> None:
    """Every type, field, argument and enum value says what it is."""
    silent = []
    for name, kind in schema._schema.type_map.items():
        if name.startswith("__") or name in {"ID", "Int", "String", "Boolean", "Float"}:
            continue
        if not kind.description:
            silent.append(name)
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{name}.{word}" for word, v in kind.values.items() if not v.description]
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            for word, field in kind.fields.items():
                if not field.description:
                    silent.append(f"{name}.{word}")
                for argument, definition in getattr(field, "args", {}).items():
                    if not definition.description:
                        silent.append(f"{name}.{word}({argument})")
    assert silent == []


def test_every_field_that_may_be_null_says_why(schema: DeskSchema) -> None:
    """Reasons of its own, or that other roles may not see it, which its guard prints."""
    silent = []
    for kind in schema._schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            continue
        for name, field in kind.fields.items():
            is_guarded = requirement(field) is not None
            text = field.description or ""
            if isinstance(field.type, GraphQLNonNull):
                assert REFUSED not in text
            elif "null" not in text.lower() or (REFUSED in text) != is_guarded:
                silent.append(f"{kind.name}.{name}")
    assert silent == []


def test_every_loaded_field_has_a_loader(schema: DeskSchema) -> None:
    """No field is declared as loaded that nothing would fill."""
    missing = []
    for kind in objects(schema):
        for name, field in kind.fields.items():
            own = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            is_loaded = own is not None and own.metadata.get(LOADED)
            place = (kind.name, name)
            filled = (
                place in LOADERS
                or place in BELOW
                or place in FILLED_BY_THE_EVENT
                or name in FILLED_BY_THE_PAGE
            )
            if is_loaded and not filled:
                missing.append(place)
    assert missing == []


def test_no_field_leads_around_the_guard_of_a_type(schema: DeskSchema) -> None:
    """A field that returns a guarded type is as strict as the type, or stands in one as strict."""
    open_doors = []
    for kind in objects(schema):
        around = set(type_roles(kind) or ())
        for name, field in kind.fields.items():
            wanted = type_roles(get_named_type(field.type))
            allowed = set(requirement(field) or ()) or around
            page = kind.name.endswith(("Connection", "Edge", "Payload")) or kind.name in {
                "RequestChanged"
            }
            # a machine that asks for itself finds no colleague, and no refusal
            own = (kind.name, name) == ("Viewer", "staff")
            if wanted and not (page or own) and not (allowed and allowed <= set(wanted)):
                open_doors.append(f"{kind.name}.{name}")
    assert open_doors == []


def test_pages_and_payloads_of_guarded_types_hang_on_guarded_fields(schema: DeskSchema) -> None:
    """Whoever reaches a page or an answer was let through by the field that returns it."""
    open_doors = []
    for kind in objects(schema):
        around = set(type_roles(kind) or ())
        for name, field in kind.fields.items():
            named = get_named_type(field.type)
            if not named.name.endswith(("Connection", "Payload")):
                continue
            if not (requirement(field) or around):
                open_doors.append(f"{kind.name}.{name}")
    assert open_doors == []


def test_every_node_type_can_be_found_by_its_id(schema: DeskSchema) -> None:
    """`node(id:)` knows each type that has ids, with the roles the type prints."""
    node = schema._schema.type_map["Node"]
    types = {kind.name: kind for kind in objects(schema) if node in kind.interfaces}
    assert set(NODES) == set(types)
    for name, (roles, _, _) in NODES.items():
        printed_roles = type_roles(types[name])
        if printed_roles is not None:
            assert set(printed_roles) == set(roles or ())


def test_every_act_says_what_it_changed(schema: DeskSchema) -> None:
    """Payloads carry the changed object and userErrors."""
    mutation = schema._schema.mutation_type
    assert mutation is not None
    payloads = {place[0] for place in CHANGED} | {"TokenCreatePayload", "TokenRevokePayload"}
    for field in mutation.fields.values():
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType)
        assert kind.name in payloads
        assert "userErrors" in kind.fields


def test_columns_and_children_go_straight_to_graphql_core(schema: DeskSchema) -> None:
    """Nearly every field does, questions too."""
    fields = sum(
        len(kind.fields)
        for kind in objects(schema)
        if kind.name not in {"Mutation", "Subscription"}
    )
    # a title, and four questions about what is the same for everybody
    assert fields - shorten(schema) == 5


def test_a_view_of_a_row_can_say_every_column_of_its_type(schema: DeskSchema) -> None:
    """Else a field would be an error for whoever selects it."""
    lazy = 0
    for kind in objects(schema):
        own = kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
        columns = getattr(own, "COLUMNS", {})
        if not columns:
            continue
        lazy += 1
        fields = (
            field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            for field in kind.fields.values()
        )
        plain = {one.python_name for one in fields if not one.base_resolver}
        assert plain == set(columns), kind.name
    assert lazy >= 6
