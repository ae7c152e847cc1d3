"""Resources clear: each step says what it takes, each need is a number, and what is held covers it."""

from collections.abc import Iterator
from datetime import datetime

from services.plans.domain import condition, parts, resource
from services.plans.domain.content import Law, contents
from services.plans.domain.facts import World, suppose
from services.plans.domain.finding import Check, Evidence, Finding
from services.plans.domain.plan import Level, Plan, Requirement, Step
from services.plans.domain.surroundings import Surroundings

ENOUGH = 1e-9  # what rounding of sums may take away


def checks(plan: Plan, around: Surroundings, *, at: datetime) -> Iterator[Check]:
    """One check for what each step says, one for each id that it uses, one for each requirement."""
    for level, step in parts.steps(plan):
        yield _stated(level, step)
        yield from _used(level, step)
    facts = suppose(plan, (), world=World(jurisdictions=around.jurisdictions), now=at)
    known = frozenset(facts.values)
    numbers = contents(plan, facts, law=Law(), now=at)
    for level, one in parts.requirements(plan):
        needed = {need.id: need.quantity for need in numbers[level.level].requirements}[one.id]
        if needed is None:
            yield _without_figure(level, one, known=known)
        else:
            yield _covered(plan, level, one=one, needed=needed, around=around, at=at)


def _stated(level: Level, step: Step) -> Check:
    if step.uses is not None:
        return None
    place = (level.level, "steps", step.id, "uses")
    return Finding("resources-not-stated", place, {"step": step.id})


def _used(level: Level, step: Step) -> Iterator[Check]:
    known = {one.id for one in level.requirements}
    for id in step.uses or ():
        if id in known:
            yield None
        else:
            place = (level.level, "steps", step.id, "uses", id)
            told = {"step": step.id, "requirement": id, "level": level.level}
            yield Finding("requirement-unknown", place, told)


def _without_figure(level: Level, one: Requirement, *, known: frozenset[str]) -> Check:
    missing = [name for name in condition.program(one.quantity).names if name not in known]
    return Finding(
        "requirement-without-figure",
        (level.level, "requirements", one.id, "quantity"),
        {"requirement": one.id, "formula": one.quantity, "missing": ", ".join(missing) or "–"},
    )


def _covered(
    plan: Plan,
    level: Level,
    *,
    one: Requirement,
    needed: float,
    around: Surroundings,
    at: datetime,
) -> Check:
    place = (level.level, "requirements", one.id)
    told: dict[str, Evidence] = {
        "capability": one.capability,
        "needed": needed,
        "unit": one.unit,
    }
    if not around.resources:
        return Finding("resources-unknown", place, told)
    by_unit = resource.held(
        around.resources, capability=one.capability, area=plan.jurisdiction, at=at
    )
    held = by_unit.get(one.unit, 0.0)
    if held + ENOUGH >= needed:
        return None
    if by_unit and one.unit not in by_unit:
        units = ", ".join(sorted(by_unit))
        told = {"capability": one.capability, "unit": one.unit, "held_units": units}
        return Finding("resource-unit-differs", place, told)
    told |= {"held": held, "short": needed - held, "jurisdiction": plan.jurisdiction}
    return Finding("resource-short", place, told)
