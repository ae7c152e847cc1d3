"""Injects: the timed facts of an exercise's script, each delivered once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.plans.domain.exercise import Exercise
from services.plans.domain.plan import Text
from vocabulary import Place, WarningColour


class InjectKind(StrEnum):
    """What comes: a NOTE is read out, everything else acts as if it had come."""

    SIGNAL = "SIGNAL"
    INCIDENT = "INCIDENT"
    FIGURES = "FIGURES"
    REPORT = "REPORT"
    INDICATOR = "INDICATOR"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of the script; value None is unknown, 0 is a reported zero."""

    metric: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalPart:
    """A signal for the divisions; `replaces` are keys of earlier signals of the script."""

    emergency_type: str
    colour: WarningColour
    areas: tuple[str, ...]
    headline: Text | None = None
    valid_minutes: int | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPart:
    """A verified emergency with what is known of it."""

    title: str
    emergency_type: str
    jurisdiction: str
    place: Place
    figures: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPart:
    """Further figures of the incident that an earlier inject declared."""

    incident: str
    figures: tuple[Stated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """Somebody tells that something happens."""

    text: str
    jurisdiction: str
    emergency_type: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPart:
    """An indicator's value; None is unknown from then on."""

    indicator: str
    jurisdiction: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """One fact of the script, `offset_minutes` after the start; at most one of the parts is there.

    Until it is delivered only who runs the exercise (`organization_id`) sees it.
    """

    id: str
    exercise_id: str
    organization_id: str
    key: str
    offset_minutes: int
    text: Text | None = None
    signal: SignalPart | None = None
    incident: IncidentPart | None = None
    figures: FiguresPart | None = None
    report: ReportPart | None = None
    indicator: IndicatorPart | None = None
    due_at: datetime | None = None
    delivered_at: datetime | None = None
    version: int = 0

    @property
    def kind(self) -> InjectKind:
        """What comes."""
        parts = {
            InjectKind.SIGNAL: self.signal,
            InjectKind.INCIDENT: self.incident,
            InjectKind.FIGURES: self.figures,
            InjectKind.REPORT: self.report,
            InjectKind.INDICATOR: self.indicator,
        }
        return next((kind for kind, part in parts.items() if part is not None), InjectKind.NOTE)


@dataclass(frozen=True, slots=True)
class ExerciseInjected:
    """A fact of the script has come."""

    exercise: Exercise
    inject: Inject


def due(inject: Inject, exercise: Exercise) -> Inject:
    """The inject with the instant at which it falls due in the started exercise."""
    assert exercise.started_at is not None  # only a started exercise has instants
    return replace(inject, due_at=exercise.started_at + timedelta(minutes=inject.offset_minutes))


def deliver(
    inject: Inject, exercise: Exercise, now: datetime
) -> tuple[Inject, ExerciseInjected | None]:
    """The fact has come, once; nothing comes twice or once the exercise is over.

    What is talked through is only read out.
    """
    if inject.delivered_at is not None or not exercise.is_running:
        return inject, None
    delivered = replace(inject, delivered_at=now)
    told = _read_out(delivered) if exercise.is_talked_through else delivered
    return delivered, ExerciseInjected(exercise, told)


def _read_out(inject: Inject) -> Inject:
    return replace(inject, signal=None, incident=None, figures=None, report=None, indicator=None)
