"""The cost of an operation: how many objects it may bring, `first` taken at its word.

A small table adds what single fields cost beyond their objects. Shown to the caller in
`extensions.cost`, taken from the caller's bucket (api.buckets).
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from api.errors import refused
from api.reads.consents import SUPPRESSIONS_MAX

# points of fields that cost more than the objects they bring, or bring more than one
POINTS: dict[tuple[str, str], int] = {
    ("Query", "statistics"): 100,
    ("Query", "health"): 20,
    ("Query", "letterPreview"): 20,
    ("Query", "isSuppressed"): 20,
}
ACT_POINTS = 20
LIST_ROWS = 4  # what a short, bounded list is taken for
ROWS_MAX = 100
# arguments that say how many objects come, and the most each may say
SIZED = {"first": ROWS_MAX, "ids": ROWS_MAX, "addresses": SUPPRESSIONS_MAX}


class Cost:
    """Points of one operation; an answer for each set of the variables that matter to it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema, self._fragments, self._operation = schema, fragments, operation
        self._asked: dict[str, int] = {}  # the most each may say
        self._measured: dict[str, int] = {}
        self._known: OrderedDict[tuple[Any, ...], int] = OrderedDict()
        self._defaults = {
            one.variable.name.value: one.default_value
            for one in operation.variable_definitions or ()
        }

    def points(self, variables: dict[str, Any]) -> int:
        """At least 1."""
        place = self._place(variables)
        known = self._known.get(place)
        if known is None:
            root = self._schema.get_root_type(self._operation.operation)
            assert root is not None
            self._measured.clear()
            known = max(1, self._of(root, self._operation.selection_set, variables))
            place = self._place(variables)
            self._known[place] = known
            if len(self._known) > ROWS_MAX:
                self._known.popitem(last=False)
        return known

    def _place(self, variables: dict[str, Any]) -> tuple[int, ...]:
        return tuple(_size(variables.get(name), most) for name, most in self._asked.items())

    def _of(self, kind: Any, selected: SelectionSetNode | None, variables: dict[str, Any]) -> int:
        return sum(
            self._selection(kind, node, variables)
            for node in (selected.selections if selected else ())
        )

    def _selection(self, kind: Any, node: SelectionNode, variables: dict[str, Any]) -> int:
        if isinstance(node, FieldNode):
            return self._field(kind, node, variables)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, variables)
        assert isinstance(node, InlineFragmentNode)
        named = node.type_condition.name.value if node.type_condition else None
        inside = self._schema.type_map[named] if named else kind
        return self._of(inside, node.selection_set, variables)

    def _fragment(self, name: str, variables: dict[str, Any]) -> int:
        """Measured once an operation: fragments that spread fragments multiply."""
        if name not in self._measured:
            one = self._fragments[name]
            kind = self._schema.type_map[one.type_condition.name.value]
            self._measured[name] = self._of(kind, one.selection_set, variables)
        return self._measured[name]

    def _field(self, kind: Any, node: FieldNode, variables: dict[str, Any]) -> int:
        definition: GraphQLField | None = getattr(kind, "fields", {}).get(node.name.value)
        if definition is None:
            return 0
        named = get_named_type(definition.type)
        own = POINTS.get((kind.name, node.name.value), 0)
        if self._operation.operation is OperationType.MUTATION and kind.name == "Mutation":
            own = ACT_POINTS
        if not isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
            return own
        below = self._of(named, node.selection_set, variables)
        return own + self._rows(definition, node, variables) * (1 + below)

    def _rows(self, definition: GraphQLField, node: FieldNode, variables: dict[str, Any]) -> int:
        """How many objects a field may bring; a page multiplies once, at the connection."""
        for name, most in SIZED.items():
            if name in definition.args:
                given = next(
                    (one.value for one in node.arguments or () if one.name.value == name), None
                )
                default = definition.args[name].default_value
                return self._number(given, variables, default, most)
        kind = (
            definition.type.of_type
            if isinstance(definition.type, GraphQLNonNull)
            else definition.type
        )
        is_page = node.name.value in {"nodes", "edges"}
        return LIST_ROWS if isinstance(kind, GraphQLList) and not is_page else 1

    def _number(
        self, given: ValueNode | None, variables: dict[str, Any], default: Any, most: int
    ) -> int:
        if isinstance(given, VariableNode):
            name = given.name.value
            self._asked[name] = max(most, self._asked.get(name, 0))
            found = variables.get(name)
            if found is None:
                return self._number(self._defaults.get(name), variables, default, most)
            return _size(found, most)
        if isinstance(given, IntValueNode):
            return _size(int(given.value), most)
        if isinstance(given, ListValueNode):
            return _size(given.values, most)
        return default if isinstance(default, int) else most


def _size(value: Any, most: int) -> int:
    """Of what a caller handed in, whatever it is: resolvers refuse what is out of bounds."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return min(max(len(value), 1), most)
    if isinstance(value, int):
        return min(max(value, 1), most)
    return most if value is not None else 0


def too_dear(points: int, limit: int) -> GraphQLError | None:
    """The refusal of an operation that may bring more than it may."""
    if points <= limit:
        return None
    message = f"The operation may bring {points} objects, {limit} are allowed: ask for less."
    return refused("COST_LIMIT", message, points=points, limit=limit)
