"""What a client selected of an object, as the field mask that its service is asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_object_type,
)

RawInfo: TypeAlias = GraphQLResolveInfo[Any]  # graphql-core's, whose context is not ours to type

# GraphQL type → field → the fields of the service's view that it is made of.
Needs = Mapping[str, Mapping[str, tuple[str, ...]]]


def field_mask(info: RawInfo, needs: Needs) -> tuple[str, ...] | None:
    """View fields that the selection under `info` needs, sorted; None asks for all of them.

    A connection's mask is that of its nodes. Superfluous names are possible (`@skip` is not
    evaluated), missing ones are not.
    """
    named = get_named_type(info.return_type)
    nodes: Sequence[FieldNode] = info.field_nodes
    if isinstance(named, GraphQLUnionType) or not is_object_type(named):
        return None
    type_name = named.name
    if type_name.endswith("Connection"):
        edges = _under(nodes, info, names={"edges"})
        nodes = [*_under(nodes, info, names={"nodes"}), *_under(edges, info, names={"node"})]
        type_name = type_name.removesuffix("Connection")
    made_of = needs[type_name]
    selected = {node.name.value for node in _under(nodes, info)}
    return tuple(sorted({part for name in selected for part in made_of.get(name, ())}))


def selects(info: RawInfo, name: str) -> bool:
    """Whether the field `name` is selected directly under `info`."""
    return bool(_under(info.field_nodes, info, names={name}))


def _under(
    nodes: Iterable[FieldNode], info: RawInfo, *, names: set[str] | None = None
) -> list[FieldNode]:
    """The fields selected directly under `nodes`, fragments opened, restricted to `names`."""
    found = (
        field for node in nodes if node.selection_set for field in _fields(node.selection_set, info)
    )
    return [field for field in found if names is None or field.name.value in names]


def _fields(selections: SelectionSetNode, info: RawInfo) -> Iterator[FieldNode]:
    for selection in selections.selections:
        match selection:
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                yield from _fields(selection.selection_set, info)
            case FragmentSpreadNode():
                fragment = info.fragments[selection.name.value]
                yield from _fields(fragment.selection_set, info)
