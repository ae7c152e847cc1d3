"""When what happened speaks against a place of a plan: a pure rule over kept records (PLAN-8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.plans.domain.activation import Activation
from services.plans.domain.evaluation import Evaluation
from services.plans.domain.evidence import (
    Evidence,
    condition_evidence,
    measure_evidence,
    step_evidence,
)
from services.plans.domain.exercise import Exercise
from services.plans.domain.measure_record import MeasureRecord
from services.plans.domain.plan import Plan, Step
from services.plans.domain.plan_file.source import instant
from services.plans.domain.score import measures_of, steps_of
from services.plans.domain.step_record import StepRecord


class PlaceKind(StrEnum):
    """What a proposal is against."""

    STEP = "STEP"
    MEASURE = "MEASURE"
    CONDITION = "CONDITION"


@dataclass(frozen=True, slots=True, order=True)
class PlaceInPlan:
    """The exact place: a step by id, a measure by code, or the conditions of a level."""

    kind: PlaceKind
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRule:
    """One version of when to propose: how many cases, below what rate, within what time.

    A place is spoken against when the upper end of its rate's interval lies below the target.
    """

    version: str
    effective_from: datetime
    source: str
    window: timedelta
    minimum_n: int
    on_time_target: float
    confidence: float
    minimum_corrections: int
    settle: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Everything that is kept of a plan's responses and exercises within the window.

    `decided_at` tells for a place since when its cases count: what was decided upon is decided.
    """

    plan: Plan
    versions: tuple[Plan, ...]
    steps: tuple[StepRecord, ...] = ()
    measures: tuple[MeasureRecord, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    activations: Mapping[str, Activation]
    exercises: Mapping[str, Exercise]
    decided_at: Mapping[PlaceInPlan, datetime]


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a place."""

    at: PlaceInPlan
    evidence: Evidence


def learning_rule(written: Mapping[str, Any]) -> LearningRule:
    """The rule that the values of the file describe."""
    return LearningRule(
        version=written["version"],
        effective_from=instant(written["effective_from"]),
        source=written["source"],
        window=timedelta(days=written["window_days"]),
        minimum_n=written["minimum_n"],
        on_time_target=written["on_time_target"],
        confidence=written["confidence"],
        minimum_corrections=written["minimum_corrections"],
        settle=timedelta(minutes=written["settle_minutes"]),
    )


def rule_in_force(rules: Sequence[LearningRule], at: datetime) -> LearningRule:
    """The rule that took effect last; the first one before any has."""
    begun = [one for one in rules if one.effective_from <= at]
    return max(begun or rules[:1], key=lambda one: one.effective_from)


def learn(kept: Kept, rule: LearningRule, now: datetime) -> list[Objection]:
    """What speaks against places of the version, by the rule."""
    return [
        Objection(at, evidence)
        for at, evidence in _weighed(kept, rule, now)
        if _speaks_against(at, evidence, rule)
    ]


def evidence_of(at: PlaceInPlan, kept: Kept, rule: LearningRule, now: datetime) -> Evidence:
    """What the kept cases say of one place."""
    match at.kind:
        case PlaceKind.STEP:
            alike = _versions_with(kept, at.place)
            steps = [
                one
                for one in kept.steps
                if one.step == at.place
                and one.plan_version in alike
                and _counts(at, one.owed_at, kept)
            ]
            return step_evidence(steps, kept.exercises, confidence=rule.confidence, now=now)
        case PlaceKind.MEASURE:
            measures = [
                one
                for one in kept.measures
                if one.code == at.place and _counts(at, one.ordered_at, kept)
            ]
            return measure_evidence(measures, kept.exercises, confidence=rule.confidence, now=now)
        case PlaceKind.CONDITION:
            level = next(one.level for one in kept.plan.levels if one.level == at.place)
            decided = [
                one
                for one in kept.evaluations
                if one.plan_version == kept.plan.plan_version and _counts(at, one.at, kept)
            ]
            return condition_evidence(level, decided, kept.activations, confidence=rule.confidence)


def has_place(plan: Plan, at: PlaceInPlan) -> bool:
    """Whether the version has the place at all."""
    return at in _places(plan)


def _weighed(
    kept: Kept, rule: LearningRule, now: datetime
) -> Iterator[tuple[PlaceInPlan, Evidence]]:
    for at in _places(kept.plan):
        yield at, evidence_of(at, kept, rule, now)


def _places(plan: Plan) -> list[PlaceInPlan]:
    places = [PlaceInPlan(PlaceKind.STEP, one) for one in steps_of(plan)]
    places += [PlaceInPlan(PlaceKind.MEASURE, one) for one in measures_of(plan)]
    return places + [PlaceInPlan(PlaceKind.CONDITION, one.level.value) for one in plan.levels]


def _speaks_against(at: PlaceInPlan, evidence: Evidence, rule: LearningRule) -> bool:
    rate = evidence.rate
    if rate.high is None or rate.n < rule.minimum_n:
        return False
    if at.kind is PlaceKind.CONDITION and len(evidence.corrections) < rule.minimum_corrections:
        return False
    return rate.high < rule.on_time_target


def _counts(at: PlaceInPlan, when: datetime, kept: Kept) -> bool:
    decided = kept.decided_at.get(at)
    return decided is None or when > decided


def _versions_with(kept: Kept, step: str) -> set[str]:
    """The versions that ask the same of the step: its cases are cases of this one."""
    wanted = _asked(steps_of(kept.plan).get(step))
    return {one.plan_version for one in kept.versions if _asked(steps_of(one).get(step)) == wanted}


def _asked(step: Step | None) -> tuple[object, ...] | None:
    return (step.function, step.time_limit_minutes, step.after) if step else None
