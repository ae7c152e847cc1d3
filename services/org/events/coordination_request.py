"""What is said of coordination requests; free words stay in the request."""

from collections.abc import Callable
from typing import Any

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

_SAID = {
    "requested": (contract.CoordinationRequested, "An organization asks another."),
    "acknowledged": (contract.CoordinationAcknowledged, "The organization that is asked knows."),
    "accepted": (contract.CoordinationAccepted, "It will help."),
    "declined": (contract.CoordinationDeclined, "It will not, on a ground."),
    "completed": (contract.CoordinationCompleted, "It has helped."),
    "withdrawn": (contract.CoordinationWithdrawn, "It is not needed any more."),
    "escalated": (contract.CoordinationEscalated, "The common superior is asked to direct it."),
    "directed": (
        contract.CoordinationDirected,
        "The common superior said whether it is to be done.",
    ),
}
PUBLISHED = tuple(
    Published(aggregate="coordination_request", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _SAID.items()
)


def _teller(event: str) -> Callable[[Any], Message]:
    def tell(said: domain.CoordinationEvent) -> Message:
        request = said.request
        return wire.message(
            _SAID[event][0](coordination_request=_body(request)),
            aggregate="coordination_request",
            event=event,
            id=request.id,
            area=request.jurisdiction,
            mode=request.mode,
        )

    return tell


def _body(one: domain.CoordinationRequest) -> contract.CoordinationRequest:
    need = one.need
    return contract.CoordinationRequest(
        id=one.id,
        status=one.status.value,
        title=one.title,
        capability=need.capability if need else None,
        quantity=need.quantity if need else None,
        unit=need.unit if need else None,
        urgency=one.urgency.value,
        from_organization=one.from_organization,
        to_organization=one.to_organization,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        mode=one.mode,
        exercise_id=one.exercise_id,
        needed_by=one.needed_by,
        requested_at=one.requested_at,
        answer_due_at=one.answer_due_at,
        acknowledged_at=one.acknowledged_at,
        answered_at=one.answered_at,
        promised_by=one.promised_by,
        ground=one.ground.value if one.ground else None,
        completed_at=one.completed_at,
        withdrawn_at=one.withdrawn_at,
        escalated_to=one.escalated_to,
        escalated_at=one.escalated_at,
        direction=one.direction.value if one.direction else None,
        directed_at=one.directed_at,
    )


MESSAGES = {
    domain.CoordinationRequested: _teller("requested"),
    domain.CoordinationAcknowledged: _teller("acknowledged"),
    domain.CoordinationAccepted: _teller("accepted"),
    domain.CoordinationDeclined: _teller("declined"),
    domain.CoordinationCompleted: _teller("completed"),
    domain.CoordinationWithdrawn: _teller("withdrawn"),
    domain.CoordinationEscalated: _teller("escalated"),
    domain.CoordinationDirected: _teller("directed"),
}
