"""Answers made from views in one go: selections of columns and loaded children, compiled once.

graphql-core asks six questions for every value of every field. Where a selection has
only columns and children that were loaded with their parents, and the caller may see all
of it, the answer to them is the same for every object: it is compiled into one function.
Whatever is unusual – a guard that refuses, a null where none may be, a value that is an
error, an interface – goes graphql-core's own way, object by object, so that errors stay
exactly its own.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
)
from graphql.execution.collect_fields import FieldDetails
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.access import guard_of
from api.types.base import LOADED, Level

Make = Callable[[Any], Any]
INT_END = 2**31


class Unusual(Exception):
    """This object is not for a compiled answer."""


class Answering(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, with compiled answers where there is nothing to decide."""

    plans: dict[Any, Make | None]

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """One object: compiled, or as ever."""
        make = self._plan(return_type, field_details_list)
        if make is not None:
            try:
                return make(result)
            except (Unusual, LookupError, TypeError):
                pass  # graphql-core says what is wrong
        return super().collect_and_execute_subfields(
            return_type, field_details_list, path, result, position_context
        )

    def _plan(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Make | None:
        roles = self.context_value.viewer.roles
        place = (roles, kind.name, tuple(id(one.node) for one in details))
        if place not in self.plans:
            try:
                self.plans[place] = self._object(kind, details)
            except Unusual:
                self.plans[place] = None
        return self.plans[place]

    def _object(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Make:
        """Objects of exactly this type: columns come from the row, the rest was loaded."""
        own = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if own is None:
            raise Unusual
        view = own.origin
        has_children = issubclass(view, Level)
        has_row = has_children and bool(view.COLUMNS)
        fields = [
            self._field(kind, key, chosen)
            for key, chosen in self.collect_subfields(kind, details)[0].items()
        ]

        def make(source: Any) -> Any:
            if type(source) is not view:
                raise Unusual
            row = source.row if has_row else source
            children = source.children if has_children else {}
            answer = {}
            for key, is_child, say in fields:
                answer[key] = say(children.get(key) if is_child else row)
            return answer

        return make

    def _field(
        self, kind: GraphQLObjectType, key: str, chosen: list[FieldDetails]
    ) -> tuple[str, bool, Make]:
        """(key, whether it was loaded, how it is said)."""
        name = chosen[0].node.name.value
        if name == "__typename":
            return key, False, _always(kind.name)
        definition = kind.fields[name]
        own = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(own, StrawberryField):
            raise Unusual
        guard = guard_of(definition)
        if guard is not None and not self.context_value.viewer.may(guard.roles):
            raise Unusual
        say = self._value(definition.type, chosen)
        if own.metadata.get(LOADED):
            return key, True, say
        if own.base_resolver:
            raise Unusual
        return key, False, _after(_column(kind, own.python_name), say)

    def _value(self, kind: GraphQLOutputType, chosen: list[FieldDetails]) -> Make:
        if isinstance(kind, GraphQLNonNull):
            return self._whole(kind.of_type, chosen)
        whole = self._whole(kind, chosen)
        return lambda value: None if value is None else whole(value)

    def _whole(self, kind: Any, chosen: list[FieldDetails]) -> Make:
        """For values that are not null; raises Unusual when one is."""
        if isinstance(kind, GraphQLList):
            item = self._value(kind.of_type, chosen)
            return lambda value: [item(one) for one in _list(value)]
        if isinstance(kind, GraphQLObjectType):
            return self._object(kind, chosen)
        if isinstance(kind, GraphQLEnumType):
            # a word of the register is equal to the member it stands for
            return {value.value: name for name, value in kind.values.items()}.__getitem__
        if isinstance(kind, GraphQLScalarType):
            return _scalar(kind)
        raise Unusual


def _always(value: Any) -> Make:
    return lambda _: value


def _column(kind: GraphQLObjectType, name: str) -> Make:
    own = kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
    if issubclass(own, Level) and own.COLUMNS:
        read: Make = own.COLUMNS[name]
        return read
    return attrgetter(name)


def _after(read: Make, say: Make) -> Make:
    return lambda source: say(read(source))


def _list(value: Any) -> Any:
    if type(value) is not list:
        raise Unusual
    return value


def _exactly(*kinds: type) -> Make:
    def check(value: Any) -> Any:
        if type(value) in kinds:
            return value
        raise Unusual

    return check


def _int(value: Any) -> int:
    if type(value) is int and -INT_END <= value < INT_END:
        return value
    raise Unusual


def _instant(value: Any) -> datetime:
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    raise Unusual


# the answer's serializer writes instants and days as the scalars do
_PLAIN = {
    "ID": _exactly(str),
    "String": _exactly(str),
    "Int": _int,
    "Boolean": _exactly(bool),
    "DateTime": _instant,
    "Date": _exactly(date),
}


def _scalar(kind: GraphQLScalarType) -> Make:
    known = _PLAIN.get(kind.name)
    if known is not None:
        return known
    say = kind.coerce_output_value

    def checked(value: Any) -> Any:
        if value is None:
            raise Unusual
        return say(value)

    return checked
