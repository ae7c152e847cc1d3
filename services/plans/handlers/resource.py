"""What guarantee says of its inventory."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain

READY = "READY"


async def on_resource_state(uow: UnitOfWork, event: Incoming[guarantee.ResourceState]) -> None:
    """The copy is as guarantee last said it."""
    said = event.body.resource
    await commands.keep_resource(
        uow,
        domain.Resource(
            id=said.id,
            capabilities=said.capabilities,
            quantity=said.quantity,
            unit=said.unit,
            jurisdiction=said.jurisdiction,
            is_ready=said.readiness == READY,
            qualification_expires_at=said.qualification_expires_at,
            as_of=event.time,
        ),
    )


SUBSCRIPTION = Subscription(
    service="guarantee",
    aggregate="resource",
    on={"state.v1": (guarantee.ResourceState, on_resource_state)},
    state=True,
)
