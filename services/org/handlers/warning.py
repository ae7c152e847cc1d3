"""What is heard of early warnings: what a government announced stands in its duty log."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.org import commands


async def on_warning_issued(uow: UnitOfWork, event: Incoming[guarantee.WarningIssued]) -> None:
    """The log says that the warning was announced."""
    said = event.body.warning
    await commands.note_warning(
        uow,
        emergency_type=said.emergency_type,
        colour=said.colour,
        at=event.time,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        exercise_id=said.exercise_id,
        organization_id=said.organization_id,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="guarantee",
        aggregate="warning",
        on={"issued.v1": (guarantee.WarningIssued, on_warning_issued)},
    ),
)
