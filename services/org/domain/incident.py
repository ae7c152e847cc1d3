"""A verified emergency: numbered, typed, graded from its facts, with a status that people change."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid, missing
from services.org.domain import figure, grading
from services.org.domain.figure import Fact, FactState, FigureRule
from services.org.domain.grading import GradingRule
from services.org.domain.limit import CIVIL_TIME
from vocabulary import Crs, Grade, Mode, Place, distance_m, emergency_class

NEAR_M = 1000.0  # what two officers may call the same place, users.md §7 no. 2
NEAR_TIME = timedelta(minutes=30)
JUMP = 2  # grades at once that a second person must confirm, users.md §7 no. 3


class EmergencyTypeInvalid(Invalid):
    """The emergency type is of none of the four classes."""

    slug = "emergency-type-invalid"


class PossibleDuplicate(Conflict):
    """The same kind of emergency is open near by."""

    slug = "possible-duplicate"


class IncidentStatusWrong(Conflict):
    """The incident's status does not lead there."""

    slug = "incident-status-wrong"


class IncidentNotClosable(Conflict):
    """Something is still open or out."""

    slug = "incident-not-closable"


class SecondPersonRequired(Forbidden):
    """Whoever entered a figure cannot be the one who confirms it."""

    slug = "second-person-required"


class FigureNotUnconfirmed(Conflict):
    """The figure does not wait for anybody."""

    slug = "figure-not-unconfirmed"


class IncidentStatus(StrEnum):
    """Declared is verified, typed and opened by who may."""

    DECLARED = "DECLARED"
    RESPONDING = "RESPONDING"
    CONTAINED = "CONTAINED"
    RECOVERING = "RECOVERING"
    CLOSED = "CLOSED"
    FALSE_ALARM = "FALSE_ALARM"
    MERGED = "MERGED"


