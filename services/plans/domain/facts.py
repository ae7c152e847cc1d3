"""The facts that a plan is weighed against: every registered indicator, known or unknown, in one mode."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from chassis.errors import Invalid
from services.plans.domain import casualties, condition, coverage, prevention
from services.plans.domain.coverage import Announcement, Coverage
from services.plans.domain.incident import Incident
from services.plans.domain.indicator import Reading
from services.plans.domain.jurisdiction import Jurisdiction
from services.plans.domain.plan import Plan, names
from services.plans.domain.signal import Signal
from services.plans.domain.warning import EarlyWarning
from vocabulary import INDICATORS, Figure, WarningColour, matches

_OF_THE_PLACE = frozenset({"population", "area_km2"})
_REPORTED = tuple(
    one.name
    for one in INDICATORS.values()
    if one.source == "org"
    and one.name not in _OF_THE_PLACE | {"incident_severity", casualties.DEAD_OR_MISSING}
)

_SEVERITY = "incident_severity"


@dataclass(frozen=True, slots=True)
class Note:
    """What a value means here, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class World:
    """Our copies of what is known in one mode; whatever is not here is unknown.

    Frozen and never changed, so that what is found in it once is kept for the next plan.
    """

    jurisdictions: tuple[Jurisdiction, ...] = ()
    signals: tuple[Signal, ...] = ()
    warnings: tuple[EarlyWarning, ...] = ()
    incidents: tuple[Incident, ...] = ()
    readings: tuple[Reading, ...] = ()
    _coverage: dict[tuple[str, frozenset[str]], Coverage] = field(
        default_factory=dict, repr=False, compare=False
    )

    def announced(self, act: str) -> Sequence[Announcement]:
        """The signals, or the early warnings, that stand."""
        return self._signals if act == "signal" else self._warnings

    def measured(self, jurisdiction: str) -> Sequence[Reading]:
        """The readings of the division."""
        return self._readings.get(jurisdiction, ())

    def covered(self, area: str, areas: frozenset[str]) -> Coverage:
        """What these divisions make up of the area."""
        key = (area, areas)
        if key not in self._coverage:
            self._coverage[key] = coverage.cover(area, areas, self.jurisdictions)
        return self._coverage[key]

    @cached_property
    def _signals(self) -> Sequence[Announcement]:
        return coverage.standing(self.signals)

    @cached_property
    def _warnings(self) -> Sequence[Announcement]:
        return coverage.standing(self.warnings)

    @cached_property
    def _readings(self) -> Mapping[str, Sequence[Reading]]:
        found: dict[str, list[Reading]] = {}
        for one in self.readings:
            found.setdefault(one.jurisdiction, []).append(one)
        return found


@dataclass(frozen=True)
class Facts:
    """Figures by indicator; an indicator without a figure, or with value None, is unknown.

    `incidents` are the open ones whose figures are among them, by id.
    """

    figures: Mapping[str, Figure]
    notes: Mapping[str, Note] = field(default_factory=dict)
    incidents: tuple[str, ...] = ()

    @cached_property
    def values(self) -> dict[str, object]:
        """What is known, as expressions read it."""
        return {
            name: figure.value for name, figure in self.figures.items() if figure.value is not None
        }

    def beside(self, figures: Mapping[str, Figure], notes: Mapping[str, Note]) -> "Facts":
        """These facts and others."""
        return Facts({**self.figures, **figures}, {**self.notes, **notes}, self.incidents)


class IndicatorUnknown(Invalid):
    """A stated fact names no registered indicator."""

    slug = "indicator-unknown"


