"""Where and who: jurisdictions, the organizations in them, and the figures that both report."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import fields, reading
from gateway.context import Info
from gateway.scalars import GeoJSON
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.upstream import Json
from vocabulary import EmergencyClass, JurisdictionState, OrganizationKind, ResponseLevel

if TYPE_CHECKING:
    from gateway.schema.analytics import Reading, Situation
    from gateway.schema.exercise import Exercise
    from gateway.schema.guarantee import EarlyWarning, Signal
    from gateway.schema.incident import Incident
    from gateway.schema.obligation import Obligation
    from gateway.schema.order import Order
    from gateway.schema.override import Override, OverrideFigures
    from gateway.schema.plans import Activation

IncidentRef = Annotated["Incident", strawberry.lazy("gateway.schema.incident")]
OrderRef = Annotated["Order", strawberry.lazy("gateway.schema.order")]
OverrideRef = Annotated["Override", strawberry.lazy("gateway.schema.override")]
OverrideFiguresRef = Annotated["OverrideFigures", strawberry.lazy("gateway.schema.override")]
ActivationRef = Annotated["Activation", strawberry.lazy("gateway.schema.plans")]
SignalRef = Annotated["Signal", strawberry.lazy("gateway.schema.guarantee")]
WarningRef = Annotated["EarlyWarning", strawberry.lazy("gateway.schema.guarantee")]
ObligationRef = Annotated["Obligation", strawberry.lazy("gateway.schema.obligation")]
ExerciseRef = Annotated["Exercise", strawberry.lazy("gateway.schema.exercise")]
ReadingRef = Annotated["Reading", strawberry.lazy("gateway.schema.analytics")]
SituationRef = Annotated["Situation", strawberry.lazy("gateway.schema.analytics")]


@strawberry.type(description="A leaf of the taxonomy of GB/T 35561.")
class EmergencyType:
    """Code, class and label of an emergency type."""

    code: str
    class_: EmergencyClass = strawberry.field(name="class")
    name: str = fields.label("name")


@strawberry.type(
    description="A number with what is needed to trust it. `value: null` is unknown; 0 is zero."
)
class Figure:
    """One reported or measured value."""

    metric: str
    value: float | None
    unit: str | None
    source: str | None
    observed_at: datetime | None
    recorded_at: datetime | None


@strawberry.type(description="An administrative division.")
class Jurisdiction(Node):
    """A division with its state, what is in force and what is open in it."""

    code: str = strawberry.field(description="GB/T 2260, 6, 9 or 12 digits; also its id.")
    name: str = fields.label("name")
    parent: "Jurisdiction | None" = fields.joined("Jurisdiction.parent")
    children: "list[Jurisdiction] | None" = fields.joined("Jurisdiction.children")
    population: int | None
    area_km2: float | None = strawberry.field(name="areaKm2")
    boundary: GeoJSON | None
    state: JurisdictionState | None
    stale_since: datetime | None = strawberry.field(
        description="Set when org is away and this is another service's copy; then null is unknown."
    )
    response_levels: "list[ResponseLevelInForce] | None" = fields.joined_by_mode(
        "Jurisdiction.responseLevels",
        description="Highest level in force for each emergency type: what the mayor calls 'the level'.",
    )
    active_signals: list[SignalRef] | None = fields.joined_by_mode(
        "Jurisdiction.activeSignals", description="What specialist agencies say, not yet expired."
    )
    active_warnings: list[WarningRef] | None = fields.joined_by_mode(
        "Jurisdiction.activeWarnings", description="What the government has announced."
    )
    open_incidents: list[IncidentRef] | None = fields.joined_by_mode("Jurisdiction.openIncidents")
    orders_in_force: list[OrderRef] | None = fields.joined_by_mode("Jurisdiction.ordersInForce")
    readings: list[ReadingRef] | None = fields.joined_by_mode(
        "Jurisdiction.readings", description="Every indicator as it stands."
    )
    situation: SituationRef | None = fields.joined_by_mode("Jurisdiction.situation")
    viewer_permissions: list[Permission] | None = fields.permissions("Jurisdiction")


@strawberry.type(
    description="The highest level in force for one emergency type, announced to everybody."
)
class ResponseLevelInForce:
    """One emergency type's level and the activation that holds it."""

    emergency_type: EmergencyType = fields.emergency_type()
    level: ResponseLevel
    since: datetime | None
    plan_title: str = fields.label("planTitle")
    activation: ActivationRef | None = strawberry.field(
        description="null for who may not see how it came about: the level is announced, its facts are not."
    )


@strawberry.type(description="A duty post: rung 0 is on duty, higher rungs stand above it.")
class Post(Node):
    """A post and who holds it now; numbers stay with whoever keeps the roster."""

    title: str = fields.label("title")
    rung: int
    channels: list[str] = fields.listed("channels")
    person: str | None = strawberry.field(description="null: a standing post, or nobody.")
    is_held: bool
    as_of: datetime


async def _posts(root: fields.Source, info: Info) -> Json:
    return await reading.listing("posts", info, organization=root["id"])


@strawberry.type(description="A unit that can owe and answer.")
class Organization(Node):
    """An organization with its place in the tree and what it is for."""

    name: str = fields.label("name")
    kind: OrganizationKind
    jurisdiction: Jurisdiction | None = fields.joined("Organization.jurisdiction")
    parent: "Organization | None" = fields.joined("Organization.parent")
    functions: list[str] = fields.listed("functions")
    emergency_types: list[str] = fields.listed(
        "emergencyTypes", description="GB/T 35561 codes or prefixes that it covers."
    )
    posts: list[Post] | None = fields.computed(
        _posts, "id", description="Duty posts, rung by rung, with who holds them now."
    )
    viewer_permissions: list[Permission] | None = fields.permissions("Organization")
