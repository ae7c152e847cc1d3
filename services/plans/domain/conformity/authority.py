"""No measure beyond the superior's legal basis: the provisions that it names carry each of ours."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import vocabulary
from services.plans.domain import parts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.plan import Level, Measure, Plan
from services.plans.domain.surroundings import Surroundings
from vocabulary import LegalAnswer, LegalVerdict, OrganizationKind


def checks(plan: Plan, superior: Plan, *, around: Surroundings, at: datetime) -> Iterator[Check]:
    """One check for each measure of the plan, at the least severe level where it stands."""
    named = set(superior.legal_basis)
    known = [one.law for one in around.provisions if one.id in named]
    missing = sorted(named - {one.id for one in known})
    for level, measure in parts.measures(plan):
        answer = _answer(plan, level, measure=measure, provisions=known, at=at)
        if answer.verdict is LegalVerdict.ALLOWED:
            yield None
            continue
        told = {"superior": superior.plan_id, "measure": measure.code}
        place = (level.level, "measures", measure.code)
        if missing or not named:
            told |= {"missing": ", ".join(missing) or "legal_basis"}
            yield Finding("superiors-law-unknown", place, told)
        else:
            told |= {"level": level.level, "missing": answer.missing or ""}
            yield Finding("beyond-superiors-law", place, told)


def _answer(
    plan: Plan,
    level: Level,
    *,
    measure: Measure,
    provisions: Sequence[vocabulary.Provision],
    at: datetime,
) -> LegalAnswer:
    """The best answer that any holder gets: who holds it here is asked of the plan's own basis."""
    holders = dict.fromkeys(kind for one in provisions for kind in one.held_by)
    answers = [
        vocabulary.may(
            measure.code,
            kind=kind,
            level=level.level,
            area=plan.jurisdiction,
            at=at,
            provisions=provisions,
        )
        for kind in holders or [OrganizationKind.COMMITTEE]
    ]
    return next((one for one in answers if one.verdict is LegalVerdict.ALLOWED), answers[0])
