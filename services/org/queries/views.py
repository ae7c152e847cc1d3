"""How reads get at documents: whole, by keys, in lists, under a division."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, Row, Select, Table, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import batches
from services.org.domain import NATION
from vocabulary import Mode

T = TypeVar("T")
V = TypeVar("V")
MOST = 500  # of one key in a batch: more is what lists with pages are for
_LEVEL_ENDS = (2, 4, 6, 9, 12)  # province, city, county, township, village in GB/T 2260


def whole(table: Table, *where: ColumnElement[bool]) -> Select[Any]:
    """The statement that reads documents of `table`; `decode` makes them values."""
    return select(cast(table.c.doc, Text)).where(*where)


def decode(of: type[T], view: Callable[[T], V]) -> Callable[[Row[Any]], V]:
    """What shapes a row of `whole` by `view`."""
    decoder = msgspec.json.Decoder(of)
    return lambda row: view(decoder.decode(row[0]))


async def by_key(
    db: AsyncConnection,
    statement: Select[Any],
    column: Column[Any],
    keys: Iterable[str],
    *,
    shape: Callable[[Row[Any]], V],
) -> dict[str, V]:
    """One value for each key that is known."""
    rows = await db.execute(statement.add_columns(column).where(column.in_(list(keys))))
    return {str(row[-1]): shape(row) for row in rows}


async def lists_by_key(
    db: AsyncConnection,
    statement: Select[Any],
    column: Column[Any],
    keys: Sequence[str],
    *,
    shape: Callable[[Row[Any]], V],
    order_by: Sequence[ColumnElement[Any]],
) -> dict[str, list[V]]:
    """The first of each key in this order, at most `MOST`; an empty list for a key that has none."""
    rows = await db.execute(
        statement.add_columns(column).where(column.in_(keys)).order_by(*order_by)
    )
    found: dict[str, list[V]] = {key: [] for key in keys}
    for row in rows:
        if len(found[row[-1]]) < MOST:
            found[row[-1]].append(shape(row))
    return found


def within(column: Column[Any], code: str) -> ColumnElement[bool]:
    """Whether a division lies in `code` or is it."""
    return column.startswith(stem(code), autoescape=True)


def stem(code: str) -> str:
    """The digits with which the code of every division inside begins; "" for the nation."""
    if code == NATION:
        return ""
    ends = (code[:end] for end in _LEVEL_ENDS if not code[end:].strip("0"))
    return next(ends, code)  # a key that is no code names itself only


def mode_of(args: Mapping[str, Any]) -> Mode:
    """The mode that a batch asks for; an exercise is never shown to who did not ask."""
    return batches.argument(args, "mode", Mode, Mode.REAL)
