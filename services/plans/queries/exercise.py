"""Exercises as readers see them: lists, their scripts as far as they have come, and their scores."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, narrowed, page
from services.plans import domain, store
from services.plans.queries.activation import PlaceView
from services.plans.queries.views import TextView, View, shaped
from vocabulary import Mode, ResponseLevel, WarningColour


class ObjectiveView(View, frozen=True):
    """What the exercise is to show."""

    id: str
    text: TextView


class ProvenanceView(View, frozen=True):
    """Where a record that was brought here was made."""

    deployment: str
    exported_at: datetime
    digest: str
    imported_at: datetime
    imported_by: str


class ExerciseView(View, frozen=True):
    """One exercise of one plan version."""

    id: str
    version: int
    mode: Mode
    type: domain.ExerciseType
    state: domain.ExerciseState
    title_zh: str
    title_en: str
    plan_id: str
    plan_version: str
    version_id: str
    jurisdiction: str
    organization_id: str
    participants: tuple[str, ...]
    planned_from: datetime
    planned_to: datetime
    objectives: tuple[ObjectiveView, ...]
    started_at: datetime | None
    ended_at: datetime | None
    drilled_at: datetime | None
    decided_by: str | None
    reason: str | None
    provenance: ProvenanceView | None


class StatedView(View, frozen=True):
    """A figure of the script; null is unknown."""

    metric: str
    value: float | None


class SignalPartView(View, frozen=True):
    """A signal of the script."""

    emergency_type: str
    colour: WarningColour
    areas: tuple[str, ...]
    headline: TextView | None
    valid_minutes: int | None
    replaces: tuple[str, ...]


class IncidentPartView(View, frozen=True):
    """An incident of the script."""

    title: str
    emergency_type: str
    jurisdiction: str
    place: PlaceView
    figures: tuple[StatedView, ...]


class FiguresPartView(View, frozen=True):
    """Further figures of an incident of the script."""

    incident: str
    figures: tuple[StatedView, ...]


class ReportPartView(View, frozen=True):
    """An intake report of the script."""

    text: str
    jurisdiction: str
    emergency_type: str | None
    place: PlaceView | None


class IndicatorPartView(View, frozen=True):
    """An indicator's value of the script."""

    indicator: str
    jurisdiction: str
    value: float | None


class InjectView(View, frozen=True):
    """A fact of the script; one that has not come is seen by who runs the exercise alone."""

    id: str
    exercise_id: str
    key: str
    kind: domain.InjectKind
    offset_minutes: int
    text: TextView | None
    signal: SignalPartView | None
    incident: IncidentPartView | None
    figures: FiguresPartView | None
    report: ReportPartView | None
    indicator: IndicatorPartView | None
    due_at: datetime | None
    delivered_at: datetime | None


class StepScoreView(View, frozen=True):
    """How one step went, in minutes from being owed."""

    plan_id: str
    plan_version: str
    step: str
    title_zh: str
    title_en: str
    level: ResponseLevel | None
    organization_id: str | None
    outcome: domain.StepOutcome
    allowed_minutes: float | None
    minutes: float | None
    acknowledged_minutes: float | None
    note: str | None


class MeasureScoreView(View, frozen=True):
    """Whether a measure was ordered, and who carried it out."""

    code: str
    text_zh: str
    text_en: str
    ordered_at: datetime | None
    carried_out_at: datetime | None
    addressees: tuple[str, ...]
    done_by: tuple[str, ...]


class HandOffScoreView(View, frozen=True):
    """In what time what one owed another was answered."""

    kind: str
    owed_by: str
    owed_to: str | None
    outcome: domain.StepOutcome
    allowed_minutes: float
    minutes: float | None
    confirmed_minutes: float | None


class OutcomeCountView(View, frozen=True):
    """How many steps went so."""

    outcome: domain.StepOutcome
    count: int


class ScoreView(View, frozen=True):
    """The figures of an exercise; rates are 0-1, null where nothing counts."""

    exercise_id: str
    as_of: datetime
    steps: tuple[StepScoreView, ...]
    measures: tuple[MeasureScoreView, ...]
    hand_offs: tuple[HandOffScoreView, ...]
    outcomes: tuple[OutcomeCountView, ...]
    steps_on_time_rate: float | None
    measures_ordered: int
    measures_carried_out: int
    hand_offs_on_time_rate: float | None
    injects: int
    injects_delivered: int


