"""A plan version: what is reviewed as a file, published once, and never changed afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NewType

from chassis.errors import Conflict, missing
from services.plans.domain import condition, logic
from services.plans.domain.condition import Condition
from services.plans.domain.history import (
    ONCE_PUBLISHED,
    STANDING,
    Drill,
    Filing,
    PlanStatus,
    Review,
    RevisionTrigger,
    Transition,
)
from services.plans.domain.logic import Atom
from vocabulary import INDICATORS, Mode, Place, ResponseLevel, is_within, matches

PlanId = NewType("PlanId", str)


class PlanKind(StrEnum):
    """Where a plan stands in the hierarchy (PLAN-1)."""

    OVERALL = "OVERALL"
    SPECIAL = "SPECIAL"
    DEPARTMENTAL = "DEPARTMENTAL"
    LOCAL = "LOCAL"
    ENTERPRISE = "ENTERPRISE"
    MAJOR_EVENT = "MAJOR_EVENT"


class Phase(StrEnum):
    """Which part of the process a step belongs to, in the order of time."""

    MONITORING = "MONITORING"
    REPORTING = "REPORTING"
    INITIAL_RESPONSE = "INITIAL_RESPONSE"
    RESPONSE = "RESPONSE"
    RECOVERY = "RECOVERY"


class Start(StrEnum):
    """How a level whose conditions are met comes into force."""

    AUTOMATIC = "automatic"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Measure:
    """An action that the law must allow, and the functions whose holders carry it out."""

    code: str
    text_zh: str
    text_en: str
    addressee_functions: tuple[str, ...]
    automatic: bool = False
    duration_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What a person reads, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Information:
    """What one step hands to another; `source` names who gives it when no step does."""

    id: str
    name: Text
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work owed by the holder of a function, after other steps.

    `needs`, `gives`, `passes_up` and `passes_down` are ids of information, `measures` codes and
    `uses` ids of requirements of the level; `uses` None: the plan does not say what it takes.
    """

    id: str
    title_zh: str
    title_en: str
    function: str
    time_limit_minutes: int
    after: tuple[str, ...] = ()
    phase: Phase = Phase.RESPONSE
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    passes_up: tuple[str, ...] = ()
    passes_down: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    uses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A need whose quantity is a CEL formula over the registered indicators."""

    id: str
    capability: str
    quantity: str
    unit: str
    place: Place | None = None
    within_minutes: int | None = None
    severity: int = 1


@dataclass(frozen=True, slots=True)
class Level:
    """One response level of a plan: when it is due, how it starts, and what it sets going."""

    level: ResponseLevel
    start: Start
    conditions: Condition
    hold_down_minutes: int
    sign_within_minutes: int
    measures: tuple[Measure, ...] = ()
    steps: tuple[Step, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    @property
    def hold_down(self) -> timedelta:
        """How long conditions must give less before this level is left."""
        return timedelta(minutes=self.hold_down_minutes)


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan. `levels` are ordered from most to least severe.

    `superiors` are the plans that it has to conform to, `legal_basis` ids of provisions, `risks`
    what is at risk here in particular. `monotone` names the indicators of which more never gives a
    lower level.
    """

    id: str
    plan_id: PlanId
    plan_version: str
    title_zh: str
    title_en: str
    kind: PlanKind
    jurisdiction: str
    organization_id: str
    emergency_types: tuple[str, ...]
    effective_from: datetime
    effective_to: datetime | None
    source: str
    levels: tuple[Level, ...]
    termination: Condition | None = None
    superiors: tuple[PlanId, ...] = ()
    legal_basis: tuple[str, ...] = ()
    risks: tuple[Text, ...] = ()
    monotone: tuple[str, ...] = ()
    information: tuple[Information, ...] = ()
    status: PlanStatus = PlanStatus.DRAFT
    published_at: datetime | None = None
    ruling_since: datetime | None = None
    retired_at: datetime | None = None
    superseded_by: str | None = None
    drafted_by: tuple[str, ...] = ()
    history: tuple[Transition, ...] = ()
    filing: Filing | None = None
    drills: tuple[Drill, ...] = ()
    reviews: tuple[Review, ...] = ()
    triggers: tuple[RevisionTrigger, ...] = ()
    text: str = field(default="", repr=False)
    version: int = 0

    def at(self, level: ResponseLevel) -> Level:
        """The plan's own part for `level`; raises KeyError when the plan has no such level."""
        for one in self.levels:
            if one.level is level:
                return one
        raise KeyError(level)

    @property
    def emergency_type(self) -> str:
        """The type that an activation of this plan is filed under: the first that it names."""
        return self.emergency_types[0]

    @property
    def is_standing(self) -> bool:
        """Whether the version is published and not retired."""
        return self.status in STANDING

    @property
    def authors(self) -> frozenset[str]:
        """The subjects who drafted the version or sent it to review: another has to approve it."""
        submitters = {one.officer.subject for one in self.history if one.action == "SUBMIT"}
        return frozenset({*self.drafted_by, *submitters})

    def is_effective(self, at: datetime) -> bool:
        """Whether the version was published, is not retired by `at`, and `at` lies in its period."""
        begun = self.status in ONCE_PUBLISHED and self.effective_from <= at
        ended = self.retired_at is not None and self.retired_at <= at
        return begun and not ended and not has_lapsed(self, at)


