"""What is said of jurisdictions: their whole state, newest wins."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="jurisdiction",
        event="state",
        body=contract.JurisdictionState,
        meaning="A division is as told here: names, people, ground, boundary, state.",
        state=True,
    ),
)


def jurisdiction_defined(said: domain.JurisdictionDefined) -> Message:
    """The division's whole state."""
    one = said.jurisdiction
    body = contract.Jurisdiction(
        code=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        parent=one.parent,
        population=one.population,
        area_km2=one.area_km2,
        boundary_geojson=one.boundary_geojson,
        state=one.state,
    )
    return wire.message(
        contract.JurisdictionState(jurisdiction=body),
        aggregate="jurisdiction",
        event="state",
        id=one.id,
        area=one.id,
        state=True,
    )


MESSAGES = {domain.JurisdictionDefined: jurisdiction_defined}
