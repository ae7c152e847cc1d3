"""Conditions operational: read from what is measured, met by some facts, in the order of levels.

Asked of all facts by domain/logic, as when a plan file is checked.
"""

from collections.abc import Iterator

from services.plans.domain import condition, logic
from services.plans.domain.condition import Leaf
from services.plans.domain.difference import written
from services.plans.domain.finding import Check, Finding
from services.plans.domain.logic import Formula, Method
from services.plans.domain.plan import Level, Plan
from services.plans.domain.plan_file.soundness import in_words
from services.plans.domain.surroundings import Surroundings
from vocabulary import INDICATORS


def checks(plan: Plan, around: Surroundings) -> Iterator[Check]:
    """For each level: its indicators, its expressions, whether it is met, given, and kept for more."""
    formulas = [logic.formula_of(level.conditions) for level in plan.levels]
    if any(logic.find(one).method is Method.GAVE_UP for one in formulas):
        yield from _too_large(plan, formulas)
        return
    for number, level in enumerate(plan.levels):
        place = (level.level, "conditions")
        yield from _measured(plan, level, place=place, around=around)
        for leaf in condition.leaves(level.conditions):
            yield _expression(level, leaf, place)
        yield _met(level, formulas[number], place)
        if number:
            yield _given(level, formulas[number], severer=plan.levels[:number], place=place)
    yield from _kept(plan, formulas)


def _too_large(plan: Plan, formulas: list[Formula]) -> Iterator[Check]:
    """What is asked of all levels together would take as long again for every question."""
    for level, formula in zip(plan.levels, formulas, strict=True):
        found = logic.find(formula)
        if found.method is Method.GAVE_UP:
            yield _gave_up(level, (level.level, "conditions"), found.tried)


def _measured(
    plan: Plan, level: Level, *, place: tuple[str, ...], around: Surroundings
) -> Iterator[Check]:
    """Every indicator is registered, or the plan would not compile; is one that is measured reported?"""
    names = {name for one in condition.leaves(level.conditions) for name in condition.reads(one)}
    for name in sorted(names):
        if name not in INDICATORS or INDICATORS[name].source != "analytics":
            continue
        if (name, plan.jurisdiction) in around.reported:
            yield None
        elif around.reported:
            told = {"level": level.level, "indicator": name, "jurisdiction": plan.jurisdiction}
            yield Finding("indicator-never-reported", place, told)
        else:
            yield Finding("indicators-unknown", place, {"indicator": name})


def _expression(level: Level, leaf: Leaf, place: tuple[str, ...]) -> Check:
    found = logic.find(logic.formula_of(leaf))
    told = {"level": level.level, "condition": leaf.text}
    if not logic.is_decidable(leaf):
        return Finding("condition-sampled", place, told)
    if found.facts is None and found.method is Method.DECIDED:
        return Finding("condition-never-holds", place, told)
    return None


def _met(level: Level, formula: Formula, place: tuple[str, ...]) -> Check:
    found = logic.find(formula)
    if found.facts is not None:
        return None
    told = {"level": level.level}
    if found.method is Method.DECIDED:
        return Finding("level-never-met", place, told)
    return Finding("condition-sampled", place, told | {"condition": written(level.conditions)})


def _given(
    level: Level, formula: Formula, *, severer: tuple[Level, ...], place: tuple[str, ...]
) -> Check:
    """Whether some facts meet this level and none above it."""
    above = [logic.Not(logic.formula_of(one.conditions)) for one in severer]
    found = logic.find(logic.all_of(formula, *above))
    if found.facts is not None:
        return None
    if found.method is Method.GAVE_UP:
        return _gave_up(level, place, found.tried)
    example = logic.find(formula).facts
    if found.method is Method.SAMPLED or example is None:
        told = {"level": level.level, "condition": written(level.conditions)}
        return Finding("condition-sampled", place, told)
    told = {"level": level.level, "facts": in_words(example)}
    return Finding("level-never-given", place, told, example)


def _gave_up(level: Level, place: tuple[str, ...], tried: int) -> Finding:
    return Finding("condition-too-large", place, {"level": level.level, "tried": tried})


def _kept(plan: Plan, formulas: list[Formula]) -> Iterator[Check]:
    """Whether more of an indicator ever leaves a level: for each indicator, and for what is declared."""
    names = {atom.indicator for one in formulas for atom in logic.atoms(one)} - {logic.HELD}
    for name in sorted(names):
        yield _more_is_no_less(plan, formulas, name)


def _more_is_no_less(plan: Plan, formulas: list[Formula], name: str) -> Check:
    for number, level in enumerate(plan.levels, start=1):
        counter = logic.falling(logic.any_of(*formulas[:number]), name)
        if counter is None:
            continue
        low, high, rest = counter
        slug = "breaks-its-word" if name in plan.monotone else "falls-for-more"
        return Finding(
            slug,
            (level.level, "conditions"),
            {
                "indicator": name,
                "low": low,
                "high": high,
                "level": level.level,
                "facts": in_words(rest),
            },
            {**rest, name: low},
        )
    return None
