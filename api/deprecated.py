"""Fields on their way out: who still asks for one is counted, so that none goes while it is used.

A reason reads "Use `other`. Goes on 2027-03-01.": what takes its place, and a day at least
90 days after the release that says so.
"""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
)
from graphql.language import Visitor, visit


def fields_going(schema: GraphQLSchema) -> dict[str, str]:
    """Reasons by `Type.field`, of all fields that are deprecated."""
    kinds = [
        kind
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    ]
    return {
        f"{kind.name}.{name}": field.deprecation_reason
        for kind in kinds
        for name, field in kind.fields.items()
        if field.deprecation_reason is not None
    }


def asked_for(schema: GraphQLSchema, tree: DocumentNode) -> tuple[str, ...]:
    """Deprecated fields of a valid document, each once."""
    types = TypeInfo(schema)
    looking = _Looking(types)
    visit(tree, TypeInfoVisitor(types, looking))
    return tuple(dict.fromkeys(looking.found))


class _Looking(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field, parent = self._types.get_field_def(), self._types.get_parent_type()
        if field and parent and field.deprecation_reason is not None:
            self.found.append(f"{parent.name}.{node.name.value}")
