"""Plan versions as readers see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, page
from services.plans import domain, store
from services.plans.queries.views import TextView, View, shaped
from vocabulary import ResponseLevel, area

_UNANSWERED = "$.triggers[*] ? (@.answered_at == null)"


class Reach(StrEnum):
    """Which plans a division's list holds: its own, also those of divisions below, or above."""

    HERE = "HERE"
    BELOW = "BELOW"
    ABOVE = "ABOVE"


class TransitionView(View, frozen=True):
    """One change of status, with who, when and why."""

    action: domain.PlanAction
    from_status: domain.PlanStatus
    to_status: domain.PlanStatus
    at: datetime
    by: str
    reason: str | None


class FilingView(View, frozen=True):
    """With whom the version is on file, under which number and since when."""

    organization: str
    number: str
    at: datetime


class DrillView(View, frozen=True):
    """A drill of the plan; `exercise_id` null: held elsewhere."""

    at: datetime
    organization_id: str
    note: str
    recorded_at: datetime
    by: str
    exercise_id: str | None


class ReviewView(View, frozen=True):
    """A review of the plan; `is_fit` false: it needs a revision."""

    at: datetime
    organization_id: str
    note: str
    recorded_at: datetime
    by: str
    is_fit: bool


class RevisionTriggerView(View, frozen=True):
    """What asks for a revision; `answered_at` null: nobody has acted on it."""

    ground: domain.RevisionGround
    cause: str
    note: str
    at: datetime
    by: str
    answered_at: datetime | None


class PlanLevelView(View, frozen=True):
    """How one level of a plan starts."""

    level: ResponseLevel
    start: domain.Start
    hold_down_minutes: int
    sign_within_minutes: int


class PlanVersionView(View, frozen=True):
    """One version of a plan, without its text."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    title_zh: str
    title_en: str
    kind: domain.PlanKind
    jurisdiction: str
    organization_id: str
    emergency_types: tuple[str, ...]
    effective_from: datetime
    effective_to: datetime | None
    source: str
    status: domain.PlanStatus
    published_at: datetime | None
    retired_at: datetime | None
    superseded_by: str | None
    superiors: tuple[str, ...]
    legal_basis: tuple[str, ...]
    risks: tuple[TextView, ...]
    levels: tuple[PlanLevelView, ...]
    history: tuple[TransitionView, ...]
    filing: FilingView | None
    drills: tuple[DrillView, ...]
    reviews: tuple[ReviewView, ...]
    triggers: tuple[RevisionTriggerView, ...]


class PlanFileView(View, frozen=True):
    """One version of a plan as its writers wrote it."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    status: domain.PlanStatus
    text: str


def plan_view(plan: domain.Plan) -> PlanVersionView:
    """The version as readers see it."""
    return shaped(plan, PlanVersionView)


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which versions are asked for; what is None or empty is not asked.

    `emergency_type` finds plans for it and for what lies under or above it in the taxonomy, `text`
    what stands in their files, `needs_revision` those that something unanswered asks to revise.
    """

    plan_id: str | None = None
    jurisdiction: str | None = None
    reach: Reach = Reach.HERE
    kind: domain.PlanKind | None = None
    emergency_type: str | None = None
    status: tuple[domain.PlanStatus, ...] = ()
    text: str | None = None
    needs_revision: bool | None = None


async def plan_versions(
    db: AsyncConnection, request: PageRequest, asked: PlanFilter
) -> Page[PlanVersionView]:
    """The municipal plan database: versions by plan, the earliest effective first."""
    table = store.plan
    statement = select(cast(table.c.doc, Text)).where(*_conditions(asked))
    order = [table.c.plan_id, table.c.effective_from, table.c.id]
    return await page(db, statement, request, order_by=order, view=_plan_row)


async def plan_file(db: AsyncConnection, plan_id: str, plan_version: str) -> PlanFileView:
    """The version with its text, for export. Raises `plan-not-found`."""
    id = domain.version_id(plan_id, plan_version)
    return shaped(await documents.load(db, store.plan, id, domain.Plan), PlanFileView)


async def plan_versions_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, PlanVersionView]:
    """Each version under its id, `<plan>@<version>`."""
    found = await documents.find(db, store.plan, domain.Plan, store.plan.c.id.in_(keys))
    return {plan.id: plan_view(plan) for plan in found}


def _plan_row(row: Sequence[str]) -> PlanVersionView:
    return plan_view(msgspec.json.decode(row[0], type=domain.Plan))


def _conditions(asked: PlanFilter) -> Iterator[ColumnElement[bool]]:
    table = store.plan
    if asked.plan_id is not None:
        yield table.c.plan_id == asked.plan_id
    if asked.jurisdiction is not None:
        yield _within_reach(asked.jurisdiction, asked.reach)
    if asked.kind is not None:
        yield table.c.doc["kind"].astext == asked.kind
    if asked.emergency_type is not None:
        yield _concerns(asked.emergency_type)
    if asked.status:
        yield table.c.status.in_(asked.status)
    if asked.text is not None:
        yield table.c.doc["text"].astext.icontains(asked.text, autoescape=True)
    if asked.needs_revision is not None:
        needs = func.jsonb_path_exists(table.c.doc, cast(_UNANSWERED, JSONPATH))
        yield needs if asked.needs_revision else ~needs


def _within_reach(jurisdiction: str, reach: Reach) -> ColumnElement[bool]:
    here = store.plan.c.jurisdiction
    match reach:
        case Reach.HERE:
            return here == jurisdiction
        case Reach.BELOW:
            return here.startswith(area.prefix(jurisdiction), autoescape=True)
        case Reach.ABOVE:
            return here.in_([jurisdiction, *area.chain(jurisdiction)])


def _concerns(emergency_type: str) -> ColumnElement[bool]:
    """Plans name prefixes of types: theirs begins the type asked for, or the other way round."""
    named = func.jsonb_array_elements_text(store.plan.c.doc["emergency_types"]).table_valued(
        "value"
    )
    under = func.starts_with(named.c.value, emergency_type)
    above = func.starts_with(emergency_type, named.c.value)
    return exists(select(1).select_from(named).where(or_(under, above)))
