"""Pages of lists: how many, after what, and the shape of the answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.operators import desc_op

from chassis.errors import Invalid
from chassis.policy.visible import restricted

T = TypeVar("T")
Asked = TypeVar("Asked", bound=Select[Any])

DEFAULT = 20
MOST = 100


class PageTooLarge(Invalid):
    """More was asked for than one page holds."""

    slug = "page-too-large"


class CursorInvalid(Invalid):
    """The cursor is not one that this list gave out."""

    slug = "cursor-invalid"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The next `first` items after the cursor `after`; `count` asks for the total as well."""

    first: int = DEFAULT
    after: str | None = None
    count: bool = False

    def __post_init__(self) -> None:
        """Refuse sizes outside 1 to 100."""
        if self.first > MOST:
            raise PageTooLarge(f"A page holds at most {MOST} items.", field=("first",))
        if self.first < 1:
            raise Invalid("A page holds at least one item.", field=("first",))


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True, rename="camel"):
    """One page of a list; `end_cursor` asks for the next one, `total_count` is null unless asked."""

    nodes: Sequence[T]
    has_next_page: bool
    end_cursor: str | None = None
    total_count: int | None = None


def narrowed(statement: Asked, *wanted: tuple[ColumnElement[Any], object | None]) -> Asked:
    """The statement for the rows whose columns are as wanted; None wants nothing."""
    return statement.where(*(column == value for column, value in wanted if value is not None))


async def page(
    db: AsyncConnection,
    statement: Select[Any],
    request: PageRequest,
    *,
    order_by: Sequence[ColumnElement[Any]],
    view: Callable[[Any], T],
) -> Page[T]:
    """Return the page of `statement` that was asked for, each row shaped by `view`.

    Rows that the reader may not see are not there. `order_by` must be unique together and never null; `.desc()` is understood column by column.
    """
    bare = restricted(db, statement.order_by(None))
    wanted = bare if request.after is None else bare.where(_after(request.after, order_by))
    keys = [_column(item).label(f"_key_{index}") for index, item in enumerate(order_by)]
    wanted = wanted.add_columns(*keys).order_by(*order_by).limit(request.first + 1)
    rows = (await db.execute(wanted)).all()
    kept = rows[: request.first]
    total = None
    if request.count:
        total = await db.scalar(select(func.count()).select_from(bare.subquery()))
    return Page(
        nodes=[view(row) for row in kept],
        has_next_page=len(rows) > request.first,
        end_cursor=_cursor(kept[-1][-len(keys) :]) if kept else None,
        total_count=total,
    )


def paged(
    items: Sequence[T], request: PageRequest, *, key: Callable[[T], Sequence[Any]]
) -> Page[T]:
    """Return the page that was asked for of items that stand in the order of their unique keys."""
    after = None if request.after is None else tuple(_decoded(request.after))
    try:
        left = [one for one in items if after is None or tuple(key(one)) > after]
    except TypeError as error:
        raise _foreign() from error
    kept = left[: request.first]
    return Page(
        nodes=kept,
        has_next_page=len(left) > request.first,
        end_cursor=_cursor(key(kept[-1])) if kept else None,
        total_count=len(items) if request.count else None,
    )


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).decode().rstrip("=")


def _after(cursor: str, order_by: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    values = _values(cursor, order_by)
    alternatives = []
    for index, item in enumerate(order_by):
        equal = [_column(order_by[before]) == values[before] for before in range(index)]
        column, value = _column(item), values[index]
        beyond = column < value if _descends(item) else column > value
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def _values(cursor: str, order_by: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        values = _decoded(cursor)
        if len(values) != len(order_by):
            raise ValueError("another list's cursor")
        return [_typed(value, item) for value, item in zip(values, order_by, strict=True)]
    except (ValueError, msgspec.ValidationError) as error:
        raise _foreign() from error


def _decoded(cursor: str) -> list[str | int | float]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=list[str | int | float])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise _foreign() from error


def _foreign() -> CursorInvalid:
    return CursorInvalid(
        "The cursor is not one that this list gave out.",
        field=("after",),
        remedy="Start again without `after`.",
    )


def _typed(value: str | float, item: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a column's value
    expected = _column(item).type.python_type
    if expected is datetime:
        return msgspec.convert(value, datetime)
    return msgspec.convert(value, expected)


def _column(item: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(item, UnaryExpression):
        return item.element
    return item


def _descends(item: ColumnElement[Any]) -> bool:
    return isinstance(item, UnaryExpression) and item.modifier is desc_op
