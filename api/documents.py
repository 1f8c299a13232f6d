"""Documents, parsed and checked once for each text, whoever sends it.

A verdict does not depend on the caller or on variables, so it is kept with the text; so
are selections and plans of its operations, unless @skip or @include makes them depend on
variables. Long texts are not kept: the cache stays within bounds.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.language import DirectiveNode, Visitor, visit

from api.cost import Cost
from api.deprecated import asked_for, fields_going

KEPT_DOCUMENTS = 500
KEPT_LETTERS = 20_000
UNDONE = "letterPreview"


@dataclass(slots=True)
class Document:
    """One text: its errors, or its operations by name."""

    tree: DocumentNode | None = None
    errors: list[GraphQLError] = field(default_factory=list)
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    costs: dict[str | None, Cost] = field(default_factory=dict)
    is_fixed: bool = True  # nothing in it is chosen by variables
    has_undone: bool = False  # asks for an act that is undone: it needs a transaction that writes
    # operations, by the roles of callers, seen to be one statement: that is of one moment anyway
    alone: set[tuple[str | None, Any]] = field(default_factory=set)
    readers: dict[Any, Any] = field(default_factory=dict)  # of selections, by the roles of callers
    plans: dict[Any, Any] = field(default_factory=dict)
    deprecated: tuple[str, ...] = ()  # fields it asks for that will go

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The one named; without a name the only one."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        return self.operations.get(name)


class Documents:
    """The texts of one process."""

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: Sequence[type[ASTValidationRule]],
        *,
        tokens: int,
        hints: bool,
    ) -> None:
        self._schema, self._rules = schema, [*specified_rules, *rules]
        self._tokens, self._hints = tokens, hints
        self._are_some_going = bool(fields_going(schema))
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def read(self, text: str) -> Document:
        """The document of a text, with its errors."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        made = self._read(text)
        if len(text) <= KEPT_LETTERS:
            self._kept[text] = made
            if len(self._kept) > KEPT_DOCUMENTS:
                self._kept.popitem(last=False)
        return made

    def _read(self, text: str) -> Document:
        try:
            tree = parse(text, max_tokens=self._tokens)
        except GraphQLError as problem:
            return Document(errors=[problem])
        except RecursionError:
            return Document(errors=[GraphQLError("The document is nested too deeply.")])
        made = Document(tree, is_fixed=not _has_directives(tree), has_undone=UNDONE in text)
        for one in tree.definitions:
            if isinstance(one, OperationDefinitionNode):
                made.operations[one.name.value if one.name else None] = one
        made.errors = validate(self._schema, tree, self._rules, hide_suggestions=not self._hints)
        if not made.errors:
            fragments = {
                one.name.value: one
                for one in tree.definitions
                if isinstance(one, FragmentDefinitionNode)
            }
            made.costs = {
                name: Cost(self._schema, fragments, one) for name, one in made.operations.items()
            }
            if self._are_some_going:
                made.deprecated = asked_for(self._schema, tree)
        return made


class _Directives(Visitor):
    found = False

    def enter_directive(self, _: DirectiveNode, *__: Any) -> None:
        self.found = True


def _has_directives(tree: DocumentNode) -> bool:
    looking = _Directives()
    visit(tree, looking)
    return looking.found
