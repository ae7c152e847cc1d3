"""How the inventory is told to others: each resource whole, on the state stream."""

from chassis.messages import Message, Published
from contracts.guarantee import v1
from contracts.vocabulary import v1 as shared
from services.guarantee.domain.resource import Resource

PUBLISHED = (
    Published(
        aggregate="resource",
        event="state",
        body=v1.ResourceState,
        meaning="A resource as it stands: how much of what, where, and whether it can be sent.",
        state=True,
    ),
)


def resource_state(resource: Resource) -> Message:
    """Tell the whole resource; what is booked of it is told by dispatches."""
    place = resource.place
    told = v1.Resource(
        id=resource.id,
        name_zh=resource.name_zh,
        name_en=resource.name_en,
        kind=resource.kind,
        capabilities=resource.capabilities,
        quantity=resource.quantity,
        unit=resource.unit,
        owner=resource.owner,
        jurisdiction=resource.jurisdiction,
        place=None
        if place is None
        else shared.Place(longitude=place.longitude, latitude=place.latitude),
        readiness=resource.readiness,
        qualification_expires_at=resource.qualification_expires_at,
    )
    return Message(
        aggregate="resource",
        event="state",
        id=resource.id,
        area=resource.jurisdiction,
        body=v1.ResourceState(resource=told),
        state=True,
    )
