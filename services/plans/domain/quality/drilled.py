"""Drilled: no drill of the plan is overdue by its cycle."""

from collections.abc import Iterator
from datetime import datetime

from services.plans.domain.finding import Check, Finding
from services.plans.domain.plan import Plan
from services.plans.domain.plan_file.source import CHINA
from services.plans.domain.surroundings import Surroundings


def checks(plan: Plan, around: Surroundings, *, at: datetime) -> Iterator[Check]:
    """The one check: a drill within the cycle, as far as it is known here; none where no rule asks."""
    standing = around.drills.get(plan.plan_id)
    if standing is None:
        yield Finding("drills-unknown", (), {})
    elif standing.due is None:
        return
    elif standing.due <= at:
        last = _day(standing.last) if standing.last is not None else "–"
        yield Finding("drill-overdue", (), {"due": _day(standing.due), "last": last})
    else:
        yield None


def _day(instant: datetime) -> str:
    return instant.astimezone(CHINA).date().isoformat()
