"""Facts of an incident: kept side by side, weighed and graded, a jump confirmed by two."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime

from chassis.errors import missing
from services.org.domain import figure, grading
from services.org.domain.figure import Fact, FactState
from services.org.domain.incident.state import (
    FactEvent,
    FigureNotUnconfirmed,
    Incident,
    IncidentFactsRecorded,
    IncidentRegraded,
    Weighing,
    expect_open,
)
from vocabulary import Grade

JUMP = 2  # grades at once that a second person must confirm, users.md §7 no. 3


def record_facts(
    incident: Incident, facts: Sequence[Fact], *, weighing: Weighing, now: datetime
) -> tuple[Incident, tuple[FactEvent, ...]]:
    """Add the facts beside those of other sources and grade anew.

    A fact that would raise the grade by two at once is kept unconfirmed and counts for nothing
    until `confirm_figure`. Raises IncidentStatusWrong when it has ended, ObservedInFuture,
    FigureUnitWrong and FigureDecreased; then nothing is recorded.
    """
    expect_open(incident)
    check_times(facts, now)
    recorded = dataclasses.replace(weigh(incident, facts, weighing), updated_at=now)
    return recorded, _fact_events(incident, recorded, weighing)


def confirm_figure(
    incident: Incident, fact_id: str, *, by: str, weighing: Weighing, now: datetime
) -> tuple[Incident, tuple[FactEvent, ...]]:
    """Let an unconfirmed figure count, on the word of a second person.

    Raises NotFound `figure-not-found`, FigureNotUnconfirmed and IncidentStatusWrong.
    """
    expect_open(incident)
    fact = next((one for one in incident.facts if one.id == fact_id), None)
    if fact is None:
        raise missing("figure", fact_id)
    if fact.state is not FactState.UNCONFIRMED:
        raise FigureNotUnconfirmed(f"The figure is {fact.state}.", currentStatus=fact.state)
    counted = dataclasses.replace(fact, state=FactState.CONFIRMED, confirmed_by=by)
    facts = tuple(counted if one.id == fact_id else one for one in incident.facts)
    confirmed = _graded(dataclasses.replace(incident, facts=facts, updated_at=now), weighing)
    return confirmed, _fact_events(incident, confirmed, weighing)


def check_times(facts: Iterable[Fact], now: datetime) -> None:
    """Pass when nothing was observed in the future. Raises ObservedInFuture."""
    for one in facts:
        figure.check_observed(one.observed_at, now, field=("facts", one.metric, "observedAt"))


def weigh(incident: Incident, facts: Sequence[Fact], weighing: Weighing) -> Incident:
    """Add fact by fact: each in its unit, growing, and either counted or kept unconfirmed.

    Raises FigureUnitWrong and FigureDecreased.
    """
    for given in facts:
        unit = figure.normal_unit(weighing.figures, given.metric, given.unit)
        new = dataclasses.replace(given, unit=unit)
        figure.check_decrease(weighing.figures, incident.facts, new)
        others = figure.withdraw_unconfirmed(incident.facts, new)
        counted = _graded(dataclasses.replace(incident, facts=(*others, new)), weighing)
        if _severity(counted.grade) - _severity(incident.grade) >= JUMP:
            waiting = dataclasses.replace(new, state=FactState.UNCONFIRMED)
            counted = _graded(dataclasses.replace(incident, facts=(*others, waiting)), weighing)
        incident = counted
    return incident


def _severity(grade: Grade | None) -> int:
    """A first figure is compared with the least grade: from nothing to II is a jump."""
    return Grade.GRADE_IV.severity if grade is None else grade.severity


def _graded(incident: Incident, weighing: Weighing) -> Incident:
    figures = figure.preferred(weighing.figures, incident.facts)
    given, _ = grading.grade(weighing.grading, figures)
    rule = weighing.grading.name if weighing.grading is not None and given is not None else None
    preferred = tuple(figures[metric].id for metric in sorted(figures))
    return dataclasses.replace(incident, grade=given, grade_rule=rule, preferred=preferred)


def _fact_events(before: Incident, after: Incident, weighing: Weighing) -> tuple[FactEvent, ...]:
    old = figure.preferred(weighing.figures, before.facts)
    new = figure.preferred(weighing.figures, after.facts)
    changed = tuple(
        name for name in sorted(new) if name not in old or old[name].value != new[name].value
    )
    recorded = IncidentFactsRecorded(after, changed)
    if before.grade is after.grade or weighing.grading is None:
        return (recorded,)
    _, inputs = grading.grade(weighing.grading, new)
    return recorded, IncidentRegraded(after, before.grade, inputs, weighing.grading.name)