class UnitMismatch(Invalid):
    """A stated fact comes in another unit than its indicator is registered in."""

    slug = "unit-mismatch"


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A figure that somebody supposes, to hear what plans would say."""

    metric: str
    value: float | None
    unit: str | None
    source: str
    observed_at: datetime


def gather(plan: Plan, world: World, now: datetime) -> Facts:
    """The facts as this plan sees them: shares of its area, incidents of its types, its readings.

    Plans of the same division and the same emergency types see the same.
    """
    figures: dict[str, Figure] = {}
    notes: dict[str, Note] = {}
    for act in ("signal", "warning"):
        for figure, note in _shares(plan, act, world=world, now=now):
            figures[figure.metric] = figure
            notes[figure.metric] = note
    concerned = [one for one in world.incidents if prevention.bears_on(one, plan)]
    figures |= {one.metric: one for one in _reported(concerned, now)}
    figures |= {one.metric: one for one in _place(plan.jurisdiction, world.jurisdictions)}
    figures |= {
        one.indicator: _measured(one)
        for one in world.measured(plan.jurisdiction)
        if one.indicator in INDICATORS
    }
    return Facts(figures, notes, tuple(sorted(one.id for one in concerned)))


def reads_incidents(plan: Plan) -> bool:
    """Whether any figure that the plan reads is reported of incidents."""
    return not names(plan).isdisjoint((*_REPORTED, _SEVERITY))


def suppose(plan: Plan, stated: Sequence[StatedFact], *, world: World, now: datetime) -> Facts:
    """Stated facts and nothing else but the size of the plan's jurisdiction.

    Raises `IndicatorUnknown` and `UnitMismatch`.
    """
    figures = {one.metric: one for one in _place(plan.jurisdiction, world.jurisdictions)}
    for index, fact in enumerate(stated):
        figures[fact.metric] = _stated(fact, index, now=now)
    return Facts(figures)


@dataclass(frozen=True)
class Gathered:
    """The facts of one world at one instant, gathered once for plans that see the same."""

    world: World
    now: datetime
    _facts: dict[tuple[str, tuple[str, ...]], Facts] = field(default_factory=dict, repr=False)

    def seen_by(self, plan: Plan) -> Facts:
        """The facts as this plan sees them, without the responses that it reads."""
        key = (plan.jurisdiction, plan.emergency_types)
        if key not in self._facts:
            self._facts[key] = gather(plan, self.world, self.now)
        return self._facts[key]


def _stated(fact: StatedFact, index: int, *, now: datetime) -> Figure:
    registered = condition.registered(fact.metric)
    where = ("facts", str(index))
    if registered is None:
        raise IndicatorUnknown(
            f"No indicator is registered as {fact.metric}.", field=(*where, "metric")
        )
    if fact.unit not in (None, registered.unit):
        raise UnitMismatch(
            f"{fact.metric} is measured in {registered.unit}, not {fact.unit}.",
            field=(*where, "unit"),
        )
    return Figure(fact.metric, fact.value, registered.unit, fact.source, fact.observed_at, now)


def _shares(plan: Plan, act: str, *, world: World, now: datetime) -> Iterator[tuple[Figure, Note]]:
    concerned = [
        one
        for one in world.announced(act)
        if any(matches(one.emergency_type, prefix) for prefix in plan.emergency_types)
    ]
    for colour in WarningColour:
        counted = [one for one in concerned if one.colour.at_least(colour)]
        areas = frozenset(area for one in counted for area in one.areas)
        found = world.covered(plan.jurisdiction, areas)
        as_of = max((one.as_of for one in counted), default=now)
        source = ", ".join(sorted(one.id for one in counted)) or "guarantee"
        name = f"{act}_{colour.lower()}"
        note = _coverage_note(found)
        yield Figure(f"{name}_population_share", found.population, "1", source, as_of, now), note
        yield Figure(f"{name}_area_share", found.area, "1", source, as_of, now), note


def _coverage_note(found: Coverage) -> Note:
    """Mistake 16: red in one district is not red in the city."""
    people_zh, people_en = _percent(found.population)
    ground_zh, ground_en = _percent(found.area)
    return Note(
        f"覆盖 {found.divisions} 个区划中的 {found.divisions_covered} 个、"
        f"人口的 {people_zh}、面积的 {ground_zh}",
        f"covers {found.divisions_covered} of {found.divisions} divisions,"
        f" {people_en} of people, {ground_en} of ground",
    )


def _percent(share: float | None) -> tuple[str, str]:
    return ("未知比例", "an unknown share") if share is None else (f"{share:.0%}", f"{share:.0%}")


def _reported(concerned: Sequence[Incident], now: datetime) -> Iterator[Figure]:
    for metric in _REPORTED:
        yield _largest(metric, concerned, now)
    yield casualties.dead_or_missing(concerned, now)
    worst = max((one.grade.severity for one in concerned if one.grade), default=0)
    as_of = max((one.as_of for one in concerned), default=now)
    source = ", ".join(sorted(one.id for one in concerned)) or "org"
    yield Figure(_SEVERITY, float(worst), "1", source, as_of, now)


def _largest(metric: str, incidents: Sequence[Incident], now: datetime) -> Figure:
    """The largest value that any incident reports: 0 without incidents, unknown when none says."""
    unit = INDICATORS[metric].unit
    if not incidents:
        return Figure(metric, 0.0, unit, "org", now, now)
    told = [
        (figure.value, figure)
        for one in incidents
        for figure in one.figures
        if figure.metric == metric and figure.value is not None
    ]
    if not told:
        as_of = max(one.as_of for one in incidents)
        return Figure(metric, None, unit, "org", as_of, now)
    return max(told, key=lambda pair: (pair[0], pair[1].observed_at))[1]


def _place(code: str, jurisdictions: Sequence[Jurisdiction]) -> Iterator[Figure]:
    for one in jurisdictions:
        if one.id == code:
            people = float(one.population) if one.population is not None else None
            yield Figure("population", people, "1", "org", one.as_of, one.as_of)
            yield Figure("area_km2", one.area_km2, "km2", "org", one.as_of, one.as_of)


def _measured(reading: Reading) -> Figure:
    return Figure(
        reading.indicator,
        reading.value,
        reading.unit,
        "analytics",
        reading.as_of,
        reading.recorded_at,
    )
