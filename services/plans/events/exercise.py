"""What is said of exercises, all of it on their own root."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from chassis.messages import Message, Published
from contracts.plans import v1 as contract
from contracts.vocabulary import v1 as shared
from services.plans.domain import (
    Exercise,
    ExerciseCancelled,
    ExerciseCompleted,
    ExerciseEvent,
    ExerciseInjected,
    ExercisePlanned,
    ExerciseStarted,
    Inject,
    Stated,
    Text,
)
from vocabulary import INDICATORS, Mode, Place

PUBLISHED = (
    Published(
        aggregate="exercise",
        event="planned",
        body=contract.ExercisePlanned,
        meaning="A plan version will be exercised, in that period, by those who take part.",
    ),
    Published(
        aggregate="exercise",
        event="started",
        body=contract.ExerciseStarted,
        meaning="Its script runs from now on.",
    ),
    Published(
        aggregate="exercise",
        event="injected",
        body=contract.ExerciseInjected,
        meaning="A fact of the script has come: act on it as if it were real, in the exercise.",
    ),
    Published(
        aggregate="exercise",
        event="completed",
        body=contract.ExerciseCompleted,
        meaning="It was played to its end; nothing of it stands any more.",
    ),
    Published(
        aggregate="exercise",
        event="cancelled",
        body=contract.ExerciseCancelled,
        meaning="It will not be played, or not any further; nothing of it stands any more.",
    ),
)


def exercise_message(event: ExerciseEvent | ExerciseInjected) -> Message:
    """The event as it is told, with the whole exercise."""
    name, body = _named(event)
    return Message(
        aggregate="exercise",
        event=name,
        id=event.exercise.id,
        area=event.exercise.jurisdiction,
        mode=Mode.EXERCISE,
        body=body,
    )


def _named(event: ExerciseEvent | ExerciseInjected) -> tuple[str, msgspec.Struct]:
    told = _exercise(event.exercise)
    match event:
        case ExercisePlanned():
            return "planned", contract.ExercisePlanned(exercise=told)
        case ExerciseStarted():
            return "started", contract.ExerciseStarted(exercise=told)
        case ExerciseInjected(inject=inject):
            return "injected", contract.ExerciseInjected(exercise=told, inject=_inject(inject))
        case ExerciseCompleted():
            return "completed", contract.ExerciseCompleted(exercise=told)
        case ExerciseCancelled():
            return "cancelled", contract.ExerciseCancelled(exercise=told)
        case _:
            assert_never(event)


def _exercise(one: Exercise) -> contract.Exercise:
    return contract.Exercise(
        id=one.id,
        type=one.type,
        state=one.state,
        title_zh=one.title_zh,
        title_en=one.title_en,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        jurisdiction=one.jurisdiction,
        organization_id=one.organization_id,
        participants=one.participants,
        planned_from=one.planned_from,
        planned_to=one.planned_to,
        started_at=one.started_at,
        ended_at=one.ended_at,
        reason=one.reason,
        imported=one.provenance is not None,
    )


def _inject(one: Inject) -> contract.Inject:
    assert one.due_at is not None  # only a delivered inject is told
    text = one.text or Text("", "")
    return contract.Inject(
        id=one.id,
        key=one.key,
        due_at=one.due_at,
        text_zh=text.zh or None,
        text_en=text.en or None,
        signal=_signal(one),
        incident=_incident(one),
        figures=contract.FiguresInject(
            incident=one.figures.incident, figures=_figures(one.figures.figures)
        )
        if one.figures
        else None,
        report=_report(one),
        indicator=contract.IndicatorInject(
            indicator=one.indicator.indicator,
            jurisdiction=one.indicator.jurisdiction,
            value=one.indicator.value,
        )
        if one.indicator
        else None,
    )


def _signal(one: Inject) -> contract.SignalInject | None:
    part = one.signal
    if part is None:
        return None
    return contract.SignalInject(
        emergency_type=part.emergency_type,
        colour=part.colour,
        areas=part.areas,
        headline_zh=part.headline.zh if part.headline else None,
        headline_en=part.headline.en if part.headline else None,
        valid_minutes=part.valid_minutes,
        replaces=part.replaces,
    )


def _incident(one: Inject) -> contract.IncidentInject | None:
    part = one.incident
    if part is None:
        return None
    return contract.IncidentInject(
        title=part.title,
        emergency_type=part.emergency_type,
        jurisdiction=part.jurisdiction,
        place=_place(part.place),
        figures=_figures(part.figures),
    )


def _report(one: Inject) -> contract.ReportInject | None:
    part = one.report
    if part is None:
        return None
    return contract.ReportInject(
        text=part.text,
        emergency_type=part.emergency_type,
        jurisdiction=part.jurisdiction,
        place=_place(part.place) if part.place else None,
    )


def _figures(stated: Sequence[Stated]) -> tuple[shared.Figure, ...]:
    return tuple(
        shared.Figure(metric=one.metric, value=one.value, unit=INDICATORS[one.metric].unit)
        for one in stated
    )


def _place(place: Place) -> shared.Place:
    return shared.Place(longitude=place.longitude, latitude=place.latitude)
