"""How dispatches are told to others."""

import msgspec

from chassis.messages import Message, Published
from contracts.guarantee import v1
from services.guarantee.domain.dispatch import Dispatch, DispatchStatus

_MEANINGS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "ordered": (v1.DispatchOrdered, "A resource is ordered to a need and held for it."),
    "acknowledged": (v1.DispatchAcknowledged, "Its crew has the order."),
    "unable": (v1.DispatchUnable, "It cannot go, or go on; the need is solved again."),
    "en_route": (v1.DispatchEnRoute, "It is on its way."),
    "on_scene": (v1.DispatchOnScene, "It has arrived."),
    "released": (v1.DispatchReleased, "It is needed there no longer."),
    "returned": (v1.DispatchReturned, "It is back."),
    "cancelled": (v1.DispatchCancelled, "It was called off before it moved."),
}
PUBLISHED = tuple(
    Published(aggregate="dispatch", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _MEANINGS.items()
)


def dispatch_told(dispatch: Dispatch) -> Message:
    """Tell the status that the dispatch has just reached."""
    told = _contract(dispatch)
    bodies: dict[DispatchStatus, msgspec.Struct] = {
        DispatchStatus.ORDERED: v1.DispatchOrdered(dispatch=told),
        DispatchStatus.ACKNOWLEDGED: v1.DispatchAcknowledged(dispatch=told),
        DispatchStatus.UNABLE: v1.DispatchUnable(dispatch=told, reason=dispatch.reason or ""),
        DispatchStatus.EN_ROUTE: v1.DispatchEnRoute(dispatch=told),
        DispatchStatus.ON_SCENE: v1.DispatchOnScene(dispatch=told),
        DispatchStatus.RELEASED: v1.DispatchReleased(dispatch=told),
        DispatchStatus.RETURNED: v1.DispatchReturned(dispatch=told),
        DispatchStatus.CANCELLED: v1.DispatchCancelled(dispatch=told),
    }
    return Message(
        aggregate="dispatch",
        event=dispatch.status.lower(),
        id=dispatch.id,
        area=dispatch.jurisdiction,
        mode=dispatch.mode,
        body=bodies[dispatch.status],
    )


def _contract(dispatch: Dispatch) -> v1.Dispatch:
    return v1.Dispatch(
        id=dispatch.id,
        requirement_id=dispatch.requirement_id,
        activation_id=dispatch.activation_id,
        incident_id=dispatch.incident_id,
        resource_id=dispatch.resource_id,
        resource_name_zh=dispatch.resource_name_zh,
        resource_name_en=dispatch.resource_name_en,
        capability=dispatch.capability,
        quantity=dispatch.quantity,
        unit=dispatch.unit,
        owner_organization_id=dispatch.owner,
        status=dispatch.status,
        ordered_at=dispatch.ordered_at,
        eta=dispatch.eta,
        travel_minutes=dispatch.travel_minutes,
        mode=dispatch.mode,
        exercise_id=dispatch.exercise_id,
        jurisdiction=dispatch.jurisdiction,
        travel_quality=dispatch.travel_quality,
    )
