"""What org says of organizations."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.plans import commands, domain


async def on_organization_state(uow: UnitOfWork, event: Incoming[org.OrganizationState]) -> None:
    """The copy is as org last said it."""
    said = event.body.organization
    await commands.keep_organization(
        uow,
        domain.Organization(
            id=said.id,
            name_zh=said.name_zh,
            name_en=said.name_en,
            kind=said.kind,
            jurisdiction=said.jurisdiction,
            as_of=event.time,
            functions=said.functions,
            parent=said.parent,
        ),
    )


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="organization",
    on={"state.v1": (org.OrganizationState, on_organization_state)},
    state=True,
)
