"""What is said of organizations: their whole state, newest wins."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="organization",
        event="state",
        body=contract.OrganizationState,
        meaning="An organization is as told here: kind, place in the tree, functions, coverage.",
        state=True,
    ),
)


def organization_defined(said: domain.OrganizationDefined) -> Message:
    """The organization's whole state."""
    one = said.organization
    body = contract.Organization(
        id=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind=one.kind,
        jurisdiction=one.jurisdiction,
        parent=one.parent,
        functions=one.functions,
        emergency_types=one.emergency_types,
    )
    return wire.message(
        contract.OrganizationState(organization=body),
        aggregate="organization",
        event="state",
        id=one.id,
        area=one.jurisdiction,
        state=True,
    )


MESSAGES = {domain.OrganizationDefined: organization_defined}
