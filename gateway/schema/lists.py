"""The lists at the root: in pages, of one mode, with the filters that their service knows."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.errors import Service
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.guarantee import (
    DispatchStatus,
    SignalStatus,
    WarningStatus,
)
from gateway.schema.incident import IncidentStatus, LogKind
from gateway.schema.obligation import ObligationState
from gateway.schema.order import OrderStatus
from gateway.schema.plans import ActivationState
from gateway.schema.task import TaskStatus
from gateway.upstream import Json, Row
from vocabulary import EmergencyClass, Grade, Mode


@strawberry.enum
class IncidentOrder(StrEnum):
    """How incidents are ordered."""

    DECLARED_DESC = "DECLARED_DESC"
    GRADE_THEN_DECLARED = "GRADE_THEN_DECLARED"
    UPDATED_DESC = "UPDATED_DESC"


@strawberry.enum(description="Whether it stands or was cleared.")
class DetectionState(StrEnum):
    """How a detection stands."""

    RAISED = "RAISED"
    CLEARED = "CLEARED"


@strawberry.input(description="Every condition given must hold.")
class IncidentFilter:
    """Which incidents are listed."""

    jurisdiction: str | None = None
    include_subordinate: bool = True
    status: list[IncidentStatus] | None = None
    class_: EmergencyClass | None = strawberry.field(default=None, name="class")
    emergency_type: str | None = strawberry.field(
        default=None, description="GB/T 35561 code or prefix."
    )
    at_least: Grade | None = None
    declared_after: datetime | None = None
    text: str | None = None


async def incidents(
    info: Info,
    filter: IncidentFilter | None = None,
    order_by: IncidentOrder = IncidentOrder.GRADE_THEN_DECLARED,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Incidents, the gravest first unless asked otherwise."""
    wanted: Row = reading.json_of(filter) or {}
    return await reading.page(
        "incidents", info, first=first, after=after, mode=mode, orderBy=order_by, **wanted
    )


async def desk(
    info: Info,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """What is owed by the caller, soonest first."""
    return await reading.page("desk", info, first=first, after=after, mode=mode)


async def obligations(
    info: Info,
    jurisdiction: str | None = None,
    state: list[ObligationState] | None = None,
    kind: list[str] | None = None,
    owed_by: strawberry.ID | None = None,
    subject: strawberry.ID | None = None,
    incident: strawberry.ID | None = None,
    activation: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Obligations, soonest due first."""
    return await reading.page(
        "obligations",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        state=state,
        kind=kind,
        owedBy=owed_by,
        subject=subject,
        incident=incident,
        activation=activation,
    )


async def orders(
    info: Info,
    jurisdiction: str | None = None,
    status: list[OrderStatus] | None = None,
    incident: strawberry.ID | None = None,
    activation: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Orders, the newest first."""
    return await reading.page(
        "orders",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
        incident=incident,
        activation=activation,
    )


async def tasks(
    info: Info,
    organization: strawberry.ID | None = None,
    status: list[TaskStatus] | None = None,
    incident: strawberry.ID | None = None,
    activation: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Tasks, soonest due first."""
    return await reading.page(
        "tasks",
        info,
        first=first,
        after=after,
        mode=mode,
        organization=organization,
        status=status,
        incident=incident,
        activation=activation,
    )


async def log(
    info: Info,
    jurisdiction: str | None = None,
    incident: strawberry.ID | None = None,
    organization: strawberry.ID | None = None,
    kinds: list[LogKind] | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """The duty log, the latest happening first."""
    return await reading.page(
        "logEntries",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        incident=incident,
        organization=organization,
        kind=kinds,
    )


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
