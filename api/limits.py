"""How much one document may ask for: depth, aliases, mutations; checked before it runs.

Tokens are limited by the parser, bytes by the door, cost and rate by api.cost, api.buckets.
U+0000, which PostgreSQL keeps in no text, is refused here too: in documents and in variables.
"""

from typing import Any

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
NUL = "A text may not hold the character U+0000: take it out."


class _Measure:
    """Depth and aliases of selection sets; a fragment is measured once, cycles count nothing."""

    def __init__(self, context: ValidationContext) -> None:
        self._context = context
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, selected: SelectionSetNode | None) -> tuple[int, int]:
        """(depth, aliases)."""
        depth = aliases = 0
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                below, inner = self.of(node.selection_set)
                below, inner = below + 1, inner + (node.alias is not None)
            elif isinstance(node, InlineFragmentNode):
                below, inner = self.of(node.selection_set)
            else:
                assert isinstance(node, FragmentSpreadNode)
                below, inner = self._fragment(node.name.value)
            depth, aliases = max(depth, below), aliases + inner
        return depth, aliases

    def _fragment(self, name: str) -> tuple[int, int]:
        if name not in self._known:
            self._known[name] = (0, 0)
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
            found_depth, found_aliases = _Measure(self.context).of(node.selection_set)
            if found_depth > depth:
                self._refuse(f"An operation may have at most {depth} levels.")
            if found_aliases > aliases:
                self._refuse(f"An operation may have at most {aliases} aliases.")
            roots = len(node.selection_set.selections)
            if node.operation is OperationType.MUTATION and roots > mutations:
                self._refuse(f"A call may hold at most {mutations} mutations.")
            elif roots > ROOTS_MAX:
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
    """Whether a text anywhere in these variables holds U+0000."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(has_nul(one) for one in value.values())
    return isinstance(value, list) and any(has_nul(one) for one in value)
