"""Reads of solvings: what dispatch decided, beside what a desk would have done by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.allocation import Solved
from services.guarantee.queries.views import document
from services.guarantee.store.tables import ALLOCATION


class AllocationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One solving; costs are severity-weighted minutes with unmet needs priced, `saved` over the greedy."""

    id: str
    pool: str
    mode: str
    solved_at: datetime
    method: str
    rule: str
    requirement_ids: tuple[str, ...]
    cost_minutes: float
    baseline_cost_minutes: float
    saved_minutes: float
    travel_minutes: float
    baseline_travel_minutes: float
    travel_quality: str
    unmet: Mapping[str, int]
    baseline_unmet: Mapping[str, int]
    lost: int


def allocation_view(solved: Solved) -> AllocationView:
    """Show a solving."""
    return AllocationView(
        id=solved.id,
        pool=solved.pool,
        mode=solved.mode,
        solved_at=solved.solved_at,
        method=solved.method,
        rule=solved.rule,
        requirement_ids=solved.requirement_ids,
        cost_minutes=solved.cost_minutes,
        baseline_cost_minutes=solved.baseline_cost_minutes,
        saved_minutes=solved.baseline_cost_minutes - solved.cost_minutes,
        travel_minutes=solved.travel_minutes,
        baseline_travel_minutes=solved.baseline_travel_minutes,
        travel_quality=solved.travel_quality,
        unmet=solved.unmet,
        baseline_unmet=solved.baseline_unmet,
        lost=solved.lost,
    )


async def allocations(
    db: AsyncConnection, request: PageRequest, *, mode: str, pool: str | None
) -> Page[AllocationView]:
    """Return a page of solvings, newest first."""
    where: list[ColumnElement[bool]] = [ALLOCATION.c.mode == mode]
    if pool is not None:
        where.append(ALLOCATION.c.pool == pool)
    return await paging.page(
        db,
        select(cast(ALLOCATION.c.doc, Text)).where(*where),
        request,
        order_by=[ALLOCATION.c.solved_at.desc(), ALLOCATION.c.id.desc()],
        view=_view,
    )


def _view(row: Row[Any]) -> AllocationView:
    return allocation_view(document(row[0], Solved))
