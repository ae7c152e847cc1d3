"""How requirements are told to others."""

import msgspec

from chassis.messages import Message, Published
from contracts.guarantee import v1
from contracts.vocabulary import v1 as shared
from services.guarantee.domain.requirement import Requirement

_MEANINGS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "raised": (v1.RequirementRaised, "An activation needs something, or another quantity of it."),
    "met": (v1.RequirementMet, "Everything that it needs is ordered."),
    "unmet": (v1.RequirementUnmet, "Something is missing, priced, with the tier to climb to next."),
    "cancelled": (v1.RequirementCancelled, "It is needed no longer."),
}
PUBLISHED = tuple(
    Published(aggregate="requirement", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _MEANINGS.items()
)


def requirement_raised(requirement: Requirement) -> Message:
    """Tell that something is needed."""
    return _message("raised", requirement, v1.RequirementRaised(requirement=_told(requirement)))


def requirement_met(requirement: Requirement) -> Message:
    """Tell that all of it is ordered."""
    return _message("met", requirement, v1.RequirementMet(requirement=_told(requirement)))


def requirement_unmet(requirement: Requirement) -> Message:
    """Tell what is missing, or that nobody knows how much is needed."""
    return _message("unmet", requirement, v1.RequirementUnmet(requirement=_told(requirement)))


def requirement_cancelled(requirement: Requirement) -> Message:
    """Tell that it is needed no longer."""
    body = v1.RequirementCancelled(requirement=_told(requirement))
    return _message("cancelled", requirement, body)


def _message(event: str, requirement: Requirement, body: msgspec.Struct) -> Message:
    return Message(
        aggregate="requirement",
        event=event,
        id=requirement.id,
        area=requirement.jurisdiction,
        mode=requirement.mode,
        body=body,
    )


def _told(requirement: Requirement) -> v1.Requirement:
    place = requirement.place
    return v1.Requirement(
        id=requirement.id,
        activation_id=requirement.activation_id,
        incident_id=requirement.incident_id,
        capability=requirement.capability,
        quantity=requirement.quantity,
        met_quantity=requirement.met_quantity,
        unit=requirement.unit,
        place=None
        if place is None
        else shared.Place(longitude=place.longitude, latitude=place.latitude),
        needed_by=requirement.needed_by,
        status=requirement.status,
        unmet_price=requirement.unmet_price,
        next_tier=requirement.next_tier,
        reason=requirement.reason,
        mode=requirement.mode,
        exercise_id=requirement.exercise_id,
        jurisdiction=requirement.jurisdiction,
        severity=requirement.severity,
        nearest_alternative=requirement.nearest_alternative,
    )
