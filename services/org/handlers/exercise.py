"""What is heard of exercises: who takes part, and the facts of their scripts."""

from typing import TypeAlias

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.plans import v1 as plans
from contracts.vocabulary import v1 as shared
from services.org import commands, domain
from vocabulary import Mode, Place

Known: TypeAlias = (
    plans.ExercisePlanned
    | plans.ExerciseStarted
    | plans.ExerciseCompleted
    | plans.ExerciseCancelled
)
_SCRIPT = "script"  # the source of what an exercise's script says


async def on_exercise_told(uow: UnitOfWork, event: Incoming[Known]) -> None:
    """The exercise stands as said."""
    await commands.hear_exercise(uow, _exercise(event.body.exercise))


async def on_exercise_injected(uow: UnitOfWork, event: Incoming[plans.ExerciseInjected]) -> None:
    """The fact acts as if it had come; what is read out, and every fact's text, stands in the log."""
    exercise, inject = _exercise(event.body.exercise), event.body.inject
    if inject.text_zh is not None:
        await commands.inject_note(uow, exercise, _note(uow, exercise, inject))
    if inject.incident is not None:
        draft = _incident(uow, inject, inject.incident)
        await commands.inject_incident(uow, exercise, inject.key, draft=draft)
    if inject.figures is not None:
        facts = _facts(uow, inject, inject.figures.figures)
        await commands.inject_figures(uow, exercise, inject.figures.incident, facts=facts)
    if inject.report is not None:
        told = _report(uow, exercise, inject, inject.report)
        await commands.inject_report(uow, exercise, draft=told)


def _exercise(said: plans.Exercise) -> domain.Exercise:
    return domain.Exercise(
        id=said.id,
        state=said.state,
        title_zh=said.title_zh,
        title_en=said.title_en,
        jurisdiction=said.jurisdiction,
        participants=frozenset(said.participants),
    )


def _incident(uow: UnitOfWork, inject: plans.Inject, said: plans.IncidentInject) -> domain.Incident:
    return domain.Incident(
        id="",
        number="",
        mode=Mode.EXERCISE,
        title=said.title,
        emergency_type=said.emergency_type,
        place=Place(said.place.longitude, said.place.latitude),
        jurisdiction=said.jurisdiction,
        facts=_facts(uow, inject, said.figures),
        declared_at=uow.now,
        declared_by=_SCRIPT,
        updated_at=uow.now,
    )


def _facts(
    uow: UnitOfWork, inject: plans.Inject, said: tuple[shared.Figure, ...]
) -> tuple[domain.Fact, ...]:
    return tuple(
        domain.Fact(
            id=commands.injected_id("fig", inject.id, one.metric),
            metric=one.metric,
            value=one.value,
            unit=one.unit or "1",
            source=_SCRIPT,
            observed_at=min(inject.due_at, uow.now),
            recorded_at=uow.now,
            recorded_by=_SCRIPT,
            correction_reason=_SCRIPT,  # a script may take back what it said
        )
        for one in said
    )


def _report(
    uow: UnitOfWork, exercise: domain.Exercise, inject: plans.Inject, said: plans.ReportInject
) -> domain.Report:
    return domain.Report(
        id=commands.injected_id("rep", exercise.id, inject.key),
        source=_SCRIPT,
        emergency_type=said.emergency_type,
        place=Place(said.place.longitude, said.place.latitude) if said.place else None,
        jurisdiction=said.jurisdiction,
        text=said.text,
        observed_at=min(inject.due_at, uow.now),
        received_at=uow.now,
        mode=Mode.EXERCISE,
    )


def _note(uow: UnitOfWork, exercise: domain.Exercise, inject: plans.Inject) -> domain.LogEntry:
    return domain.LogEntry(
        id=commands.injected_id("log", exercise.id, inject.key),
        at=min(inject.due_at, uow.now),
        recorded_at=uow.now,
        kind=domain.LogKind.NOTE,
        text=inject.text_zh or "",
        text_en=inject.text_en,
        by=_SCRIPT,
        jurisdiction=exercise.jurisdiction,
        mode=Mode.EXERCISE,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="plans",
        aggregate="exercise",
        on={
            "planned.v1": (plans.ExercisePlanned, on_exercise_told),
            "started.v1": (plans.ExerciseStarted, on_exercise_told),
            "injected.v1": (plans.ExerciseInjected, on_exercise_injected),
            "completed.v1": (plans.ExerciseCompleted, on_exercise_told),
            "cancelled.v1": (plans.ExerciseCancelled, on_exercise_told),
        },
    ),
)
