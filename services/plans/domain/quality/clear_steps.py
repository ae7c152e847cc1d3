"""Steps clear: each says who by function, within which time, and what is done."""

from collections.abc import Iterator

from services.plans.domain import parts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.plan import Plan, Step
from services.plans.domain.plan_file import wording
from services.plans.domain.surroundings import Surroundings


def checks(plan: Plan, around: Surroundings) -> Iterator[Check]:
    """Four checks a step: a function is named, somebody holds it, a limit in minutes, a verb."""
    for level, step in parts.steps(plan):
        place = (level.level, "steps", step.id)
        yield _owner(step, place)
        yield _holder(plan, step, around=around, place=place)
        yield _limit(step, place)
        yield _verb(step, place)


def _owner(step: Step, place: tuple[str, ...]) -> Check:
    for text in (step.function, step.title_zh, step.title_en):
        if wording.names_nobody(text):
            told = {"step": step.id, "text": text}
            return Finding("owner-not-a-function", (*place, "function"), told)
    return None


def _holder(plan: Plan, step: Step, *, around: Surroundings, place: tuple[str, ...]) -> Check:
    at = (*place, "function")
    if not around.knows_functions:
        return Finding("function-holders-unknown", at, {"function": step.function})
    holders = around.answering(step.function, plan.jurisdiction)
    told = {"step": step.id, "function": step.function}
    if not holders:
        return Finding("function-held-by-nobody", at, told | {"jurisdiction": plan.jurisdiction})
    if len(holders) > 1:
        named = ", ".join(one.id for one in holders)
        return Finding("function-held-by-several", at, told | {"organizations": named})
    return None


def _limit(step: Step, place: tuple[str, ...]) -> Check:
    at = (*place, "time_limit_minutes")
    if step.time_limit_minutes < 1:
        minutes = step.time_limit_minutes
        return Finding("time-limit-missing", at, {"step": step.id, "minutes": minutes})
    for text in (step.title_zh, step.title_en):
        if word := wording.time_in_words(text):
            return Finding("time-in-words", (*place, "title"), {"step": step.id, "text": word})
    return None


def _verb(step: Step, place: tuple[str, ...]) -> Check:
    if wording.has_verb(step.title_zh, step.title_en):
        return None
    told = {"step": step.id, "title": f"{step.title_zh} / {step.title_en}"}
    return Finding("step-without-verb", (*place, "title"), told)
