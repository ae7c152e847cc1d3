"""How much one document may ask: depth, aliases, directives, fields and, with its pages, cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    VariableNode,
)

from chassis.rates import Class
from gateway.joins import JOINS

TOKENS = 2_000  # the longest operation of gateway/operations has some 400
DEPTH = 12  # the deepest has 7
ALIASES = 30
DIRECTIVES = 50
FIELDS = 2_000  # with fragments opened: what stops a document of fragments that double each other
COST = 20_000  # leaves that an answer may have; the largest board measured has 1,450
DEFAULT_PAGE = 20
LIST = 10  # entries that a joined list is counted as; the boards measured have 2 to 8
_LISTS = frozenset(name.partition(".")[2] for name, join in JOINS.items() if join.is_list)
_INTROSPECTION = frozenset({"__schema", "__type"})


def class_of(class_: Class, path: str, body: bytes) -> Class:
    """The class of an operation: a document without the word `mutation` only reads."""
    is_read = path == "/graphql" and b"mutation" not in body
    return min(class_, Class.READ) if is_read else class_


@dataclass(slots=True)
class _Size:
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    nodes: int = 0


class DocumentLimits(ASTValidationRule):
    """Refuses a document that is too deep or repeats itself too much."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        document = context.document
        fragments = fragments_of(document)
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                size = _Size()
                _measure(definition.selection_set, size, fragments=fragments, depth=1, open_=())
                for message, code in _too_much(size):
                    self.report_error(
                        GraphQLError(message, nodes=definition, extensions={"code": code})
                    )


def _too_much(size: _Size) -> Iterator[tuple[str, str]]:
    if size.depth > DEPTH:
        yield f"The operation is {size.depth} levels deep; at most {DEPTH}.", "TOO_DEEP"
    if size.aliases > ALIASES:
        yield f"The operation has {size.aliases} aliases; at most {ALIASES}.", "TOO_MANY_ALIASES"
    if size.directives > DIRECTIVES:
        yield (
            f"The operation has {size.directives} directives; at most {DIRECTIVES}.",
            "TOO_MANY_DIRECTIVES",
        )
    if size.nodes > FIELDS:
        yield f"The operation selects more than {FIELDS} fields.", "TOO_MANY_FIELDS"


def _measure(
    selections: SelectionSetNode,
    size: _Size,
    *,
    fragments: Mapping[str, FragmentDefinitionNode],
    depth: int,
    open_: tuple[str, ...],
) -> None:
    for node in selections.selections:
        size.nodes += 1
        size.directives += len(node.directives or ())
        inner, deeper, opened = _inside(node, fragments, open_)
        if isinstance(node, FieldNode):
            if node.name.value in _INTROSPECTION:
                continue  # introspection is deep by nature and costs no service a call
            size.aliases += node.alias is not None
            size.depth = max(size.depth, depth)
        if inner is not None and size.depth <= DEPTH and size.nodes <= FIELDS:
            _measure(inner, size, fragments=fragments, depth=depth + deeper, open_=opened)


def _inside(
    node: object, fragments: Mapping[str, FragmentDefinitionNode], open_: tuple[str, ...]
) -> tuple[SelectionSetNode | None, int, tuple[str, ...]]:
    """The selections inside `node`, how many levels they add, and the fragments then open."""
    match node:
        case FieldNode():
            return node.selection_set, 1, open_
        case InlineFragmentNode():
            return node.selection_set, 0, open_
        case FragmentSpreadNode():
            name = node.name.value
            fragment = fragments.get(name)
            if fragment is None or name in open_:
                return None, 0, open_  # unknown or circular: validation's own rules say so
            return fragment.selection_set, 0, (*open_, name)
    return None, 0, open_


def cost(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """Leaves that the answer may have at most: a page counts as many times as it has entries."""
    return _cost(operation.selection_set, fragments_of(document), variables)


def _cost(
    selections: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> int:
    total = 0
    for node in selections.selections:
        inner, _, _ = _inside(node, fragments, ())
        if isinstance(node, FieldNode) and node.name.value in _INTROSPECTION:
            continue
        below = _cost(inner, fragments, variables) if inner is not None else 1
        total += below * (_page(node, variables) if isinstance(node, FieldNode) else 1)
        if total > COST:
            break
    return total


def _page(node: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in node.arguments or ():
        if argument.name.value == "first":
            match argument.value:
                case IntValueNode(value=value):
                    return max(1, int(value))
                case VariableNode(name=name):
                    given = variables.get(name.value)
                    return max(1, given) if isinstance(given, int) else DEFAULT_PAGE
    if node.name.value in _LISTS:
        return LIST
    has_nodes = node.selection_set is not None and any(
        isinstance(child, FieldNode) and child.name.value == "nodes"
        for child in node.selection_set.selections
    )
    return DEFAULT_PAGE if has_nodes else 1


@lru_cache(maxsize=512)
def fragments_of(document: DocumentNode) -> Mapping[str, FragmentDefinitionNode]:
    """The document's fragments by name."""
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
