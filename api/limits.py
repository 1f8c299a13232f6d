"""How much one document may ask for: depth, aliases, mutations; checked before it runs.

Tokens are limited by the parser, bytes by the door, cost and rate by api.cost, api.buckets.
U+0000, which PostgreSQL keeps in no text, is refused here too: in documents and in variables.
"""

from typing import Any, NamedTuple

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValidationContext,
)

from api.errors import bad_input, refused

ROOTS_MAX = 25
# not measured: tools ask for all of the schema, and where it is not told a rule refuses it anyway
ABOUT_SCHEMA = {"__schema", "__type"}
NUL = "A text may not hold the character U+0000: take it out."


class _Size(NamedTuple):
    """How much a selection set asks for; `fields` are its own, those of fragments among them."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0


class _Measure:
    """Sizes of selection sets; a fragment is measured once, cycles count nothing."""

    def __init__(self, context: ValidationContext) -> None:
        self._context = context
        self._known: dict[str, _Size] = {}

    def of(self, selected: SelectionSetNode | None) -> _Size:
        """Of one selection set."""
        depth = aliases = fields = 0
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                below = self.of(node.selection_set)
                is_about_schema = node.name.value in ABOUT_SCHEMA
                found = _Size(
                    1 if is_about_schema else below.depth + 1,
                    below.aliases + (node.alias is not None),
                    1,
                )
            elif isinstance(node, InlineFragmentNode):
                found = self.of(node.selection_set)
            else:
                assert isinstance(node, FragmentSpreadNode)
                found = self._fragment(node.name.value)
            depth, aliases = max(depth, found.depth), aliases + found.aliases
            fields += found.fields
        return _Size(depth, aliases, fields)

    def _fragment(self, name: str) -> _Size:
        if name not in self._known:
            self._known[name] = _Size()
            fragment = self._context.get_fragment(name)
            if fragment is not None:
                self._known[name] = self.of(fragment.selection_set)
        return self._known[name]


def document_limits(depth: int, aliases: int, mutations: int) -> type[ASTValidationRule]:
    """A validation rule with these bounds; its verdict is cached with the document."""

    class DocumentLimits(ASTValidationRule):
        """Refuses documents that ask for too much."""

        def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
            assert isinstance(self.context, ValidationContext)
            found = _Measure(self.context).of(node.selection_set)
            if found.depth > depth:
                self._refuse(f"An operation may have at most {depth} levels.")
            if found.aliases > aliases:
                self._refuse(f"An operation may have at most {aliases} aliases.")
            if node.operation is OperationType.MUTATION and found.fields > mutations:
                self._refuse(f"A call may hold at most {mutations} mutations.")
            elif found.fields > ROOTS_MAX:
                self._refuse(f"An operation may ask at most {ROOTS_MAX} questions.")

        def _refuse(self, message: str) -> None:
            self.report_error(refused("LIMIT_EXCEEDED", message))

    return DocumentLimits


class NoNul(ASTValidationRule):
    """Refuses documents with U+0000 in a text."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\0" in node.value:
            self.report_error(bad_input(NUL))


def has_nul(value: Any) -> bool:
    """Whether a text anywhere in these variables holds U+0000, however deep it stands."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str) and "\0" in one:
            return True
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
    return False
