"""Lists of the organization system: incidents, what is owed, ordered, done and logged."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.incident import IncidentStatus, LogKind
from gateway.schema.obligation import ObligationState
from gateway.schema.order import OrderStatus
from gateway.schema.situation_report import SituationReportStatus
from gateway.schema.task import TaskStatus
from gateway.upstream import Json, Row
from vocabulary import EmergencyClass, Grade, Mode


@strawberry.enum
class IncidentOrder(StrEnum):
    """How incidents are ordered."""

    DECLARED_DESC = "DECLARED_DESC"
    GRADE_THEN_DECLARED = "GRADE_THEN_DECLARED"
    UPDATED_DESC = "UPDATED_DESC"


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


async def situation_reports(
    info: Info,
    jurisdiction: str | None = None,
    status: list[SituationReportStatus] | None = None,
    incident: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Reports upward, the newest first."""
    return await reading.page(
        "situationReports",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
        incident=incident,
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
