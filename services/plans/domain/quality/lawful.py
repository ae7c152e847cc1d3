"""Lawful: the law allows each measure to the organization that issues the plan, at the level where it stands."""

from collections.abc import Iterator
from datetime import datetime

from services.plans.domain import parts
from services.plans.domain.content import Law, contents
from services.plans.domain.facts import Facts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.plan import Level, Measure, Plan
from services.plans.domain.surroundings import Surroundings
from vocabulary import LegalAnswer, LegalVerdict


def checks(plan: Plan, around: Surroundings, *, at: datetime) -> Iterator[Check]:
    """One check a measure, at the least severe level where it stands: the answer that activation gives."""
    law = Law(around.provisions, around.organization(plan.organization_id))
    answers = contents(plan, Facts({}), law=law, now=at)
    for level, measure in parts.measures(plan):
        due = {one.code: one for one in answers[level.level].measures}
        yield _answered(plan, level, measure=measure, answer=due[measure.code].legal)


def _answered(plan: Plan, level: Level, *, measure: Measure, answer: LegalAnswer) -> Check:
    place = (level.level, "measures", measure.code)
    told = {"measure": measure.code, "missing": answer.missing or ""}
    match answer.verdict:
        case LegalVerdict.ALLOWED:
            return None
        case LegalVerdict.UNKNOWN:
            return Finding("measure-law-unknown", place, told)
        case LegalVerdict.REFUSED:
            holders = ", ".join(answer.who_may_grant) or "–"
            told |= {"organization": plan.organization_id, "level": level.level, "holders": holders}
            return Finding("measure-not-allowed", place, told)
