"""Reads of rumours."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.rumour import Rumour
from services.guarantee.queries.views import document, prefix_of
from services.guarantee.store.tables import RUMOUR


class RumourView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is claimed, what was found, and what answered it after how many minutes."""

    id: str
    version: int
    claim: str
    seen_where: str
    seen_at: datetime
    jurisdiction: str
    incident_id: str | None
    mode: str
    status: str
    noted_at: datetime
    finding: str | None
    decided_at: datetime | None
    answered_by: str | None
    answered_at: datetime | None
    minutes_to_answer: float | None


def rumour_view(one: Rumour) -> RumourView:
    """Show a rumour."""
    took = one.answered_at - one.noted_at if one.answered_at else None
    return RumourView(
        id=one.id,
        version=one.version,
        claim=one.claim,
        seen_where=one.seen_where,
        seen_at=one.seen_at,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        mode=one.mode,
        status=one.status,
        noted_at=one.noted_at,
        finding=one.finding,
        decided_at=one.decided_at,
        answered_by=one.answered_by,
        answered_at=one.answered_at,
        minutes_to_answer=None if took is None else took.total_seconds() / 60,
    )


async def rumour(db: AsyncConnection, id: str) -> RumourView:
    """Return one rumour. Raises NotFound."""
    return rumour_view(await documents.load(db, RUMOUR, id, Rumour))


async def rumours(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    jurisdiction: str | None,
) -> Page[RumourView]:
    """Return a page of rumours, newest first; `jurisdiction` includes what lies in it."""
    where: list[ColumnElement[bool]] = [RUMOUR.c.mode == mode]
    if status is not None:
        where.append(RUMOUR.c.status == status)
    if jurisdiction is not None:
        where.append(RUMOUR.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    return await paging.page(
        db,
        select(cast(RUMOUR.c.doc, Text)).where(*where),
        request,
        order_by=[RUMOUR.c.noted_at.desc(), RUMOUR.c.id.desc()],
        view=_view,
    )


async def rumours_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, RumourView]:
    """Return the rumours that exist, by id."""
    found = await documents.find(db, RUMOUR, Rumour, RUMOUR.c.id.in_(keys))
    return {one.id: rumour_view(one) for one in found}


def _view(row: Row[Any]) -> RumourView:
    return rumour_view(document(row[0], Rumour))
