"""Our copies of incidents, for readers while org is away; `asOf` says how old they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans import domain, store
from services.plans.queries.activation import PlaceView
from services.plans.queries.evaluation import FigureView
from services.plans.queries.views import View, shaped
from vocabulary import Grade, Mode


class IncidentCopyView(View, frozen=True):
    """An incident as org said it at `as_of`."""

    id: str
    number: str
    title: str
    mode: Mode
    exercise_id: str | None
    emergency_type: str
    status: str
    grade: Grade | None
    grade_rule: str | None
    jurisdiction: str
    place: PlaceView | None
    figures: tuple[FigureView, ...]
    occurred_at: datetime | None
    declared_at: datetime
    closed_at: datetime | None
    as_of: datetime


async def incident_copies(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, IncidentCopyView]:
    """Each copy under its id; one that has not come here is not among them."""
    table = store.incident
    found = await documents.find(db, table, domain.Incident, table.c.id.in_(keys))
    return {one.id: shaped(one, IncidentCopyView) for one in found}
