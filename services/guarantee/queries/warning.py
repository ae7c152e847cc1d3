"""Reads of early warnings: one, many, by jurisdiction, by incident, and as CAP."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee import store
from services.guarantee.domain import announcement, cap, rule
from services.guarantee.domain.warning import Warning, WarningStatus
from services.guarantee.queries.activation import causes_by_incident
from services.guarantee.queries.views import document, mode_of, prefix_of
from services.guarantee.store.tables import WARNING
from vocabulary import is_within


class WarningView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a government announces, or drafts to announce."""

    id: str
    version: int
    kind: str = "EARLY_WARNING"
    mode: str
    exercise_id: str | None
    emergency_type: str
    colour: str
    status: str
    headline_zh: str | None
    headline_en: str | None
    description_zh: str | None
    description_en: str | None
    jurisdiction: str
    areas: tuple[str, ...]
    area_geojson: str | None
    organization_id: str | None
    signal_id: str | None
    drafted_at: datetime
    drafted_by: str
    approved_by: str | None
    issued_at: datetime | None
    ended_at: datetime | None
    onset: datetime | None
    expires_at: datetime | None
    supersedes: tuple[str, ...]
    superseded_by: str | None
    reason: str | None
    cap: str


def warning_view(warning: Warning) -> WarningView:
    """Show an early warning."""
    return WarningView(
        id=warning.id,
        version=warning.version,
        mode=warning.mode,
        exercise_id=warning.exercise_id,
        emergency_type=warning.emergency_type,
        colour=warning.colour,
        status=warning.status,
        headline_zh=warning.headline_zh,
        headline_en=warning.headline_en,
        description_zh=warning.description_zh,
        description_en=warning.description_en,
        jurisdiction=warning.jurisdiction,
        areas=warning.areas,
        area_geojson=warning.area_geojson,
        organization_id=warning.organization_id,
        signal_id=warning.signal_id,
        drafted_at=warning.drafted_at,
        drafted_by=warning.drafted_by,
        approved_by=warning.approved_by,
        issued_at=warning.issued_at,
        ended_at=warning.ended_at,
        onset=warning.onset,
        expires_at=warning.expires_at,
        supersedes=warning.supersedes,
        superseded_by=warning.superseded_by,
        reason=warning.reason,
        cap=f"/v1/warnings/{warning.id}/cap",
    )


async def warning(db: AsyncConnection, id: str) -> WarningView:
    """Return one warning. Raises NotFound."""
    return warning_view(await documents.load(db, WARNING, id, Warning))


async def warnings(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    jurisdiction: str | None,
) -> Page[WarningView]:
    """Return a page of warnings and drafts, newest first; `jurisdiction` includes what lies in it."""
    where: list[ColumnElement[bool]] = [WARNING.c.mode == mode]
    if status is not None:
        where.append(WARNING.c.status == status)
    if jurisdiction is not None:
        where.append(WARNING.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    return await paging.page(
        db,
        select(cast(WARNING.c.doc, Text)).where(*where),
        request,
        order_by=[WARNING.c.drafted_at.desc(), WARNING.c.id.desc()],
        view=_view,
    )


async def warnings_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, WarningView]:
    """Return the warnings that exist, by id."""
    found = await documents.find(db, WARNING, Warning, WARNING.c.id.in_(keys))
    return {one.id: warning_view(one) for one in found}


async def active_warnings_by_jurisdiction(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[WarningView]]:
    """Return the warnings in force that were announced in, above or within each division."""
    is_active = WARNING.c.status == WarningStatus.ACTIVE
    active = await documents.find(
        db,
        WARNING,
        Warning,
        WARNING.c.mode == mode_of(args),
        is_active,
        order_by=WARNING.c.drafted_at,
    )
    return {
        key: [
            warning_view(one)
            for one in active
            if is_within(key, one.jurisdiction) or is_within(one.jurisdiction, key)
        ]
        for key in keys
    }


async def warnings_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[WarningView]]:
    """Return the warnings that led to the activations of each incident, or came of their signals."""
    led = await causes_by_incident(db, keys, "WARNING")
    signals = await causes_by_incident(db, keys, "SIGNAL")
    ids = {id for found in led.values() for id in found}
    signal_ids = {id for found in signals.values() for id in found}
    found = await documents.find(
        db, WARNING, Warning, WARNING.c.id.in_(ids) | WARNING.c.signal_id.in_(signal_ids)
    )
    return {
        key: [
            warning_view(one)
            for one in found
            if one.id in led[key] or one.signal_id in signals[key]
        ]
        for key in keys
    }


async def warning_cap(db: AsyncConnection, id: str) -> bytes:
    """Return the latest CAP 1.2 message about the warning. Raises NotFound."""
    one = await documents.load(db, WARNING, id, Warning)
    earlier = await documents.find(db, WARNING, Warning, WARNING.c.id.in_(one.supersedes))
    at = one.issued_at or one.drafted_at
    return cap.write(
        announcement.as_alert(
            announcement.of_warning(one, earlier),
            colours=rule.in_force(store.colour_rules(), at),
            types=rule.in_force(store.emergency_type_rules(), at),
        )
    )


def _view(row: Row[Any]) -> WarningView:
    return warning_view(document(row[0], Warning))
