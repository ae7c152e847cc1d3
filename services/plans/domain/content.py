"""What a level sets going: its measures with the law's answer, its steps, its needs in numbers."""

import math
from dataclasses import dataclass
from datetime import datetime

from chassis import expressions
from services.plans.domain import condition
from services.plans.domain.facts import Facts
from services.plans.domain.organization import Organization
from services.plans.domain.plan import Level, Measure, Plan, Requirement, Step
from services.plans.domain.provision import Provision, Question, answer_question
from vocabulary import LegalAnswer, LegalVerdict, Place, ResponseLevel


@dataclass(frozen=True, slots=True)
class DueMeasure:
    """A measure with the law's answer; `automatic` only where the law allows it."""

    code: str
    text_zh: str
    text_en: str
    addressee_functions: tuple[str, ...]
    automatic: bool
    duration_minutes: int | None
    legal: LegalAnswer


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement in numbers; `quantity` None when its formula's inputs are unknown."""

    id: str
    capability: str
    quantity: float | None
    unit: str
    place: Place | None
    within_minutes: int | None
    severity: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a level of a plan sets going."""

    measures: tuple[DueMeasure, ...] = ()
    steps: tuple[Step, ...] = ()
    requirements: tuple[Need, ...] = ()


NOTHING = Content()


@dataclass(frozen=True, slots=True)
class Law:
    """Our copies of what the law says and of whom it is asked about; `holder` None is unknown.

    `organizations` are all that are known: those of them that hold what is missing are named.
    """

    provisions: tuple[Provision, ...] = ()
    holder: Organization | None = None
    organizations: tuple[Organization, ...] = ()


Contents = dict[ResponseLevel, Content]


def contents(plan: Plan, facts: Facts, *, law: Law, now: datetime) -> Contents:
    """The content of every level of the plan, by the law and the facts at `now`."""
    return {
        level.level: Content(
            measures=measures_of(plan, level, law=law, now=now),
            steps=level.steps,
            requirements=tuple(_need(one, facts) for one in level.requirements),
        )
        for level in plan.levels
    }


def measures_of(plan: Plan, level: Level, *, law: Law, now: datetime) -> tuple[DueMeasure, ...]:
    """The measures of the level of the plan with the law's answer at `now` to each."""
    return tuple(_due(plan, level, measure=one, law=law, now=now) for one in level.measures)


def _due(plan: Plan, level: Level, *, measure: Measure, law: Law, now: datetime) -> DueMeasure:
    """PLAN-6: no measure takes effect by itself unless the law allows it; unknown needs a person."""
    answer = _legal(plan, level, measure=measure, law=law, now=now)
    return DueMeasure(
        code=measure.code,
        text_zh=measure.text_zh,
        text_en=measure.text_en,
        addressee_functions=measure.addressee_functions,
        automatic=measure.automatic and answer.verdict is LegalVerdict.ALLOWED,
        duration_minutes=measure.duration_minutes,
        legal=answer,
    )


def _legal(plan: Plan, level: Level, *, measure: Measure, law: Law, now: datetime) -> LegalAnswer:
    question = Question(
        measure=measure.code,
        area=plan.jurisdiction,
        at=now,
        organization_id=plan.organization_id,
        level=level.level,
        minutes=measure.duration_minutes,
    )
    return answer_question(
        question, law.provisions, holder=law.holder, organizations=law.organizations
    )


def _need(one: Requirement, facts: Facts) -> Need:
    return Need(
        id=one.id,
        capability=one.capability,
        quantity=_quantity(one.quantity, facts),
        unit=one.unit,
        place=one.place,
        within_minutes=one.within_minutes,
        severity=one.severity,
    )


def _quantity(formula: str, facts: Facts) -> float | None:
    """The formula's number, never below zero; None when an input is unknown or it has no number."""
    match condition.program(formula).evaluate(facts.values):
        case expressions.Undetermined():
            return None
        case answer:
            number = float(answer)
            return max(0.0, number) if math.isfinite(number) else None
