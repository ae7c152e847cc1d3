"""How steps went, as readers see it: records, and their figures version by version."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.paging import Page, PageRequest, narrowed, page
from services.plans import domain, store
from services.plans.queries.views import View
from vocabulary import Mode, ResponseLevel


class StepRecordView(View, frozen=True):
    """One step asked for once; `outcome` as of now, minutes from being owed."""

    id: str
    plan_id: str
    plan_version: str
    step: str
    level: ResponseLevel | None
    jurisdiction: str
    mode: Mode
    activation_id: str | None
    exercise_id: str | None
    organization_id: str | None
    owed_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    done_at: datetime | None
    outcome: domain.StepOutcome
    minutes: float | None
    allowed_minutes: float
    system_was_up: bool | None
    source: domain.Source
    note: str | None


async def step_records(
    db: AsyncConnection,
    request: PageRequest,
    *,
    now: datetime,
    plan_id: str | None = None,
    step: str | None = None,
    activation_id: str | None = None,
    exercise_id: str | None = None,
    mode: Mode = Mode.REAL,
) -> Page[StepRecordView]:
    """Records of the mode, the latest owed first; those of an exercise if it is named."""
    table = store.step_record
    statement = select(cast(table.c.doc, Text))
    statement = narrowed(
        statement,
        (table.c.exercise_id, exercise_id),
        (table.c.mode, mode if exercise_id is None else None),
        (table.c.plan_id, plan_id),
        (table.c.step, step),
        (table.c.activation_id, activation_id),
    )

    def view(row: Sequence[str]) -> StepRecordView:
        return step_record_view(msgspec.json.decode(row[0], type=domain.StepRecord), now)

    order = [table.c.owed_at.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=view)


def step_record_view(one: domain.StepRecord, now: datetime) -> StepRecordView:
    """The record as readers see it."""
    return StepRecordView(
        id=one.id,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        step=one.step,
        level=one.level,
        jurisdiction=one.jurisdiction,
        mode=one.mode,
        activation_id=one.activation_id,
        exercise_id=one.exercise_id,
        organization_id=one.organization_id,
        owed_at=one.owed_at,
        due_at=one.due_at,
        acknowledged_at=one.acknowledged_at,
        done_at=one.done_at,
        outcome=one.outcome(now),
        minutes=one.minutes,
        allowed_minutes=one.allowed_minutes,
        system_was_up=one.system_was_up,
        source=one.source,
        note=one.note,
    )
