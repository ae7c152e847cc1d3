"""Consultations as readers see them: who was asked, what was said, what became of it."""

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


class ConsultedView(View, frozen=True):
    """An organization that was asked; `opinion` null: it has not answered."""

    organization_id: str
    answer_before: datetime
    opinion: domain.Opinion | None
    note: str | None
    answered_at: datetime | None
    by: str | None


class CommentView(View, frozen=True):
    """What somebody said about one place of the plan; `resolution` null: it is unresolved."""

    id: str
    organization_id: str | None
    place: str
    text: str
    at: datetime
    by: str
    resolution: domain.Resolution | None
    answer: str | None
    resolved_at: datetime | None
    resolved_by: str | None


class ConsultationView(View, frozen=True):
    """One round of asking organizations about a version in review."""

    id: str
    version: int
    version_id: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    consulted: tuple[ConsultedView, ...]
    comments: tuple[CommentView, ...]


def consultation_view(one: domain.Consultation) -> ConsultationView:
    """The consultation as readers see it."""
    return shaped(one, ConsultationView)


async def consultations(
    db: AsyncConnection,
    request: PageRequest,
    *,
    organization: str | None = None,
    is_open: bool | None = None,
) -> Page[ConsultationView]:
    """Consultations, newest first; of those in which the organization was asked if it is named."""
    table = store.consultation
    statement = select(cast(table.c.doc, Text))
    if organization is not None:
        statement = statement.where(table.c.asked.contains([organization]))
    if is_open is not None:
        closed = table.c.closed_at
        statement = statement.where(closed.is_(None) if is_open else closed.is_not(None))
    order = [table.c.opened_at.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=_row)


async def consultations_by_version(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[ConsultationView]]:
    """Under each version id its rounds, the first one first."""
    table = store.consultation
    found = await documents.find(
        db,
        table,
        domain.Consultation,
        table.c.version_id.in_(keys),
        order_by=[table.c.opened_at, table.c.id],
    )
    return {key: [consultation_view(one) for one in found if one.version_id == key] for key in keys}


def _row(row: Sequence[str]) -> ConsultationView:
    return consultation_view(msgspec.json.decode(row[0], type=domain.Consultation))
