"""Lists of plans, guarantee and analytics: in force, announced, on the road, found, heard."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.errors import Service
from gateway.fields import PAGE_DEFAULT, page_size
from gateway.scalars import Cursor
from gateway.schema.guarantee import (
    DispatchStatus,
    SignalStatus,
    WarningStatus,
)
from gateway.schema.override import OverrideState
from gateway.schema.plans import ActivationState
from gateway.upstream import Json
from vocabulary import Mode


@strawberry.enum(description="Whether it stands or was cleared.")
class DetectionState(StrEnum):
    """How a detection stands."""

    RAISED = "RAISED"
    CLEARED = "CLEARED"


async def activations(
    info: Info,
    jurisdiction: str | None = None,
    state: ActivationState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Activations, the newest first."""
    return await reading.page(
        "activations",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        state=state,
    )


async def plan_hierarchy(info: Info, jurisdiction: str) -> Json:
    """The tree of plans of a division, the top first."""
    return await reading.listing("planTree", info, jurisdiction=jurisdiction)


async def worst_plans(info: Info, jurisdiction: str, first: int = PAGE_DEFAULT) -> Json:
    """The plans of a division, the lowest score first."""
    size = page_size(first)
    found = await reading.listing("worstPlans", info, jurisdiction=jurisdiction, first=size)
    return found["nodes"]


async def overrides(
    info: Info,
    jurisdiction: str | None = None,
    activation: strawberry.ID | None = None,
    state: OverrideState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Emergency overrides, the newest first."""
    return await reading.page(
        "overrides",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        activationId=activation,
        state=state,
    )


async def signals(
    info: Info,
    jurisdiction: str | None = None,
    status: SignalStatus | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Signals, the newest first."""
    return await reading.page(
        "signals",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
    )


async def warnings(
    info: Info,
    jurisdiction: str | None = None,
    status: WarningStatus | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Early warnings and drafts, the newest first."""
    return await reading.page(
        "warnings",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
    )


async def dispatches(
    info: Info,
    status: DispatchStatus | None = None,
    incident: strawberry.ID | None = None,
    activation: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Dispatches, the newest first."""
    return await reading.page(
        "dispatches",
        info,
        first=first,
        after=after,
        mode=mode,
        status=status,
        incidentId=incident,
        activationId=activation,
    )


async def resources(
    info: Info,
    jurisdiction: str | None = None,
    capability: str | None = None,
    owner: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """The inventory, with what is free of it."""
    return await reading.page(
        "resources",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        capability=capability,
        owner=owner,
    )


async def detections(
    info: Info,
    jurisdiction: str | None = None,
    state: DetectionState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Detections, the newest first."""
    return await reading.page(
        "detections",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        state=state,
    )


async def events(
    info: Info,
    correlation: strawberry.ID | None = None,
    service: Service | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """The log of all services' events."""
    return await reading.page(
        "events",
        info,
        first=first,
        after=after,
        mode=mode,
        correlation=correlation,
        service=service and service.lower(),
    )


async def links(
    info: Info,
    since: datetime | None = None,
    correlation: strawberry.ID | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Every hand-off between services that the log shows."""
    found = await reading.listing("links", info, since=since, correlation=correlation, mode=mode)
    return found["nodes"]
