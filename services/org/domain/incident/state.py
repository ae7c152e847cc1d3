"""What an incident is: its status, its facts, and what can be said of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.org.domain.figure import Fact, FactState, FigureRule
from services.org.domain.grading import GradingRule
from vocabulary import Crs, Grade, Mode, Place, distance_m

NEAR_M = 1000.0  # what two officers may call the same place, users.md §7 no. 2


NEAR_TIME = timedelta(minutes=30)


class EmergencyTypeInvalid(Invalid):
    """The emergency type is of none of the four classes."""

    slug = "emergency-type-invalid"


class PossibleDuplicate(Conflict):
    """The same kind of emergency is open near by."""

    slug = "possible-duplicate"


class IncidentStatusWrong(Conflict):
    """The incident's status does not lead there."""

    slug = "incident-status-wrong"


class ModeIsFixed(Conflict):
    """What was declared as real stays real, and an exercise an exercise."""

    slug = "mode-is-fixed"


class IncidentNotClosable(Conflict):
    """Something is still open or out."""

    slug = "incident-not-closable"


class IncidentSealing(Conflict):
    """The incident is sealed already, or is not sealed."""

    slug = "incident-sealing"


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


LEADS_TO = {
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

    `preferred` holds the id of the fact to go by for each metric, `occurred_at` when it happened,
    None while nobody has said. A `sealed` one is there for
    whoever is cleared, and for nobody else.
    """

    id: str
    version: int = 0
    number: str
    mode: Mode
    exercise_id: str | None = None
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
    occurred_at: datetime | None = None
    declared_at: datetime
    declared_by: str
    updated_at: datetime
    closed_at: datetime | None = None
    merged_into: str | None = None
    status_before_merge: IncidentStatus | None = None
    sealed: bool = False


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


@dataclass(frozen=True, slots=True)
class IncidentSealed:
    """Whoever is not cleared for it sees it no more."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class IncidentUnsealed:
    """It is seen again where it happened."""

    incident: Incident


FactEvent = IncidentFactsRecorded | IncidentRegraded


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


def unconfirmed(incident: Incident) -> list[Fact]:
    """The figures that wait for a second person."""
    return [one for one in incident.facts if one.state is FactState.UNCONFIRMED]


def preferred_figures(incident: Incident) -> list[Fact]:
    """The figure of each metric to go by, by metric."""
    by_id = {one.id: one for one in incident.facts}
    return [by_id[one] for one in incident.preferred]


def expect_open(incident: Incident) -> None:
    """Pass while the incident has not ended. Raises IncidentStatusWrong."""
    if incident.status in ENDED:
        raise IncidentStatusWrong(
            f"The incident {incident.number} is {incident.status}.", currentStatus=incident.status
        )
