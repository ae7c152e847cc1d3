"""Lists of the municipal plan database; a plan is of no mode: real and exercised alike."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.plan_life import CycleKind, CycleState, PlanStatus, Reach
from gateway.schema.plan_version import PlanKind
from gateway.upstream import Json


async def plans(
    info: Info,
    jurisdiction: str | None = None,
    reach: Reach = Reach.HERE,
    plan: strawberry.ID | None = None,
    kind: PlanKind | None = None,
    emergency_type: str | None = None,
    status: list[PlanStatus] | None = None,
    text: str | None = None,
    needs_revision: bool | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
) -> Json:
    """Versions of plans, by plan and effective date."""
    return await reading.page(
        "plans",
        info,
        first=first,
        after=after,
        jurisdiction=jurisdiction,
        reach=reach,
        planId=plan,
        kind=kind,
        emergencyType=emergency_type,
        status=status,
        text=text,
        needsRevision=needs_revision,
    )


async def due_plans(
    info: Info,
    jurisdiction: str | None = None,
    kind: CycleKind | None = None,
    state: CycleState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
) -> Json:
    """Drills and reviews that are due or overdue, the most overdue first."""
    return await reading.page(
        "duePlans",
        info,
        first=first,
        after=after,
        jurisdiction=jurisdiction,
        kind=kind,
        state=state,
    )


async def consultations(
    info: Info,
    organization: strawberry.ID | None = None,
    is_open: bool | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
) -> Json:
    """Consultations, the newest first."""
    return await reading.page(
        "consultations",
        info,
        first=first,
        after=after,
        organization=organization,
        isOpen=is_open,
    )
