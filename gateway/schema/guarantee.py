"""Support: signals and early warnings (kept apart), needs, and what is on the road for them."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.scalars import GeoJSON
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import (
    ActivationRef,
    EmergencyType,
    ExerciseRef,
    IncidentRef,
    Jurisdiction,
    ObligationRef,
    Organization,
)
from vocabulary import Mode, ResponseLevel, WarningColour


@strawberry.enum
class SignalStatus(StrEnum):
    """How a signal stands; INACTIVE: it came too late to be in force."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
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
    UNKNOWN = "UNKNOWN"
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


@strawberry.enum
class ResourceKind(StrEnum):
    """What a resource is."""

    TEAM = "TEAM"
    EQUIPMENT = "EQUIPMENT"
    MATERIAL = "MATERIAL"
    VEHICLE = "VEHICLE"
    SHELTER = "SHELTER"
    MEDICAL_CAPACITY = "MEDICAL_CAPACITY"
    EXPERT = "EXPERT"
    FUND = "FUND"


@strawberry.enum(description="Only READY is sent.")
class Readiness(StrEnum):
    """Whether a resource can go."""

    READY = "READY"
    MAINTENANCE = "MAINTENANCE"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"


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
    level: ResponseLevel | None
    activation: ActivationRef | None = fields.joined("SignalResponse.activation")
    owed_by: Organization | None = fields.joined("SignalResponse.owedBy")
    obligations: list[ObligationRef] = fields.listed("obligations")
    viewer_permissions: list[Permission] | None = fields.permissions("SignalResponse")


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
    exercise: ExerciseRef | None = fields.joined("Signal.exercise")
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
    exercise: ExerciseRef | None = fields.joined("Warning.exercise")
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
    viewer_permissions: list[Permission] | None = fields.permissions("Warning")


@strawberry.type(description="A typed need: capability, quantity, place, time window.")
class Requirement(Node):
    """A need with what is met of it, and the price of the rest."""

    version: int
    key: str = strawberry.field(description="Stable within the activation, e.g. pumps.")
    capability: str
    quantity: float | None = strawberry.field(description="null: nobody can say how much.")
    met_quantity: float
    unmet_quantity: float | None
    unit: str
    severity: int
    status: RequirementStatus
    place: GeoJSON | None = fields.place()
    raised_at: datetime
    needed_by: datetime | None
    since: datetime | None = strawberry.field(description="When people first had to know.")
    tier: str = strawberry.field(description="Mobilisation tier reached so far.")
    next_tier: str | None = strawberry.field(description="Mobilisation tier to climb next.")
    unmet_price: float | None = strawberry.field(
        description="Weighted penalty of what is not met, in minutes of travel."
    )
    reason: str | None
    nearest_alternative: str | None
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Requirement.exercise")
    jurisdiction: Jurisdiction | None = fields.joined("Requirement.jurisdiction")
    activation: ActivationRef | None = fields.joined("Requirement.activation")
    incident: IncidentRef | None = fields.joined("Requirement.incident")
    viewer_permissions: list[Permission] | None = fields.permissions("Requirement")


@strawberry.type(description="One thing or stock of the inventory.")
class Resource(Node):
    """What is held where, ready or not, and how much of it is free."""

    version: int
    name: str = fields.label("name")
    kind: ResourceKind
    capabilities: list[str] = fields.listed("capabilities")
    quantity: float
    available: float = strawberry.field(description="What is not held at the moment.")
    unit: str
    owner: Organization | None = fields.joined("Resource.owner")
    jurisdiction: Jurisdiction | None = fields.joined("Resource.jurisdiction")
    place: GeoJSON | None = fields.place()
    readiness: Readiness
    readiness_reason: str | None
    qualification_expires_at: datetime | None
    tier: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("Resource")


@strawberry.type(description="One step in the life of a dispatch.")
class DispatchStep:
    """Which status, when, by whom."""

    status: DispatchStatus
    at: datetime
    by: str | None


@strawberry.type(description="A resource on its way: ordered → … → returned.")
class Dispatch(Node):
    """Which resource, how much, how far along."""

    version: int
    resource_name: str = fields.label("resourceName")
    resource: Resource | None = fields.joined("Dispatch.resource")
    capability: str
    quantity: float
    unit: str
    status: DispatchStatus
    owner: Organization | None = fields.joined("Dispatch.owner")
    requirement: Requirement | None = fields.joined("Dispatch.requirement")
    activation: ActivationRef | None = fields.joined("Dispatch.activation")
    incident: IncidentRef | None = fields.joined("Dispatch.incident")
    jurisdiction: Jurisdiction | None = fields.joined("Dispatch.jurisdiction")
    ordered_at: datetime
    eta: datetime | None
    travel_minutes: float | None
    travel_quality: str | None
    returned_quantity: float | None
    reason: str | None
    history: list[DispatchStep] = fields.listed("history")
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Dispatch.exercise")
    viewer_permissions: list[Permission] | None = fields.permissions("Dispatch")
