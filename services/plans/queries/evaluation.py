"""Evaluation records as readers see them, and what plans would say to supposed facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, narrowed, page
from services.plans import domain, store
from services.plans.queries.views import View, shaped
from vocabulary import Mode, ResponseLevel

MOST = 100  # records of one activation in a batch; the list goes on in pages


class FigureView(View, frozen=True):
    """A value with what is needed to trust it."""

    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    recorded_at: datetime


class CauseView(View, frozen=True):
    """What a decision was made upon."""

    kind: domain.CauseKind
    id: str


class ConditionView(View, frozen=True):
    """One condition with what it saw; `met` null: undetermined, for want of `missing`."""

    level: ResponseLevel | None
    text: str
    met: bool | None
    values: tuple[FigureView, ...]
    missing: tuple[str, ...]
    holds_since: datetime | None
    note_zh: str | None
    note_en: str | None


class LevelView(View, frozen=True):
    """Whether a level's conditions are met; null is undetermined."""

    level: ResponseLevel
    met: bool | None


class FindingsView(View, frozen=True):
    """What a plan said to facts."""

    given: ResponseLevel | None
    possible: ResponseLevel | None
    levels: tuple[LevelView, ...]
    conditions: tuple[ConditionView, ...]
    termination: bool | None
    as_of: datetime
    look_again_at: datetime | None


class EvaluationView(View, frozen=True):
    """A kept record: inputs, rule version, conditions and outcome, as known then."""

    id: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    emergency_type: str
    mode: Mode
    exercise_id: str | None
    at: datetime
    cause: CauseView
    inputs: tuple[FigureView, ...]
    findings: FindingsView
    outcomes: tuple[domain.Outcome, ...]
    activation_id: str | None
    decided_by: str | None


class SupposedView(View, frozen=True):
    """What one plan would say to supposed facts."""

    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    level: ResponseLevel | None
    possible_level: ResponseLevel | None
    starts: domain.Start | None
    conditions: tuple[ConditionView, ...]
    as_of: datetime


async def evaluation(db: AsyncConnection, id: str) -> EvaluationView:
    """The record. Raises `evaluation-not-found`."""
    found = await documents.load(db, store.evaluation, id, domain.Evaluation)
    return shaped(found, EvaluationView)


async def evaluations(
    db: AsyncConnection,
    request: PageRequest,
    *,
    plan_id: str | None = None,
    activation_id: str | None = None,
    mode: Mode = Mode.REAL,
) -> Page[EvaluationView]:
    """Records of the mode, newest first, of one plan or activation if named."""
    table = store.evaluation
    statement = select(cast(table.c.doc, Text)).where(table.c.mode == mode)
    statement = narrowed(
        statement, (table.c.plan_id, plan_id), (table.c.activation_id, activation_id)
    )
    return await page(
        db, statement, request, order_by=[table.c.ordinal.desc()], view=_evaluation_row
    )


async def evaluations_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[EvaluationView]]:
    """Under each activation the records that led to it or changed it, newest first, 100 at most."""
    table = store.evaluation
    newest = func.row_number().over(
        partition_by=table.c.activation_id, order_by=table.c.ordinal.desc()
    )
    ranked = select(table.c.id, newest.label("rank")).where(table.c.activation_id.in_(keys))
    first = ranked.subquery()
    found = await documents.find(
        db,
        table,
        domain.Evaluation,
        table.c.id.in_(select(first.c.id).where(first.c.rank <= MOST)),
        order_by=table.c.ordinal.desc(),
    )
    views = [(one.activation_id, shaped(one, EvaluationView)) for one in found]
    return {key: [view for id, view in views if id == key] for key in keys}


async def explain(
    db: AsyncConnection,
    *,
    jurisdiction: str,
    emergency_type: str,
    facts: Sequence[domain.StatedFact],
    at: datetime,
) -> list[SupposedView]:
    """What each plan in force at `at` would say to these facts, held long enough; nothing changes.

    Raises `indicator-unknown` and `unit-mismatch`.
    """
    published = await store.once_published_plans(db)
    world = domain.World(jurisdictions=tuple(await store.all_jurisdictions(db)))
    return [
        _supposed(plan, facts, world=world, at=at)
        for plan in domain.in_force(published, at)
        if domain.concerns(plan, emergency_type=emergency_type, areas=[jurisdiction])
    ]


def _supposed(
    plan: domain.Plan, facts: Sequence[domain.StatedFact], *, world: domain.World, at: datetime
) -> SupposedView:
    supposed = domain.suppose(plan, facts, world=world, now=at)
    held = domain.held_long_enough(plan, at - timedelta(days=366))  # longer than any sustained-for
    findings = domain.evaluate(plan, supposed, previous=held, now=at)
    return SupposedView(
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        plan_title_zh=plan.title_zh,
        plan_title_en=plan.title_en,
        level=findings.given,
        possible_level=findings.possible,
        starts=plan.at(findings.given).start if findings.given else None,
        conditions=tuple(shaped(one, ConditionView) for one in findings.conditions),
        as_of=at,
    )


def _evaluation_row(row: Sequence[str]) -> EvaluationView:
    return shaped(msgspec.json.decode(row[0], type=domain.Evaluation), EvaluationView)
