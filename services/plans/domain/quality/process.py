"""Process clear: the steps of a level are an order in time, and every phase that counts has one."""

import graphlib
from collections.abc import Iterator
from datetime import datetime

from services.plans.domain import parts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.hierarchy import hierarchy_rule, tier_of
from services.plans.domain.plan import Level, Phase, Plan, Step

_ORDER = {phase: number for number, phase in enumerate(Phase)}


def checks(plan: Plan, *, at: datetime) -> Iterator[Check]:
    """One check for each level's steps, their order, each wait of a step, and each phase due."""
    for level in parts.ascending(plan):
        yield _has_steps(level)
        yield _is_ordered(level)
    for level, step in parts.steps(plan):
        known = {one.id: one for one in level.steps}
        for before in (known[id] for id in step.after if id in known):
            yield _time(level, step, before)
            yield _phase(level, step, before)
    yield from _phases(plan, at=at)


def _has_steps(level: Level) -> Check:
    if level.steps:
        return None
    return Finding("level-without-steps", (level.level, "steps"), {"level": level.level})


def _is_ordered(level: Level) -> Check:
    place = (level.level, "steps")
    known = {one.id for one in level.steps}
    strangers = sorted({id for one in level.steps for id in one.after} - known)
    if strangers:
        return Finding("steps-in-a-circle", place, {"steps": ", ".join(strangers)})
    try:
        graphlib.TopologicalSorter({one.id: one.after for one in level.steps}).prepare()
    except graphlib.CycleError as error:
        return Finding("steps-in-a-circle", place, {"steps": " ← ".join(error.args[1])})
    return None


def _time(level: Level, step: Step, before: Step) -> Check:
    """Every task of a level is due its limit after the level started: services/org, create_task."""
    if step.time_limit_minutes >= before.time_limit_minutes:
        return None
    return Finding(
        "due-before-predecessor",
        (level.level, "steps", step.id, "time_limit_minutes"),
        {
            "step": step.id,
            "minutes": step.time_limit_minutes,
            "predecessor": before.id,
            "predecessor_minutes": before.time_limit_minutes,
        },
    )


def _phase(level: Level, step: Step, before: Step) -> Check:
    if _ORDER[step.phase] >= _ORDER[before.phase]:
        return None
    return Finding(
        "phase-backwards",
        (level.level, "steps", step.id, "phase"),
        {
            "step": step.id,
            "phase": step.phase,
            "predecessor": before.id,
            "predecessor_phase": before.phase,
        },
    )


def _phases(plan: Plan, *, at: datetime) -> Iterator[Check]:
    tier = tier_of(plan.jurisdiction)
    covered = {step.phase for _, step in parts.steps(plan)}
    for phase in hierarchy_rule(at).kinds[plan.kind].tiers.get(tier, ()):
        if phase in covered:
            yield None
        else:
            told = {"phase": phase, "tier": tier, "kind": plan.kind}
            yield Finding("phase-not-covered", ("steps",), told)