ENDED = frozenset({IncidentStatus.CLOSED, IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED})
_LEADS_TO = {
    IncidentStatus.DECLARED: {
        IncidentStatus.RESPONDING,
        IncidentStatus.CONTAINED,
        IncidentStatus.FALSE_ALARM,
    },
    IncidentStatus.RESPONDING: {
        IncidentStatus.CONTAINED,
        IncidentStatus.RECOVERING,
        IncidentStatus.FALSE_ALARM,
    },
    IncidentStatus.CONTAINED: {IncidentStatus.RESPONDING, IncidentStatus.RECOVERING},
    IncidentStatus.RECOVERING: {IncidentStatus.RESPONDING},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPlace:
    """Coordinates as they were given, before conversion to WGS 84."""

    longitude: float
    latitude: float
    crs: Crs


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The incident with every fact ever recorded; `grade` is absent while it cannot be given.

    `preferred` holds the id of the fact to go by for each metric.
    """

    id: str
    version: int = 0
    number: str
    mode: Mode
    title: str
    emergency_type: str
    status: IncidentStatus = IncidentStatus.DECLARED
    grade: Grade | None = None
    grade_rule: str | None = None
    place: Place
    given_place: GivenPlace | None = None
    address: str | None = None
    jurisdiction: str
    facts: tuple[Fact, ...] = ()
    preferred: tuple[str, ...] = ()
    from_reports: tuple[str, ...] = ()
    not_a_duplicate_of: tuple[str, ...] = ()
    declared_at: datetime
    declared_by: str
    updated_at: datetime
    closed_at: datetime | None = None
    merged_into: str | None = None
    status_before_merge: IncidentStatus | None = None


@dataclass(frozen=True, slots=True)
class Weighing:
    """The rules by which figures are weighed and grades given; `grading` None: not graded."""

    figures: FigureRule
    grading: GradingRule | None


@dataclass(frozen=True, slots=True)
class IncidentDeclared:
    """The incident is open."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class IncidentFactsRecorded:
    """Facts were recorded; `changed` names the metrics whose preferred value is another now."""

    incident: Incident
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentRegraded:
    """The grade is another, by that rule and those figures."""

    incident: Incident
    from_grade: Grade | None
    inputs: tuple[Fact, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class IncidentStatusChanged:
    """A person, or the start of a response, moved the status."""

    incident: Incident
    from_status: IncidentStatus


@dataclass(frozen=True, slots=True)
class IncidentClosed:
    """Nothing is open or out any more."""

    incident: Incident


FactEvent = IncidentFactsRecorded | IncidentRegraded


def incident_number(jurisdiction: str, at: datetime, ordinal: int, mode: Mode) -> str:
    """The number spoken on the radio: division, civil day, ordinal; exercises are marked."""
    mark = "EX-" if mode is Mode.EXERCISE else ""
    return f"{mark}{jurisdiction}-{at.astimezone(CIVIL_TIME):%Y%m%d}-{ordinal:03d}"


def near(
    others: Iterable[Incident], *, emergency_type: str, place: Place, at: datetime
) -> list[Incident]:
    """Open incidents of the same type within 1 km and 30 minutes."""
    return [
        one
        for one in others
        if one.status not in ENDED
        and one.emergency_type == emergency_type
        and abs(one.declared_at - at) <= NEAR_TIME
        and distance_m(one.place, place) <= NEAR_M
    ]


def declare_incident(
    draft: Incident, *, others: Iterable[Incident], weighing: Weighing
) -> tuple[Incident, IncidentDeclared]:
    """Open the incident with its first facts weighed and graded.

    Raises EmergencyTypeInvalid, PossibleDuplicate (with the candidates that
    `draft.not_a_duplicate_of` does not name), and what `record_facts` raises.
    """
    try:
        emergency_class(draft.emergency_type)
    except ValueError as error:
        raise EmergencyTypeInvalid(str(error), field=("emergencyType",)) from error
    found = near(
        others, emergency_type=draft.emergency_type, place=draft.place, at=draft.declared_at
    )
    candidates = [one for one in found if one.id not in draft.not_a_duplicate_of]
    if candidates:
        raise PossibleDuplicate(
            f"{candidates[0].number} was declared near by: {candidates[0].title}.",
            remedy="Work on that one, or say in notADuplicateOf that this is another.",
            candidates=[
                {"id": one.id, "number": one.number, "title": one.title} for one in candidates
            ],
        )
    facts = draft.facts
    _check_observed(facts, draft.declared_at)
    declared = _weigh(dataclasses.replace(draft, facts=()), facts, weighing)
    return declared, IncidentDeclared(declared)


def record_facts(
    incident: Incident, facts: Sequence[Fact], *, weighing: Weighing, now: datetime
) -> tuple[Incident, tuple[FactEvent, ...]]:
    """Add the facts beside those of other sources and grade anew.

    A fact that would raise the grade by two at once is kept unconfirmed and counts for nothing
    until `confirm_figure`. Raises IncidentStatusWrong when it has ended, ObservedInFuture,
    FigureUnitWrong and FigureDecreased; then nothing is recorded.
    """
    _expect_open(incident)
    _check_observed(facts, now)
    recorded = dataclasses.replace(_weigh(incident, facts, weighing), updated_at=now)
    return recorded, _fact_events(incident, recorded, weighing)


def confirm_figure(
    incident: Incident, fact_id: str, *, by: str, weighing: Weighing, now: datetime
) -> tuple[Incident, tuple[FactEvent, ...]]:
    """Let an unconfirmed figure count, on the word of a second person.

    Raises NotFound `figure-not-found`, FigureNotUnconfirmed and SecondPersonRequired.
    """
    _expect_open(incident)
    fact = next((one for one in incident.facts if one.id == fact_id), None)
    if fact is None:
        raise missing("figure", fact_id)
    if fact.state is not FactState.UNCONFIRMED:
        raise FigureNotUnconfirmed(f"The figure is {fact.state}.", currentStatus=fact.state)
    if fact.recorded_by == by:
        raise SecondPersonRequired(
            "You entered this figure yourself.", remedy="Ask a second person to confirm it."
        )
    counted = dataclasses.replace(fact, state=FactState.CONFIRMED, confirmed_by=by)
    facts = tuple(counted if one.id == fact_id else one for one in incident.facts)
    confirmed = _graded(dataclasses.replace(incident, facts=facts, updated_at=now), weighing)
    return confirmed, _fact_events(incident, confirmed, weighing)


def unconfirmed(incident: Incident) -> list[Fact]:
    """The figures that wait for a second person."""
    return [one for one in incident.facts if one.state is FactState.UNCONFIRMED]


def preferred_figures(incident: Incident) -> list[Fact]:
    """The figure of each metric to go by, by metric."""
    by_id = {one.id: one for one in incident.facts}
    return [by_id[one] for one in incident.preferred]


def change_status(
    incident: Incident, status: IncidentStatus, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Move the incident on. Raises IncidentStatusWrong where its status does not lead."""
    if status not in _LEADS_TO.get(incident.status, set()):
        raise IncidentStatusWrong(
            f"From {incident.status} an incident does not become {status}.",
            field=("status",),
            currentStatus=incident.status,
            leadsTo=sorted(_LEADS_TO.get(incident.status, set())),
        )
    ended_at = now if status in ENDED else None
    moved = dataclasses.replace(incident, status=status, updated_at=now, closed_at=ended_at)
    return moved, IncidentStatusChanged(moved, incident.status)


def merge_incident(
    incident: Incident, into: Incident, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Make the incident part of `into`; it can be taken apart again. Raises IncidentStatusWrong."""
    _expect_open(incident)
    _expect_open(into)
    if incident.id == into.id or incident.mode is not into.mode:
        raise IncidentStatusWrong("An incident merges into another of its mode.", field=("into",))
    merged = dataclasses.replace(
        incident,
        status=IncidentStatus.MERGED,
        status_before_merge=incident.status,
        merged_into=into.id,
        updated_at=now,
    )
    return merged, IncidentStatusChanged(merged, incident.status)


def unmerge_incident(
    incident: Incident, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Make the merged incident stand for itself again, as it was. Raises IncidentStatusWrong."""
    if incident.status is not IncidentStatus.MERGED or incident.status_before_merge is None:
        raise IncidentStatusWrong("It is not merged.", currentStatus=incident.status)
    apart = dataclasses.replace(
        incident,
        status=incident.status_before_merge,
        status_before_merge=None,
        merged_into=None,
        updated_at=now,
    )
    return apart, IncidentStatusChanged(apart, IncidentStatus.MERGED)


def close_incident(
    incident: Incident, *, blockers: Collection[tuple[str, str, str]], now: datetime
) -> tuple[Incident, IncidentClosed]:
    """End the incident.

    Raises IncidentNotClosable with `blockers` (kind, id, what), and IncidentStatusWrong.
    """
    _expect_open(incident)
    if blockers:
        raise IncidentNotClosable(
            f"{len(blockers)} things are open or out.",
            remedy="Finish, decline or recall them first.",
            blockers=[{"kind": kind, "id": id, "what": what} for kind, id, what in blockers],
            currentStatus=incident.status,
        )
    closed = dataclasses.replace(
        incident, status=IncidentStatus.CLOSED, closed_at=now, updated_at=now
    )
    return closed, IncidentClosed(closed)


def _expect_open(incident: Incident) -> None:
    if incident.status in ENDED:
        raise IncidentStatusWrong(
            f"The incident {incident.number} is {incident.status}.", currentStatus=incident.status
        )


def _check_observed(facts: Iterable[Fact], now: datetime) -> None:
    for one in facts:
        figure.check_observed(one.observed_at, now, field=("facts", one.metric, "observedAt"))


def _weigh(incident: Incident, facts: Sequence[Fact], weighing: Weighing) -> Incident:
    """Add fact by fact: each is normal, growing, and either counted or kept unconfirmed."""
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
