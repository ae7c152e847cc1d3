"""Plan versions as readers see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, page
from services.plans import domain, store
from services.plans.queries.views import View, shaped
from vocabulary import ResponseLevel


class PlanLevelView(View, frozen=True):
    """How one level of a plan starts."""

    level: ResponseLevel
    start: domain.Start
    hold_down_minutes: int
    sign_within_minutes: int


class PlanVersionView(View, frozen=True):
    """One version of a plan, without its text."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    title_zh: str
    title_en: str
    kind: domain.PlanKind
    jurisdiction: str
    organization_id: str
    emergency_types: tuple[str, ...]
    effective_from: datetime
    effective_to: datetime | None
    source: str
    status: domain.PlanStatus
    published_at: datetime | None
    levels: tuple[PlanLevelView, ...]


class PlanFileView(View, frozen=True):
    """One version of a plan as its writers wrote it."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    status: domain.PlanStatus
    text: str


def plan_view(plan: domain.Plan) -> PlanVersionView:
    """The version as readers see it."""
    return shaped(plan, PlanVersionView)


async def plan_versions(
    db: AsyncConnection,
    request: PageRequest,
    *,
    plan_id: str | None = None,
    jurisdiction: str | None = None,
    status: domain.PlanStatus | None = None,
) -> Page[PlanVersionView]:
    """Versions by plan, the earliest effective first."""
    table = store.plan
    statement = select(cast(table.c.doc, Text))
    if plan_id is not None:
        statement = statement.where(table.c.plan_id == plan_id)
    if jurisdiction is not None:
        statement = statement.where(table.c.jurisdiction == jurisdiction)
    if status is not None:
        statement = statement.where(table.c.status == status)
    order = [table.c.plan_id, table.c.effective_from, table.c.id]
    return await page(db, statement, request, order_by=order, view=_plan_row)


async def plan_file(db: AsyncConnection, plan_id: str, plan_version: str) -> PlanFileView:
    """The version with its text, for export. Raises `plan-not-found`."""
    id = domain.version_id(plan_id, plan_version)
    return shaped(await documents.load(db, store.plan, id, domain.Plan), PlanFileView)


async def plan_versions_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, PlanVersionView]:
    """Each version under its id, `<plan>@<version>`."""
    found = await documents.find(db, store.plan, domain.Plan, store.plan.c.id.in_(keys))
    return {plan.id: plan_view(plan) for plan in found}


def _plan_row(row: Sequence[str]) -> PlanVersionView:
    return plan_view(msgspec.json.decode(row[0], type=domain.Plan))
