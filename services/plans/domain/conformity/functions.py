"""No function dropped: whom the superior gives work at a level, the plan gives work, too."""

from collections.abc import Iterator
from datetime import datetime

from services.plans.domain.finding import Check, Finding
from services.plans.domain.hierarchy import Extent, hierarchy_rule
from services.plans.domain.plan import Level, Plan
from services.plans.domain.surroundings import Surroundings
from vocabulary import ResponseLevel, area


def checks(plan: Plan, superior: Plan, *, around: Surroundings, at: datetime) -> Iterator[Check]:
    """One check for each function of each level of the superior that is this plan's to carry."""
    own = hierarchy_rule(at).kinds[plan.kind].carries is Extent.OWN
    issuer = around.organization(plan.organization_id)
    held = issuer.functions if issuer else None
    if own and held is None:
        told = {"organization": plan.organization_id, "superior": superior.plan_id}
        yield Finding("functions-unknown", ("organization",), told)
        return
    for level in reversed(superior.levels):
        mine = counterpart(plan, level.level)
        for function, (zh, en) in sorted(assigned(level).items()):
            if own and function not in (held or ()):
                continue
            if function in assigned(mine):
                yield None
            else:
                yield _dropped(
                    plan, superior, level, mine, function=function, of=(zh, en), around=around
                )


def assigned(level: Level) -> dict[str, tuple[str, str]]:
    """Each function that the level gives work, with what work, in both languages."""
    found: dict[str, tuple[str, str]] = {}
    for measure in level.measures:
        for function in measure.addressee_functions:
            found.setdefault(function, (measure.text_zh, measure.text_en))
    for step in level.steps:
        found.setdefault(step.function, (step.title_zh, step.title_en))
    return found


def counterpart(plan: Plan, level: ResponseLevel) -> Level:
    """The plan's level that answers that level: the mildest as severe as it, else the most severe."""
    as_severe = [one for one in plan.levels if one.level.at_least(level)]
    return as_severe[-1] if as_severe else plan.levels[0]


def _dropped(
    plan: Plan,
    superior: Plan,
    level: Level,
    mine: Level,
    *,
    function: str,
    of: tuple[str, str],
    around: Surroundings,
) -> Check:
    told = {"superior": superior.plan_id, "superior_level": level.level, "function": function}
    place = (mine.level, "steps")
    if _is_held_above(plan, function, around=around):
        return Finding("function-held-above", place, told)
    told |= {"level": mine.level, "for_zh": of[0], "for_en": of[1]}
    return Finding("function-dropped", place, told)


def _is_held_above(plan: Plan, function: str, *, around: Surroundings) -> bool:
    """Whether somebody holds it, and nobody of the plan's own division."""
    holders = around.answering(function, plan.jurisdiction)
    here = area.prefix(plan.jurisdiction)
    return bool(holders) and all(area.prefix(one.jurisdiction) != here for one in holders)
