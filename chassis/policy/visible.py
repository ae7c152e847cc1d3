"""Whose rows a reader sees: one predicate, asked by the service and repeated by row security.

`base.cedar` decides the same for a single object. A scope is what a caller's grants cover,
written as the database compares it; transactions carry it in four settings that end with them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Join,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.policy.types import SEALED_READER, Grant

if TYPE_CHECKING:
    from chassis.policy.engine import Areas
    from chassis.unit_of_work import Caller

INFO: Final = "visible"
OPTION: Final = "scope"  # the connection's execution option
SETTINGS: Final = ("areas", "organizations", "cleared_areas", "cleared_organizations")
ALL: Final = "*"  # in `uem.areas`: a service in its own name
EVERYBODY: Final = "*"  # among a row's organizations: whoever holds any grant sees it
_SEPARATOR: Final = ","

Values = Callable[[str], ColumnElement[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Which columns of a table of case data say who may see a row.

    `area` holds its area's code, `organizations` are text or text[] columns; `sealed` is a
    boolean. Each may be null in a row, and then opens nothing.
    """

    area: str | None = None
    organizations: tuple[str, ...] = ()
    sealed: str | None = None

    def __post_init__(self) -> None:
        """Refuse a table that nobody could see."""
        if self.area is None and not self.organizations:
            raise ValueError("rows are seen by area or by organization")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a reader may see: patterns of area codes, organizations, and both for what is sealed."""

    areas: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    cleared_areas: tuple[str, ...] = ()
    cleared_organizations: tuple[str, ...] = ()

    def setting(self, name: str) -> str:
        """Return the value of the setting `uem.<name>`."""
        values: tuple[str, ...] = getattr(self, name)
        return _SEPARATOR.join(values)


EVERYTHING: Final = Scope(areas=(ALL,))
NOTHING: Final = Scope()


def scope_of(caller: Caller, areas: Areas, *, now: datetime) -> Scope:
    """Return what the caller's live grants cover; everything, for a service."""
    if caller.service_name is not None:
        return EVERYTHING
    live = [grant for grant in caller.grants if grant.is_live(now)]
    cleared = [grant for grant in live if grant.role == SEALED_READER]
    return Scope(
        areas=_patterns(live, areas),
        organizations=(*_organizations(live), *((EVERYBODY,) if live else ())),
        cleared_areas=_patterns(cleared, areas),
        cleared_organizations=_organizations(cleared),
    )


async def enter(db: AsyncConnection, scope: Scope) -> None:
    """Let the transaction see what the scope covers, and nothing else."""
    told = [func.set_config(f"uem.{name}", scope.setting(name), True) for name in SETTINGS]
    await db.execute(select(*told))


@asynccontextmanager
async def announced(db: AsyncConnection) -> AsyncIterator[None]:
    """Let reads inside the block see every row, for what is announced to everybody.

    Only columns that are public may leave the block. `restricted` still restricts inside it. A
    unit of work sees every row anyway.
    """
    options = db.sync_connection.get_execution_options() if db.sync_connection else {}
    scope = options.get(OPTION)
    if scope is None:
        yield
        return
    await enter(db, EVERYTHING)
    yield
    await enter(db, scope)  # an error ends the transaction, and the settings with it


def predicate(table: FromClause, visible: Visible, scope: Scope) -> ColumnElement[bool] | None:
    """Return the condition under which the scope sees a row; null when it sees all."""
    if scope == EVERYTHING:
        return None
    return _seen(table, visible, lambda name: _bound(getattr(scope, name)))


def restricted(db: AsyncConnection, statement: Select[Any]) -> Select[Any]:
    """Return the statement with the predicate of every table it reads rows of.

    Only a connection that reads for somebody restricts; a unit of work does not.
    """
    options = db.sync_connection.get_execution_options() if db.sync_connection else {}
    scope = options.get(OPTION)
    if scope is None:
        return statement
    for source in _sources(statement.get_final_froms()):
        visible = _visible(source)
        condition = predicate(source, visible, scope) if visible is not None else None
        if condition is not None:
            statement = statement.where(condition)
    return statement


def row_security(table: Table) -> ColumnElement[bool]:
    """Return the predicate of the table over the transaction's settings."""
    everything = _setting("areas") == ALL
    return or_(everything, _seen(table, table.info[INFO], _settings))


def _seen(table: FromClause, visible: Visible, values: Values) -> ColumnElement[bool]:
    open_to = _covered(table, visible, values("areas"), values("organizations"))
    if visible.sealed is None:
        return open_to
    cleared = _covered(table, visible, values("cleared_areas"), values("cleared_organizations"))
    return and_(open_to, or_(table.c[visible.sealed].is_not(True), cleared))


def _covered(
    table: FromClause,
    visible: Visible,
    areas: ColumnElement[Any],
    organizations: ColumnElement[Any],
) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if visible.area is not None:
        ways.append(table.c[visible.area].like(any_(areas)))
    for name in visible.organizations:
        column = table.c[name]
        if isinstance(column.type, ARRAY):
            ways.append(column.op("&&", is_comparison=True)(organizations))
        else:
            ways.append(column == any_(organizations))
    return or_(false(), *ways)


def _settings(name: str) -> ColumnElement[Any]:
    split = func.string_to_array(func.current_setting(f"uem.{name}", True), _SEPARATOR)
    # a subquery is evaluated once a statement, a bare call once a row
    return cast(select(split).scalar_subquery(), ARRAY(Text))


def _setting(name: str) -> ColumnElement[Any]:
    return select(func.current_setting(f"uem.{name}", True)).scalar_subquery()


def _bound(values: Sequence[str]) -> ColumnElement[Any]:
    return cast(bindparam(None, list(values), type_=ARRAY(Text)), ARRAY(Text))


def _sources(froms: Iterable[FromClause]) -> Iterable[FromClause]:
    for source in froms:
        if isinstance(source, Join):
            # what an outer join adds may be absent; row security alone empties it
            sides = (source.left,) if source.isouter or source.full else (source.left, source.right)
            yield from _sources(sides)
        else:
            yield source


def _visible(source: FromClause) -> Visible | None:
    table = getattr(source, "element", source)  # an alias speaks for its table
    return table.info.get(INFO) if isinstance(table, Table) else None


def _patterns(grants: Iterable[Grant], areas: Areas) -> tuple[str, ...]:
    return tuple(sorted({f"{prefix}%" for prefix in _prefixes(grants, areas)}))


def _prefixes(grants: Iterable[Grant], areas: Areas) -> Iterable[str]:
    for grant in grants:
        try:
            yield areas.prefix(grant.area)
        except ValueError:
            continue  # what is no area covers nothing


def _organizations(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Return the organizations; none has the separator in its name, or it would become two."""
    named = {grant.organization for grant in grants if grant.organization}
    named.discard(EVERYBODY)
    return tuple(sorted(name for name in named if _SEPARATOR not in name))
