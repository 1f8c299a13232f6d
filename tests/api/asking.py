"""Documents made up from the schema: any question or act, with arguments good and bad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from hypothesis import strategies as st

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEVELS = 4
FIELDS = 4


@dataclass(frozen=True, slots=True)
class Asking:
    """Makes operations for one schema; `ids` and `words` name what is there."""

    schema: GraphQLSchema
    ids: Sequence[str]
    words: Sequence[str]

    def operation(self, draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
        """(document, variables): one question or one act."""
        root = draw(st.sampled_from([self.schema.query_type, self.schema.mutation_type]))
        assert root is not None
        name = draw(st.sampled_from(sorted(root.fields)))
        declared: list[str] = []
        variables: dict[str, Any] = {}
        asked = self._field(draw, root, name, LEVELS, declared, variables)
        head = f"({', '.join(declared)})" if declared else ""
        kind = "query" if root is self.schema.query_type else "mutation"
        return f"{kind} Fuzz{head} {{ {asked} }}", variables

    def _field(
        self,
        draw: st.DrawFn,
        parent: Any,
        name: str,
        levels: int,
        declared: list[str],
        variables: dict[str, Any],
    ) -> str:
        field, given = parent.fields[name], []
        for argument, definition in field.args.items():
            is_needed = isinstance(definition.type, GraphQLNonNull)
            if is_needed or draw(st.booleans()):
                key = f"v{len(variables)}"
                declared.append(f"${key}: {definition.type}")
                variables[key] = draw(self.value(definition.type))
                given.append(f"{argument}: ${key}")
        arguments = f"({', '.join(given)})" if given else ""
        return name + arguments + self._below(draw, field.type, levels, declared, variables)

    def _below(self, draw: st.DrawFn, kind: Any, levels: int, *more: Any) -> str:
        named = get_named_type(kind)
        if not isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
            return ""
        if isinstance(named, GraphQLInterfaceType) and levels:
            concrete = draw(st.sampled_from(list(self.schema.get_possible_types(named))))
            inside = self._below(draw, concrete, levels, *more)
            return f" {{ __typename ... on {concrete.name}{inside} }}"
        fitting = [
            name
            for name, field in named.fields.items()
            if levels > 1 or not isinstance(get_named_type(field.type), GraphQLObjectType)
        ]
        if not fitting:
            return " { __typename }"
        chosen = draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=FIELDS, unique=True))
        fields = [self._field(draw, named, name, levels - 1, *more) for name in chosen]
        return f" {{ {' '.join(fields)} }}"

    def value(self, kind: Any) -> st.SearchStrategy[Any]:
        """Values of an input type, most of them well formed."""
        if isinstance(kind, GraphQLNonNull):
            return self._given(kind.of_type)
        return st.none() | self._given(kind)

    def _given(self, kind: Any) -> st.SearchStrategy[Any]:
        if isinstance(kind, GraphQLList):
            return st.lists(self.value(kind.of_type), max_size=3)
        if isinstance(kind, GraphQLEnumType):
            return st.sampled_from(sorted(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._input(kind)
        return self._scalar(kind.name)

    def _input(self, kind: GraphQLInputObjectType) -> st.SearchStrategy[Any]:
        needed: dict[str, st.SearchStrategy[Any]] = {}
        free: dict[str, st.SearchStrategy[Any]] = {}
        for name, field in kind.fields.items():
            into = needed if isinstance(field.type, GraphQLNonNull) else free
            into[name] = self._later(field.type)
        if kind.is_one_of:
            one = {name: self._given(kind.fields[name].type) for name in free}
            return st.one_of([st.fixed_dictionaries({name: made}) for name, made in one.items()])
        return st.fixed_dictionaries(needed, optional=free)

    def _later(self, kind: Any) -> st.SearchStrategy[Any]:
        """Inputs hold inputs of their own kind."""
        return st.deferred(lambda: self.value(kind))

    def _scalar(self, name: str) -> st.SearchStrategy[Any]:
        return {
            "ID": st.sampled_from(list(self.ids) * 3 + ["", "Q2xpZW50", "ö"]),
            "Int": st.integers(0, 3) | st.integers(-(2**31), 2**31 - 1),
            "Float": st.floats(allow_nan=False, allow_infinity=False),
            "Boolean": st.booleans(),
            "Date": st.dates().map(str) | WORDS,
            "DateTime": st.datetimes().map(lambda at: f"{at.isoformat()}Z") | WORDS,
            "EmailAddress": st.sampled_from(["mari@example.com", "ö@õ.example"]) | WORDS,
        }.get(name, st.sampled_from(self.words) | WORDS)
