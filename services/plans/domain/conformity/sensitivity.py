"""Not less sensitive: facts that start a level of the superior start one here, and one as severe.

Both plans are asked the same facts, each as measured where the plan is for. Decided over every
threshold boundary within the frame of domain/logic; for how long facts have held counts.
"""

from collections.abc import Iterator, Mapping

from services.plans.domain import logic
from services.plans.domain.condition import Response, leaves
from services.plans.domain.finding import Check, Finding
from services.plans.domain.logic import Atom, Formula, Method
from services.plans.domain.plan import Level, Plan, conditions
from services.plans.domain.plan_file.soundness import in_words
from vocabulary import Comparison, ResponseLevel, matches


def checks(plan: Plan, superior: Plan) -> Iterator[Check]:
    """One check for each level of the superior, the least severe first."""
    for level in reversed(superior.levels):
        yield _level(plan, superior, level)


def upstream(plan: Plan, superior: Plan, level: Level) -> Formula:
    """What holds when the superior gives that level, besides what this plan itself would bring about.

    A response for the plan's own types is this plan's doing, so no reason for it; one for the
    superior's type is then in force above, which this plan may decide by.
    """
    formula = logic.formula_of(level.conditions)
    for leaf in leaves(level.conditions):
        if isinstance(leaf, Response) and _is_own(plan, leaf.emergency_type):
            formula = logic.given(formula, leaf.name, 0.0)
    return logic.all_of(formula, *_in_force_above(plan, superior, level.level))


def here(plan: Plan, *, at_least: ResponseLevel | None = None) -> Formula:
    """What holds when this plan gives any level, or one as severe as `at_least`."""
    return logic.any_of(
        *(
            logic.formula_of(one.conditions)
            for one in plan.levels
            if at_least is None or one.level.at_least(at_least)
        )
    )


def _level(plan: Plan, superior: Plan, level: Level) -> Check:
    asked = upstream(plan, superior, level)
    told = {"superior": superior.plan_id, "superior_level": level.level}
    missed = logic.find(logic.all_of(asked, logic.Not(here(plan))))
    if missed.facts is not None:
        told |= {"facts": in_words(missed.facts)}
        return Finding("less-sensitive", ("conditions",), told, missed.facts)
    as_severe = here(plan, at_least=level.level)
    milder = logic.find(logic.all_of(asked, logic.Not(as_severe), here(plan)))
    if milder.facts is not None:
        given = _given(plan, milder.facts)
        told |= {"facts": in_words(milder.facts), "level": given}
        return Finding("less-severe", (given, "conditions"), told, milder.facts)
    for found in (missed, milder):
        if found.method is not Method.DECIDED:
            told |= {"method": found.method, "tried": str(found.tried)}
            return Finding("sensitivity-not-proven", ("conditions",), told)
    return None


def _given(plan: Plan, facts: Mapping[str, float]) -> ResponseLevel:
    """The level that this plan gives to the facts, which meet some level."""
    met = (
        one.level
        for one in plan.levels
        if logic.holds(logic.formula_of(one.conditions), facts) is not False
    )
    return next(met)


def _is_own(plan: Plan, emergency_type: str) -> bool:
    return any(
        matches(emergency_type, one) or matches(one, emergency_type) for one in plan.emergency_types
    )


def _in_force_above(plan: Plan, superior: Plan, level: ResponseLevel) -> list[Atom]:
    read = {one.name: one for one in conditions(plan) if isinstance(one, Response)}
    return [
        Atom(name, Comparison.AT_LEAST, float(level.severity))
        for name, one in sorted(read.items())
        if matches(superior.emergency_type, one.emergency_type)
    ]
