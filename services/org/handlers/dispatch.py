"""What is heard of dispatches: an incident cannot close while they are out."""

from typing import TypeAlias

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.org import commands, domain

_DispatchEvent: TypeAlias = (
    guarantee.DispatchOrdered
    | guarantee.DispatchAcknowledged
    | guarantee.DispatchUnable
    | guarantee.DispatchEnRoute
    | guarantee.DispatchOnScene
    | guarantee.DispatchReleased
    | guarantee.DispatchReturned
    | guarantee.DispatchCancelled
)


async def on_dispatch_changed(uow: UnitOfWork, event: Incoming[_DispatchEvent]) -> None:
    """The last status is kept."""
    said = event.body.dispatch
    heard = domain.Dispatch(
        id=said.id,
        incident_id=said.incident_id,
        status=said.status,
        resource=said.resource_name_en or said.resource_id,
    )
    await commands.hear_dispatch(uow, heard)


SUBSCRIPTIONS = (
    Subscription(
        service="guarantee",
        aggregate="dispatch",
        on={
            "ordered.v1": (guarantee.DispatchOrdered, on_dispatch_changed),
            "acknowledged.v1": (guarantee.DispatchAcknowledged, on_dispatch_changed),
            "unable.v1": (guarantee.DispatchUnable, on_dispatch_changed),
            "en_route.v1": (guarantee.DispatchEnRoute, on_dispatch_changed),
            "on_scene.v1": (guarantee.DispatchOnScene, on_dispatch_changed),
            "released.v1": (guarantee.DispatchReleased, on_dispatch_changed),
            "returned.v1": (guarantee.DispatchReturned, on_dispatch_changed),
            "cancelled.v1": (guarantee.DispatchCancelled, on_dispatch_changed),
        },
    ),
)
