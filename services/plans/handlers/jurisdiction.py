"""What org says of jurisdictions."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.plans import commands, domain


async def on_jurisdiction_state(uow: UnitOfWork, event: Incoming[org.JurisdictionState]) -> None:
    """The copy is as org last said it."""
    said = event.body.jurisdiction
    await commands.keep_jurisdiction(
        uow,
        domain.Jurisdiction(
            id=said.code,
            name_zh=said.name_zh,
            name_en=said.name_en,
            parent=said.parent,
            population=said.population,
            area_km2=said.area_km2,
            state=said.state,
            as_of=event.time,
        ),
    )


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="jurisdiction",
    on={"state.v1": (org.JurisdictionState, on_jurisdiction_state)},
    state=True,
)
