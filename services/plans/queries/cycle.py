"""What plans owe by the calendar: due and overdue drills and reviews, as they stand at the instant asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, page
from chassis.runtime import read_at
from services.plans import domain, store
from services.plans.queries.views import View
from vocabulary import area


class PlanCycleView(View, frozen=True):
    """One cycle of one plan: when it has to be done again, by which rule, and how it stands.

    `dueRaisedAt` and `overdueRaisedAt` are when the system raised it, `dueAt` when it was due.
    """

    id: str
    version: int
    version_id: str
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    plan_kind: domain.PlanKind
    jurisdiction: str
    organization_id: str
    kind: domain.CycleKind
    state: domain.CycleState
    counted_from: datetime
    warn_at: datetime
    due_at: datetime
    rule: str
    due_raised_at: datetime | None
    overdue_raised_at: datetime | None
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class CycleFilter:
    """Which cycles are asked for: of a division and all below it, of a kind, DUE or OVERDUE."""

    jurisdiction: str | None = None
    kind: domain.CycleKind | None = None
    state: domain.CycleState | None = None


async def due_plans(
    db: AsyncConnection, request: PageRequest, asked: CycleFilter
) -> Page[PlanCycleView]:
    """Cycles by due time, the longest overdue first; without a state those due and overdue.

    How they stand is told by the instant, not by whether a timer has fired.
    """
    table, at = store.cycle, read_at(db)
    statement = select(cast(table.c.doc, Text)).where(
        table.c.closed_at.is_(None), *_conditions(asked, at)
    )

    def view(row: Sequence[str]) -> PlanCycleView:
        return cycle_view(msgspec.json.decode(row[0], type=domain.Cycle), at)

    return await page(db, statement, request, order_by=[table.c.due_at, table.c.id], view=view)


async def cycles_by_plan(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[PlanCycleView]]:
    """Under each plan id its cycles that are counted."""
    table, at = store.cycle, read_at(db)
    found = await documents.find(
        db, table, domain.Cycle, table.c.plan_id.in_(keys), table.c.closed_at.is_(None)
    )
    return {key: [cycle_view(one, at) for one in found if one.plan_id == key] for key in keys}


def cycle_view(one: domain.Cycle, at: datetime) -> PlanCycleView:
    """The cycle as readers see it at `at`."""
    return PlanCycleView(
        id=one.id,
        version=one.version,
        version_id=domain.version_id(one.plan_id, one.plan_version),
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        plan_title_zh=one.plan_title_zh,
        plan_title_en=one.plan_title_en,
        plan_kind=one.plan_kind,
        jurisdiction=one.jurisdiction,
        organization_id=one.organization_id,
        kind=one.kind,
        state=one.state(at),
        counted_from=one.counted_from,
        warn_at=one.warn_at,
        due_at=one.due_at,
        rule=one.rule,
        due_raised_at=one.due_told_at,
        overdue_raised_at=one.overdue_told_at,
        met_at=one.met_at,
    )


def _conditions(asked: CycleFilter, at: datetime) -> list[ColumnElement[bool]]:
    table = store.cycle
    found = [_stands(asked.state, at)]
    if asked.jurisdiction is not None:
        prefix = area.prefix(asked.jurisdiction)
        found.append(table.c.jurisdiction.startswith(prefix, autoescape=True))
    if asked.kind is not None:
        found.append(table.c.kind == asked.kind)
    return found


def _stands(state: domain.CycleState | None, at: datetime) -> ColumnElement[bool]:
    table = store.cycle
    match state:
        case None:
            return table.c.warn_at <= at
        case domain.CycleState.UPCOMING:
            return table.c.warn_at > at
        case domain.CycleState.DUE:
            return (table.c.warn_at <= at) & (table.c.due_at > at)
        case domain.CycleState.OVERDUE:
            return table.c.due_at <= at
