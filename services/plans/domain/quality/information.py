"""Information smooth: what a step needs, an earlier one gives; what is passed on, somebody has."""

from collections.abc import Iterator, Mapping

from services.plans.domain import parts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.plan import Level, Phase, Plan, Step

_PASSED = ("passes_up", "passes_down")


def checks(plan: Plan) -> Iterator[Check]:
    """One check that information is described at all, then one for each need and each thing passed."""
    every = [step for _, step in parts.steps(plan)]
    if not any(one.needs or one.gives or one.passes_up or one.passes_down for one in every):
        yield Finding("information-not-described", ("steps",), {})
        return
    yield None
    from_outside = {one.id for one in plan.information if one.source is not None}
    for level, step in parts.steps(plan):
        givers = _givers(level)
        for id in step.needs:
            yield _needed(level, step, id=id, givers=givers, from_outside=from_outside)
        for direction in _PASSED:
            for id in getattr(step, direction):
                yield _passed(
                    level, step, direction=direction, id=id, known={*givers, *from_outside}
                )
        if step.phase is Phase.REPORTING:
            yield _reports(level, step)


def _givers(level: Level) -> dict[str, list[str]]:
    """Which steps of the level give a piece of information."""
    found: dict[str, list[str]] = {}
    for one in level.steps:
        for id in one.gives:
            found.setdefault(id, []).append(one.id)
    return found


def _needed(
    level: Level,
    step: Step,
    *,
    id: str,
    givers: Mapping[str, list[str]],
    from_outside: set[str],
) -> Check:
    if id in from_outside:
        return None
    place = (level.level, "steps", step.id, "needs", id)
    told = {"step": step.id, "information": id}
    others = [giver for giver in givers.get(id, ()) if giver != step.id]
    if not others:
        return Finding("information-from-nobody", place, told)
    if not set(others) & _before(level, step):
        return Finding("information-too-late", place, told | {"giver": ", ".join(others)})
    return None


def _before(level: Level, step: Step) -> set[str]:
    """The steps that are done before this one can be."""
    known = {one.id: one for one in level.steps}
    found: set[str] = set()
    waiting = list(step.after)
    while waiting:
        id = waiting.pop()
        if id in known and id not in found:
            found.add(id)
            waiting += known[id].after
    return found


def _passed(level: Level, step: Step, *, direction: str, id: str, known: set[str]) -> Check:
    if id in known:
        return None
    place = (level.level, "steps", step.id, direction, id)
    return Finding("passed-without-being-given", place, {"step": step.id, "information": id})


def _reports(level: Level, step: Step) -> Check:
    if step.passes_up:
        return None
    place = (level.level, "steps", step.id, "passes_up")
    return Finding("report-without-content", place, {"step": step.id})
