"""What an operation asks for, level by level, before anything is read.

Reads walk this tree and fetch each level once for all parents. Fields the caller may
not see are left out: what is refused is neither read nor opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    VariableNode,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from api.access import Viewer, requirement
from api.call import Call

# by response key: the field's name, its places in the document, its definition
Found = dict[str, tuple[str, list[FieldNode], GraphQLField]]


@dataclass(slots=True)
class Chosen:
    """One selected field; `nodes` are its places in the document."""

    key: str
    name: str
    nodes: list[FieldNode]
    definition: GraphQLField
    reader: "Reader"
    below: dict[str, "Selected"] = field(default_factory=dict)

    def args(self, call: Call) -> dict[str, Any]:
        """Arguments as the resolver would get them."""
        raw = get_argument_values(self.definition, self.nodes[0], call.variables)
        return self.reader.converted(self.definition, raw)

    def of(self, type_name: str) -> "Selected":
        """What is selected of the objects below, for one concrete type."""
        found = self.below.get(type_name)
        if found is None:
            found = self.below[type_name] = self.reader.select(type_name, self.nodes)
        return found


class Selected(dict[str, Chosen]):
    """The fields selected of one object type, by response key; `kept` is what was made of them."""

    def __init__(self, *fields: Any) -> None:
        super().__init__(*fields)
        self.kept: dict[str, Any] = {}
        self.names = {chosen.name for chosen in self.values()}

    def named(self, *names: str) -> list[Chosen]:
        """All places where a field of one of these names is selected."""
        return [chosen for chosen in self.values() if chosen.name in names]

    def has(self, *names: str) -> bool:
        """Whether any of these fields is selected."""
        return not self.names.isdisjoint(names)


@dataclass(slots=True)
class Reader:
    """Reads selections of one document for callers with the same roles.

    Kept with the document, unless something in it is chosen by variables.
    """

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues
    viewer: Viewer
    strawberry_schema: Any
    seen: dict[tuple[str, tuple[int, ...]], Selected] = field(default_factory=dict)

    def select(self, type_name: str, nodes: Sequence[FieldNode]) -> Selected:
        """Fields of `type_name` under all these nodes, that the viewer may see."""
        place = (type_name, tuple(map(id, nodes)))
        if place not in self.seen:
            self.seen[place] = Selected(
                (key, Chosen(key, *found, self))
                for key, found in self._found(type_name, nodes).items()
            )
        return self.seen[place]

    def _found(self, type_name: str, nodes: Sequence[FieldNode]) -> Found:
        kind = cast("GraphQLObjectType", self.schema.type_map[type_name])
        found: Found = {}
        for node in nodes:
            if node.selection_set:
                self._collect(kind, node.selection_set.selections, found, set())
        return found

    def _collect(
        self,
        kind: GraphQLObjectType,
        selections: Sequence[SelectionNode],
        into: Found,
        visited: set[str],
    ) -> None:
        for node in self._included(selections):
            if isinstance(node, FieldNode):
                self._add(kind, node, into)
            elif isinstance(node, InlineFragmentNode):
                if self._fits(kind, node):
                    self._collect(kind, node.selection_set.selections, into, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._fits(kind, fragment):
                    self._collect(kind, fragment.selection_set.selections, into, visited)

    def _add(self, kind: GraphQLObjectType, node: FieldNode, into: Found) -> None:
        definition = kind.fields.get(node.name.value)
        if definition is None or not self.viewer.may(requirement(definition)):
            return
        key = node.alias.value if node.alias else node.name.value
        if key in into:
            into[key][1].append(node)
        else:
            into[key] = (node.name.value, [node], definition)

    def _included(self, selections: Sequence[SelectionNode]) -> Iterator[SelectionNode]:
        for node in selections:
            if self._condition(node, "skip", False) or not self._condition(node, "include", True):
                continue
            yield node

    def _condition(self, node: SelectionNode, name: str, otherwise: bool) -> bool:
        for directive in node.directives or ():
            if directive.name.value == name:
                (argument,) = directive.arguments or ()
                value = argument.value
                if isinstance(value, VariableNode):
                    return bool(self.variables.coerced.get(value.name.value, otherwise))
                return bool(getattr(value, "value", otherwise))
        return otherwise

    def _fits(
        self, kind: GraphQLObjectType, node: InlineFragmentNode | FragmentDefinitionNode
    ) -> bool:
        if node.type_condition is None:
            return True
        wanted = self.schema.type_map.get(node.type_condition.name.value)
        return wanted is kind or (
            isinstance(wanted, GraphQLInterfaceType) and wanted in kind.interfaces
        )

    def converted(self, definition: GraphQLField, raw: dict[str, Any]) -> dict[str, Any]:
        """GraphQL argument values as our input types."""
        own: StrawberryField = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        return convert_arguments(
            raw,
            own.arguments,
            scalar_registry=self.strawberry_schema.schema_converter.scalar_registry,
            config=self.strawberry_schema.config,
        )


def selection(info: Info) -> Chosen:
    """The selected tree below the field that is being resolved."""
    raw, call = info._raw_info, info.context
    # strawberry hands its resolvers the plain coerced values
    variables = cast("dict[str, Any]", raw.variable_values)
    if call.variables.coerced is not variables:
        call.variables = VariableValues({}, variables)
    return Chosen(
        str(raw.path.key),
        raw.field_name,
        list(raw.field_nodes),
        raw.parent_type.fields[raw.field_name],
        _reader(call, info),
    )


def _reader(call: Call, info: Info) -> Reader:
    document, roles, raw = call.document, call.viewer.roles, info._raw_info
    kept = document.readers if document is not None and document.is_fixed else {}
    if roles not in kept:
        kept[roles] = Reader(raw.schema, raw.fragments, call.variables, call.viewer, info.schema)
    reader: Reader = kept[roles]
    return reader
