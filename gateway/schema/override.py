"""Emergency overrides: measures that the law refuses and that an authority lets pass for a time."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import (
    ActivationRef,
    EmergencyType,
    IncidentRef,
    Jurisdiction,
    Organization,
)
from gateway.schema.plans import Measure
from vocabulary import Mode


@strawberry.enum(description="ASKED waits for an authority; only GRANTED lets the measure pass.")
class OverrideState(StrEnum):
    """How an override stands."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"


@strawberry.type(description="A refused measure passed, or to be passed, by an authority's word.")
class Override(Node):
    """Who asked and why, who may decide, who decided, and until when the measure passes."""

    version: int
    activation: ActivationRef | None = fields.joined("Override.activation")
    incident: IncidentRef | None = fields.joined("Override.incident")
    jurisdiction: Jurisdiction | None = fields.joined("Override.jurisdiction")
    organization: Organization | None = fields.joined(
        "Override.organization", description="Who commands, and asked."
    )
    plan_title: str = fields.label("planTitle")
    emergency_type: EmergencyType = fields.emergency_type()
    mode: Mode
    measure: Measure = strawberry.field(description="With the law's refusal.")
    state: OverrideState
    minutes: int = strawberry.field(description="How long it is asked or granted for.")
    authorities: list[Organization | None] = fields.joined_many(
        "Override.authorities", description="Who may decide, the nearest first."
    )
    rule: str = strawberry.field(description="What bounds the time and names who may decide.")
    asked_by: str
    asked_at: datetime
    asked_because: str
    decided_by: str | None = strawberry.field(description="Organization and post of who decided.")
    decided_at: datetime | None
    decided_because: str | None
    until: datetime | None = strawberry.field(
        description="Once granted: the measure is refused again from then on."
    )
    ended_at: datetime | None
    ended_because: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("Override")


@strawberry.type(description="How often the law was set aside, for an evaluation.")
class OverrideFigures:
    """Counts of overrides, and for how long measures passed."""

    asked: int
    waiting: int
    granted: int
    declined: int
    in_force: int
    minutes: float = strawberry.field(description="Of those that are over.")
