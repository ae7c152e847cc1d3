"""What is heard of needs: one that is not met is written in the duty log."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.org import commands


async def on_requirement_unmet(
    uow: UnitOfWork, event: Incoming[guarantee.RequirementUnmet]
) -> None:
    """The log says what is missing, of how much, and which tier is next."""
    need = event.body.requirement
    amounts = f"{need.met_quantity:g}/{need.quantity:g} {need.unit}"
    tier = f" → {need.next_tier}" if need.next_tier else ""
    await commands.hear_unmet(
        uow,
        (
            f"需求未满足:{need.capability} {amounts}{tier}",
            f"Not met: {need.capability} {amounts}{tier}",
        ),
        at=event.time,
        jurisdiction=need.jurisdiction,
        mode=need.mode,
        incident_id=need.incident_id,
        exercise_id=need.exercise_id,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="guarantee",
        aggregate="requirement",
        on={"unmet.v1": (guarantee.RequirementUnmet, on_requirement_unmet)},
    ),
)
