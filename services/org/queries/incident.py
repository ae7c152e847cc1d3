"""Reads of incidents and their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Fact, FactState, Incident, contradictions, current, unconfirmed
from services.org.queries import views
from services.org.store import tables
from vocabulary import EmergencyClass, Grade, Mode, emergency_class

_TABLE = tables.incident
_CLASS_PREFIX = {emergency_class(prefix): prefix for prefix in ("11", "12", "13", "14")}


class IncidentOrder(StrEnum):
    """How a list of incidents is ordered."""

    DECLARED_DESC = "DECLARED_DESC"
    GRADE_THEN_DECLARED = "GRADE_THEN_DECLARED"
    UPDATED_DESC = "UPDATED_DESC"


_ORDERS: Mapping[IncidentOrder, Sequence[ColumnElement[Any]]] = {
    IncidentOrder.DECLARED_DESC: (_TABLE.c.declared_at.desc(), _TABLE.c.id.desc()),
    IncidentOrder.GRADE_THEN_DECLARED: (
        _TABLE.c.severity.desc(),
        _TABLE.c.declared_at.desc(),
        _TABLE.c.id.desc(),
    ),
    IncidentOrder.UPDATED_DESC: (_TABLE.c.updated_at.desc(), _TABLE.c.id.desc()),
}


class ValueView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What another source says."""

    value: float | None
    source: str


class FigureView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A figure with what is needed to trust it: `value` null is unknown, 0 is a reported zero."""

    id: str
    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    recorded_at: datetime
    state: str
    preferred: bool
    contradicted_by: tuple[ValueView, ...]
    correction_reason: str | None


class PointView(msgspec.Struct, frozen=True, kw_only=True):
    """A GeoJSON point, WGS 84, longitude first."""

    type: str = "Point"
    coordinates: tuple[float, float]


class AttentionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What somebody must do before a figure counts."""

    code: str
    message: str
    figure_id: str


class IncidentView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An incident with the preferred figure of each metric and what waits for a second person."""

    id: str
    number: str
    version: int
    mode: str
    exercise_id: str | None
    title: str
    emergency_type: str
    status: str
    grade: str | None
    grade_rule: str | None
    place: PointView
    address: str | None
    jurisdiction: str
    occurred_at: datetime | None
    declared_at: datetime
    declared_by: str
    updated_at: datetime
    closed_at: datetime | None
    merged_into: str | None
    figures: tuple[FigureView, ...]
    attention: tuple[AttentionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Every condition given must hold."""

    mode: Mode = Mode.REAL
    number: str | None = None
    jurisdiction: str | None = None
    include_subordinate: bool = True
    status: Sequence[str] = ()
    emergency_class: EmergencyClass | None = None
    emergency_type: str | None = None
    at_least: Grade | None = None
    declared_after: datetime | None = None
    text: str | None = None


async def incident(db: AsyncConnection, incident_id: str) -> IncidentView:
    """Return the incident. Raises NotFound."""
    return incident_view(await documents.load(db, _TABLE, incident_id, Incident))


async def incidents(
    db: AsyncConnection,
    request: paging.PageRequest,
    wanted: IncidentFilter,
    order: IncidentOrder = IncidentOrder.GRADE_THEN_DECLARED,
) -> paging.Page[IncidentView]:
    """Return incidents in that order; a number finds its incident of either mode."""
    return await paging.page(
        db,
        views.whole(_TABLE, *_conditions(wanted)),
        request,
        order_by=_ORDERS[order],
        view=views.decode(Incident, incident_view),
    )


async def incidents_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, IncidentView]:
    """Return the incidents of these ids."""
    shape = views.decode(Incident, incident_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=shape)


async def incidents_by_number(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, IncidentView]:
    """Return the incidents of these numbers."""
    shape = views.decode(Incident, incident_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.number, keys, shape=shape)


async def open_incidents(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[IncidentView]]:
    """Return the open incidents in each division and below it, the gravest first."""
    request = paging.PageRequest(first=paging.MOST)
    open_ones = ("DECLARED", "RESPONDING", "CONTAINED", "RECOVERING")
    found: dict[str, list[IncidentView]] = {}
    for key in keys:
        wanted = IncidentFilter(mode=views.mode_of(args), jurisdiction=key, status=open_ones)
        found[key] = list((await incidents(db, request, wanted)).nodes)
    return found


