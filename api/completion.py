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
    GraphQLField,
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
            except Unusual:
                pass
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
        if GraphQLCoreConverter.DEFINITION_BACKREF not in kind.extensions:
            raise Unusual
        fields: list[tuple[str, Make, Make]] = []
        for key, chosen in self.collect_subfields(kind, details)[0].items():
            name = chosen[0].node.name.value
            if name == "__typename":
                fields.append((key, _always(kind.name), _same))
                continue
            definition = kind.fields[name]
            fields.append(
                (key, self._source(kind, definition, key), self._value(definition.type, chosen))
            )

        def make(source: Any) -> Any:
            return {key: value(get(source)) for key, get, value in fields}

        return make

    def _source(self, kind: GraphQLObjectType, definition: GraphQLField, key: str) -> Make:
        own = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(own, StrawberryField):
            raise Unusual
        guard = guard_of(definition)
        if guard is not None and not self.context_value.viewer.may(guard.roles):
            raise Unusual
        if not own.base_resolver:
            return _column(kind, own.python_name)
        if own.metadata.get(LOADED):
            return lambda source: source.children.get(key)
        raise Unusual

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
            inner = self._object(kind, chosen)
            return lambda value: inner(_view(value))
        if isinstance(kind, GraphQLEnumType):
            return _word(kind)
        if isinstance(kind, GraphQLScalarType):
            return _scalar(kind)
        raise Unusual


def _always(value: Any) -> Make:
    return lambda _: value


def _same(value: Any) -> Any:
    return value


def _column(kind: GraphQLObjectType, name: str) -> Make:
    own = kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
    read = own.COLUMNS.get(name) if issubclass(own, Level) else None
    if read is None:
        return attrgetter(name)
    return lambda source: read(source.row)


def _view(value: Any) -> Any:
    if value is None or isinstance(value, Exception):
        raise Unusual
    return value


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


def _word(kind: GraphQLEnumType) -> Make:
    names = {value.value: name for name, value in kind.values.items()}

    def say(value: Any) -> Any:
        try:
            return names[value]
        except (KeyError, TypeError):
            raise Unusual from None

    return say


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
