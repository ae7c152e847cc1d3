"""What plans publishes about its plans."""

from chassis.errors import Quarantine
from chassis.messages import Incoming
from chassis.unit_of_work import UnitOfWork
from contracts.plans.v1 import PlanState, WatchedThreshold
from services.analytics import commands, domain
from vocabulary import Comparison


async def on_plan_state(uow: UnitOfWork, event: Incoming[PlanState]) -> None:
    """The limits that the plan watches are told at once when they are crossed."""
    seen = event.body.plan
    copy = domain.Plan(
        id=seen.id,
        version=seen.version,
        jurisdiction=seen.jurisdiction,
        thresholds=tuple(_limit(one) for one in seen.thresholds),
    )
    await commands.copy_plan(uow, copy, version=event.version)


def _limit(watched: WatchedThreshold) -> domain.WatchedThreshold:
    try:
        comparison = Comparison(watched.comparison)
    except ValueError as error:
        raise Quarantine(f"threshold of {watched.indicator}: {error}") from error
    return domain.WatchedThreshold(
        watched.indicator, watched.jurisdiction, comparison, watched.value
    )