def exercise_view(one: domain.Exercise) -> ExerciseView:
    """The exercise as readers see it."""
    return shaped(one, ExerciseView)


async def exercise(db: AsyncConnection, id: str) -> ExerciseView:
    """The exercise. Raises `exercise-not-found`."""
    return exercise_view(await documents.load(db, store.exercise, id, domain.Exercise))


async def exercises(
    db: AsyncConnection,
    request: PageRequest,
    *,
    plan_id: str | None = None,
    jurisdiction: str | None = None,
    state: domain.ExerciseState | None = None,
) -> Page[ExerciseView]:
    """Exercises, the latest planned first, of one plan, division and state if named."""
    table = store.exercise
    statement = select(cast(table.c.doc, Text))
    statement = narrowed(
        statement,
        (table.c.plan_id, plan_id),
        (table.c.jurisdiction, jurisdiction),
        (table.c.state, state),
    )
    order = [table.c.planned_from.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=_exercise_row)


async def exercises_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, ExerciseView]:
    """Each exercise under its id."""
    table = store.exercise
    found = await documents.find(db, table, domain.Exercise, table.c.id.in_(keys))
    return {one.id: exercise_view(one) for one in found}


async def injects_by_exercise(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[InjectView]]:
    """Under each exercise the facts of its script that the reader may see, in their order."""
    table = store.inject
    order = [table.c.offset_minutes, table.c.id]
    where = table.c.exercise_id.in_(keys)
    found = await documents.find(db, table, domain.Inject, where, order_by=order)
    return {
        key: [shaped(one, InjectView) for one in found if one.exercise_id == key] for key in keys
    }


async def scores_by_exercise(
    db: AsyncConnection, keys: Sequence[str], *, now: datetime
) -> dict[str, ScoreView]:
    """Under each exercise its score as far as the reader may see its records, as of now while it runs."""
    table = store.exercise
    found = await documents.find(db, table, domain.Exercise, table.c.id.in_(keys))
    return {one.id: score_view(domain.score(await played(db, one), now)) for one in found}


def score_view(one: domain.Score) -> ScoreView:
    """The score as readers see it."""
    return ScoreView(
        exercise_id=one.exercise_id,
        as_of=one.as_of,
        steps=tuple(shaped(each, StepScoreView) for each in one.steps),
        measures=tuple(shaped(each, MeasureScoreView) for each in one.measures),
        hand_offs=tuple(shaped(each, HandOffScoreView) for each in one.hand_offs),
        outcomes=tuple(
            OutcomeCountView(outcome=outcome, count=one.steps_by_outcome[outcome])
            for outcome in domain.StepOutcome
            if outcome in one.steps_by_outcome
        ),
        steps_on_time_rate=one.steps_on_time_rate,
        measures_ordered=one.measures_ordered,
        measures_carried_out=one.measures_carried_out,
        hand_offs_on_time_rate=one.hand_offs_on_time_rate,
        injects=one.injects,
        injects_delivered=one.injects_delivered,
    )


async def played(db: AsyncConnection, exercise: domain.Exercise) -> domain.Played:
    """Everything that is kept of the exercise, as far as the reader may see it."""
    return domain.Played(
        exercise=exercise,
        plan=await store.read_plan(db, exercise.version_id),
        injects=tuple(await store.injects_of(db, exercise.id)),
        steps=tuple(await store.steps_played(db, exercise.id)),
        measures=tuple(await store.measures_played(db, exercise.id)),
        hand_offs=tuple(await store.hand_offs_played(db, exercise.id)),
    )


async def exercise_record(db: AsyncConnection, id: str, *, deployment: str, now: datetime) -> bytes:
    """The record of the exercise as a file, as far as the reader may see it.

    Raises `exercise-not-found` and `ExerciseStateWrong`.
    """
    exercise = await documents.load(db, store.exercise, id, domain.Exercise)
    decided = tuple(await store.activations_played(db, id))
    return domain.export_record(await played(db, exercise), decided, deployment=deployment, now=now)


def _exercise_row(row: Sequence[str]) -> ExerciseView:
    return exercise_view(msgspec.json.decode(row[0], type=domain.Exercise))
