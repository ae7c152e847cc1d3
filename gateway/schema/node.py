"""What the objects of the schema share: an id, a type that can be told, pages of them."""

from typing import Generic, TypeVar

import strawberry
from strawberry.types import get_object_definition

from gateway.fields import Source
from gateway.scalars import Cursor
from gateway.upstream import Json, Row

T = TypeVar("T")


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    """An object whose id is the same in GraphQL, REST and events."""

    id: strawberry.ID = strawberry.field(
        description="Typed and the same everywhere: GraphQL, REST, ce-subject. e.g. inc_0198c2…"
    )

    @classmethod
    def is_type_of(cls, source: Row, _info: object) -> bool:
        """Whether `source` is of this type; one that does not say is what its field declares."""
        name = get_object_definition(cls, strict=True).name
        return bool(source.get("__typename", name) == name)

    @classmethod
    def resolve_type(cls, source: Row, _info: object, _abstract: object) -> str:
        """Name of the type that `source` says it is."""
        return str(source["__typename"])


@strawberry.type(description="Where a page ends; lists go forward only.")
class PageInfo:
    """The end of one page."""

    has_next_page: bool
    end_cursor: Cursor | None


def _itself(root: Source) -> Json:
    return root


@strawberry.type
class Connection(Generic[T]):
    """One page of a list."""

    nodes: list[T]
    page_info: PageInfo = strawberry.field(resolver=_itself)
    total_count: int | None = strawberry.field(description="null when counting would be too dear")