class PlanNotEffective(Conflict):
    """The version is a draft, not yet in force, lapsed, retired, or another has taken its place."""

    slug = "plan-version-not-effective"


def version_id(plan_id: str, plan_version: str) -> str:
    """The id of one version: `flood-410100@2021.1`."""
    return f"{plan_id}@{plan_version}"


def in_force(versions: Sequence[Plan], at: datetime) -> list[Plan]:
    """Of every plan the version that rules at `at`: the effective one that took effect last."""
    ruling: dict[str, Plan] = {}
    effective = (plan for plan in versions if plan.is_effective(at))
    for plan in sorted(effective, key=lambda one: (one.effective_from, one.published_at)):
        ruling[plan.plan_id] = plan
    return [ruling[plan_id] for plan_id in sorted(ruling)]


def startable(
    versions: Sequence[Plan], plan_id: str, *, plan_version: str | None, at: datetime
) -> Plan:
    """The version that rules the plan at `at`, which must be `plan_version` where one is named.

    Raises `plan-not-found` and `PlanNotEffective`.
    """
    asked = [one for one in versions if plan_version in (None, one.plan_version)]
    if not asked:
        raise missing("plan", plan_id, field=("planId",))
    ruling = next(iter(in_force(versions, at)), None)
    if ruling is not None and ruling in asked:
        return ruling
    newest = max(asked, key=lambda one: one.effective_from)
    raise PlanNotEffective(
        _why_not(newest, ruling, at),
        field=("planVersion",),
        remedy=f"Start {ruling.id}." if ruling else "Publish a version that is in force now.",
        inForce=ruling.id if ruling else None,
    )


def turns(plan: Plan) -> tuple[datetime, ...]:
    """The instants at which whether the version is in force can change."""
    ends = (plan.effective_to, plan.retired_at)
    return (plan.effective_from, *(end for end in ends if end is not None))


def has_lapsed(plan: Plan, at: datetime) -> bool:
    """Whether the version's effective period is over."""
    return plan.effective_to is not None and plan.effective_to <= at


def concerns(plan: Plan, *, emergency_type: str | None, areas: Sequence[str]) -> bool:
    """Whether something of this type in these areas bears on the plan; type None is any type."""
    typed = emergency_type is None or any(
        matches(emergency_type, prefix) for prefix in plan.emergency_types
    )
    return typed and any(
        is_within(area, plan.jurisdiction) or is_within(plan.jurisdiction, area) for area in areas
    )


def conditions(plan: Plan) -> Iterator[condition.Leaf]:
    """Every expression that the plan decides by, level by level, then its termination."""
    for level in plan.levels:
        yield from condition.leaves(level.conditions)
    if plan.termination is not None:
        yield from condition.leaves(plan.termination)


def names(plan: Plan) -> set[str]:
    """Every indicator that the plan's conditions and formulas read."""
    formulas = [need.quantity for level in plan.levels for need in level.requirements]
    decided_by = {name for one in conditions(plan) for name in condition.reads(one)}
    return decided_by.union(*(condition.names_in(text) for text in formulas))


def watched(versions: Sequence[Plan]) -> tuple[Atom, ...]:
    """The measured thresholds that any of the versions decides by, for analytics to watch."""
    found = {
        atom
        for plan in versions
        for one in conditions(plan)
        for atom in logic.atoms(logic.formula_of(one))
        if atom.indicator in INDICATORS and INDICATORS[atom.indicator].source == "analytics"
    }
    return tuple(sorted(found, key=lambda one: (one.indicator, one.limit, one.comparison)))


def watch_id(plan_id: str, mode: Mode, *, exercise_id: str | None = None) -> str:
    """What one plan's evaluations in one mode, or one exercise, are filed and timed under."""
    return f"{plan_id}/{exercise_id or mode}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _why_not(plan: Plan, ruling: Plan | None, at: datetime) -> str:
    if plan.superseded_by is not None:
        return f"{plan.superseded_by} has taken the place of {plan.id}."
    if plan.retired_at is not None and plan.retired_at <= at:
        return f"{plan.id} was retired at {_utc(plan.retired_at)}{_by_whom(plan)}."
    if plan.published_at is None:
        return f"{plan.id} is {plan.status}."
    if plan.effective_from > at:
        return f"{plan.id} takes effect at {_utc(plan.effective_from)}."
    if plan.effective_to is not None and plan.effective_to <= at:
        return f"{plan.id} lapsed at {_utc(plan.effective_to)}."
    return f"{ruling.id if ruling else 'Another version'} has taken the place of {plan.id}."


def _by_whom(plan: Plan) -> str:
    last = plan.history[-1] if plan.history else None
    return f" by {last.by}: {last.reason}" if last else ""
