"""Reads of dispatches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.queries.views import document
from services.guarantee.store.tables import DISPATCH


class StepView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One report in the life of a dispatch."""

    status: str
    at: datetime
    by: str


class DispatchView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One resource sent for one requirement."""

    id: str
    version: int
    mode: str
    exercise_id: str | None
    status: str
    requirement_id: str
    activation_id: str
    incident_id: str | None
    resource_id: str
    resource_name_zh: str
    resource_name_en: str
    capability: str
    quantity: float
    unit: str
    owner_organization_id: str
    jurisdiction: str
    ordered_at: datetime
    eta: datetime | None
    travel_minutes: float | None
    travel_quality: str | None
    returned_quantity: float | None
    reason: str | None
    history: tuple[StepView, ...]


def dispatch_view(dispatch: Dispatch) -> DispatchView:
    """Show a dispatch."""
    return DispatchView(
        id=dispatch.id,
        version=dispatch.version,
        mode=dispatch.mode,
        exercise_id=dispatch.exercise_id,
        status=dispatch.status,
        requirement_id=dispatch.requirement_id,
        activation_id=dispatch.activation_id,
        incident_id=dispatch.incident_id,
        resource_id=dispatch.resource_id,
        resource_name_zh=dispatch.resource_name_zh,
        resource_name_en=dispatch.resource_name_en,
        capability=dispatch.capability,
        quantity=dispatch.quantity,
        unit=dispatch.unit,
        owner_organization_id=dispatch.owner,
        jurisdiction=dispatch.jurisdiction,
        ordered_at=dispatch.ordered_at,
        eta=dispatch.eta,
        travel_minutes=dispatch.travel_minutes,
        travel_quality=dispatch.travel_quality,
        returned_quantity=dispatch.returned_quantity,
        reason=dispatch.reason,
        history=tuple(
            StepView(status=one.status, at=one.at, by=one.by) for one in dispatch.history
        ),
    )


async def dispatch(db: AsyncConnection, id: str) -> DispatchView:
    """Return one dispatch. Raises NotFound."""
    return dispatch_view(await documents.load(db, DISPATCH, id, Dispatch))


async def dispatches(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    activation_id: str | None,
    incident_id: str | None,
) -> Page[DispatchView]:
    """Return a page of dispatches, newest first."""
    where: list[ColumnElement[bool]] = [DISPATCH.c.mode == mode]
    if status is not None:
        where.append(DISPATCH.c.status == status)
    if activation_id is not None:
        where.append(DISPATCH.c.activation_id == activation_id)
    if incident_id is not None:
        where.append(DISPATCH.c.incident_id == incident_id)
    return await paging.page(
        db,
        select(cast(DISPATCH.c.doc, Text)).where(*where),
        request,
        order_by=[DISPATCH.c.ordered_at.desc(), DISPATCH.c.id.desc()],
        view=_view,
    )


async def dispatches_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, DispatchView]:
    """Return the dispatches that exist, by id."""
    found = await documents.find(db, DISPATCH, Dispatch, DISPATCH.c.id.in_(keys))
    return {one.id: dispatch_view(one) for one in found}


async def dispatches_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[DispatchView]]:
    """Return the dispatches for each activation, in the order of their orders."""
    found = await documents.find(
        db, DISPATCH, Dispatch, DISPATCH.c.activation_id.in_(keys), order_by=_BY_ORDER
    )
    return {key: [dispatch_view(one) for one in found if one.activation_id == key] for key in keys}


async def dispatches_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[DispatchView]]:
    """Return the dispatches for each incident, in the order of their orders."""
    found = await documents.find(
        db, DISPATCH, Dispatch, DISPATCH.c.incident_id.in_(keys), order_by=_BY_ORDER
    )
    return {key: [dispatch_view(one) for one in found if one.incident_id == key] for key in keys}


def _view(row: Row[Any]) -> DispatchView:
    return dispatch_view(document(row[0], Dispatch))


_BY_ORDER = (DISPATCH.c.ordered_at, DISPATCH.c.id)