async def figures(
    db: AsyncConnection, incident_id: str, *, preferred_only: bool
) -> list[FigureView]:
    """Return the figures of the incident. Raises NotFound."""
    return _figures(
        await documents.load(db, _TABLE, incident_id, Incident), preferred_only=preferred_only
    )


async def figures_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[FigureView]]:
    """Return what each source says now; with `args.preferredOnly` (default) one a metric."""
    preferred_only = bool(args.get("preferredOnly", True))
    found = await documents.find(db, _TABLE, Incident, _TABLE.c.id.in_(keys))
    return {one.id: _figures(one, preferred_only=preferred_only) for one in found}


def incident_view(one: Incident) -> IncidentView:
    """The incident as readers see it."""
    return IncidentView(
        id=one.id,
        number=one.number,
        version=one.version,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        title=one.title,
        emergency_type=one.emergency_type,
        status=one.status.value,
        grade=one.grade.value if one.grade else None,
        grade_rule=one.grade_rule,
        place=PointView(coordinates=(one.place.longitude, one.place.latitude)),
        address=one.address,
        jurisdiction=one.jurisdiction,
        occurred_at=one.occurred_at,
        declared_at=one.declared_at,
        declared_by=one.declared_by,
        updated_at=one.updated_at,
        closed_at=one.closed_at,
        merged_into=one.merged_into,
        figures=tuple(_figures(one, preferred_only=True)),
        attention=tuple(_attention(each) for each in unconfirmed(one)),
    )


def _figures(one: Incident, *, preferred_only: bool) -> list[FigureView]:
    shown = [
        fact
        for fact in [*current(one.facts), *unconfirmed(one)]
        if not preferred_only or fact.id in one.preferred
    ]
    shown.sort(key=lambda fact: (fact.metric, fact.id not in one.preferred, fact.source))
    return [_figure(one, fact) for fact in shown]


def _figure(incident: Incident, fact: Fact) -> FigureView:
    others = contradictions(incident.facts, fact) if fact.state is FactState.CONFIRMED else []
    return FigureView(
        id=fact.id,
        metric=fact.metric,
        value=fact.value,
        unit=fact.unit,
        source=fact.source,
        observed_at=fact.observed_at,
        recorded_at=fact.recorded_at,
        state=fact.state.value,
        preferred=fact.id in incident.preferred,
        contradicted_by=tuple(ValueView(value=one.value, source=one.source) for one in others),
        correction_reason=fact.correction_reason,
    )


def _attention(fact: Fact) -> AttentionView:
    return AttentionView(
        code="figure-needs-second-person",
        message=f"{fact.metric} {fact.value:g} would raise the grade by two: a second person must confirm it.",
        figure_id=fact.id,
    )


def _conditions(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    if wanted.number is not None:
        return [_TABLE.c.number == wanted.number]
    where = [_TABLE.c.mode == wanted.mode]
    if wanted.status:
        where.append(_TABLE.c.status.in_(list(wanted.status)))
    if wanted.emergency_class is not None:
        where.append(_TABLE.c.emergency_type.startswith(_CLASS_PREFIX[wanted.emergency_class]))
    if wanted.emergency_type is not None:
        where.append(_TABLE.c.emergency_type.startswith(wanted.emergency_type, autoescape=True))
    return [*where, *_place_and_time(wanted)]


def _place_and_time(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.jurisdiction is not None and wanted.include_subordinate:
        where.append(views.within(_TABLE.c.jurisdiction, wanted.jurisdiction))
    elif wanted.jurisdiction is not None:
        where.append(_TABLE.c.jurisdiction == wanted.jurisdiction)
    if wanted.at_least is not None:
        where.append(_TABLE.c.severity >= wanted.at_least.severity)
    if wanted.declared_after is not None:
        where.append(_TABLE.c.declared_at > wanted.declared_after)
    if wanted.text:
        where.append(_TABLE.c.title.icontains(wanted.text, autoescape=True))
    return where
