"""What guarantee says of legal provisions."""

from datetime import UTC, datetime

import vocabulary
from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain

ALWAYS = datetime(1949, 10, 1, tzinfo=UTC)  # a provision that names no first day


async def on_provision_state(uow: UnitOfWork, event: Incoming[guarantee.ProvisionState]) -> None:
    """The copy is as guarantee last said it."""
    said = event.body.provision
    law = vocabulary.Provision(
        id=said.id,
        instrument=said.instrument,
        article=said.article,
        measures=said.measures,
        held_by=said.held_by,
        minimum_level=said.minimum_level,
        territory=said.territory,
        maximum_duration_minutes=said.maximum_duration_minutes,
        valid_from=said.valid_from or ALWAYS,
        valid_to=said.valid_to,
        source=said.source or "",
    )
    await commands.keep_provision(uow, domain.Provision(id=said.id, law=law))


SUBSCRIPTION = Subscription(
    service="guarantee",
    aggregate="provision",
    on={"state.v1": (guarantee.ProvisionState, on_provision_state)},
    state=True,
)
