"""Support: signals and early warnings (kept apart), needs, and what is on the road for them."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.scalars import GeoJSON
from gateway.schema.node import Node
from gateway.schema.places import (
    ActivationRef,
    EmergencyType,
    IncidentRef,
    Jurisdiction,
    ObligationRef,
    Organization,
)
from vocabulary import Mode, WarningColour


@strawberry.enum
class SignalStatus(StrEnum):
    """How a signal stands."""

    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@strawberry.enum
class WarningStatus(StrEnum):
    """How an early warning stands."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"


@strawberry.enum
class RequirementStatus(StrEnum):
    """How far a need is met."""

    OPEN = "OPEN"
    MET = "MET"
    PARTLY_MET = "PARTLY_MET"
    UNMET = "UNMET"
    CANCELLED = "CANCELLED"


@strawberry.enum
class DispatchStatus(StrEnum):
    """Where a dispatched resource is in its life."""

    ORDERED = "ORDERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    UNABLE = "UNABLE"
    EN_ROUTE = "EN_ROUTE"
    ON_SCENE = "ON_SCENE"
    RELEASED = "RELEASED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="How a signal was answered.")
class AnswerKind(StrEnum):
    """What was decided upon a signal."""

    RESPOND = "RESPOND"
    MAINTAIN = "MAINTAIN"
    DECLINE = "DECLINE"


@strawberry.type(description="Which response followed a signal, when, by whom.")
class SignalResponse:
    """The answer to a signal and the obligation that asks for it."""

    answer: AnswerKind | None
    answered_at: datetime | None
    decided_by: str | None
    reason: str | None
    obligations: list[ObligationRef] = fields.listed("obligations")


@strawberry.type(description="What a specialist agency issues for an area.")
class Signal(Node):
    """A signal with its area, its times and its status."""

    version: int
    identifier: str = strawberry.field(description="The sender's own identifier.")
    sender: str
    issuer: str | None
    colour: WarningColour
    colour_because: str = strawberry.field(
        description="From which member of the message the colour was read."
    )
    emergency_type: EmergencyType = fields.emergency_type()
    headline: str | None = fields.label("headline")
    description: str | None = fields.label("description")
    status: SignalStatus
    mode: Mode
    jurisdiction: Jurisdiction | None = fields.joined(
        "Signal.jurisdiction", description="The lowest division that contains the area."
    )
    areas: list[str] = fields.listed(
        "areas", description="Divisions that the area covers wholly (GB/T 2260 codes)."
    )
    area: GeoJSON | None = fields.geometry("areaGeojson")
    sent_at: datetime
    onset: datetime | None
    expires_at: datetime | None
    received_at: datetime | None
    supersedes: list[strawberry.ID] = fields.listed("supersedes")
    superseded_by: strawberry.ID | None
    response: SignalResponse | None = fields.joined("Signal.response")
    activations: list[ActivationRef] | None = fields.joined("Signal.activations")


@strawberry.type(name="Warning", description="What a government announces: an early warning.")
class EarlyWarning(Node):
    """A warning with its approval, area, times and status."""

    version: int
    colour: WarningColour
    emergency_type: EmergencyType = fields.emergency_type()
    headline: str | None = fields.label("headline")
    description: str | None = fields.label("description")
    status: WarningStatus
    mode: Mode
    jurisdiction: Jurisdiction | None = fields.joined("Warning.jurisdiction")
    areas: list[str] = fields.listed("areas")
    area: GeoJSON | None = fields.geometry("areaGeojson")
    organization: Organization | None = fields.joined("Warning.organization")
    signal: Signal | None = fields.joined(
        "Warning.signal", description="The signal that led to it."
    )
    drafted_at: datetime | None
    issued_at: datetime | None
    onset: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    drafted_by: str
    approved_by: str | None
    supersedes: list[strawberry.ID] = fields.listed("supersedes")
    superseded_by: strawberry.ID | None
    reason: str | None


@strawberry.type(description="A typed need: capability, quantity, place, time window.")
class Requirement(Node):
    """A need with what is met of it, and the price of the rest."""

    capability: str
    quantity: float
    met_quantity: float
    unit: str
    status: RequirementStatus
    needed_by: datetime | None
    unmet_price: float | None = strawberry.field(
        description="Weighted penalty of what is not met, in minutes of travel."
    )
    next_tier: str | None = strawberry.field(description="Mobilisation tier to climb next.")
    reason: str | None
    mode: Mode
    jurisdiction: Jurisdiction | None = fields.joined("Requirement.jurisdiction")
    activation: ActivationRef | None = fields.joined("Requirement.activation")


@strawberry.type(description="A resource on its way: ordered → … → returned.")
class Dispatch(Node):
    """Which resource, how much, how far along."""

    version: int
    resource_id: strawberry.ID
    resource: str = fields.label("resourceName")
    capability: str
    quantity: float
    unit: str
    status: DispatchStatus
    owner: Organization | None = fields.joined("Dispatch.owner")
    requirement_id: strawberry.ID
    activation: ActivationRef | None = fields.joined("Dispatch.activation")
    incident: IncidentRef | None = fields.joined("Dispatch.incident")
    jurisdiction: Jurisdiction | None = fields.joined("Dispatch.jurisdiction")
    ordered_at: datetime
    eta: datetime | None
    travel_minutes: float | None
    mode: Mode
