"""Events of the guarantee (support) system.

Generated from proto/contracts/guarantee/v1/guarantee.proto by proto/generate.py. Never edited.
"""

from datetime import datetime

import msgspec

import vocabulary
from contracts.vocabulary import v1 as shared


class Provision(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Provision."""

    id: str
    instrument: str
    article: str
    # Measure codes that it authorises.
    measures: tuple[str, ...] = ()
    # Kinds of organization that hold the authority.
    held_by: tuple[vocabulary.OrganizationKind, ...] = ()
    # The least severe response level at which it may be used; absent: at any.
    minimum_level: vocabulary.ResponseLevel | None = None
    # GB/T 2260 code of the territory; absent: national.
    territory: str | None = None
    maximum_duration_minutes: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    source: str | None = None
    # Of notice and of compensation.
    duties: tuple[shared.Duty, ...] = ()


class ProvisionState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Provision state."""

    provision: Provision


class Resource(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Resource."""

    id: str
    name_zh: str
    name_en: str
    # TEAM, EQUIPMENT, MATERIAL, VEHICLE, SHELTER, MEDICAL_CAPACITY, EXPERT or FUND.
    kind: str
    # Capability codes such as pump.mobile.
    capabilities: tuple[str, ...] = ()
    # All that there is of it, out on a dispatch or not.
    quantity: float
    unit: str
    # Id of the organization that owns it.
    owner: str
    # GB/T 2260 code of the division that holds it.
    jurisdiction: str
    place: shared.Place | None = None
    # READY, MAINTENANCE or OUT_OF_SERVICE; only what is ready is sent.
    readiness: str
    qualification_expires_at: datetime | None = None


class ResourceState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Resource state."""

    resource: Resource


class Signal(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal."""

    id: str
    mode: vocabulary.Mode
    # The sender's own identifier (CAP identifier or form number).
    identifier: str
    sender: str
    issuer: str | None = None
    # GB/T 35561 code.
    emergency_type: str
    colour: vocabulary.WarningColour
    headline_zh: str | None = None
    headline_en: str | None = None
    # ACTIVE, SUPERSEDED, CANCELLED or EXPIRED.
    status: str
    # The lowest jurisdiction that contains the area.
    jurisdiction: str
    # Every division that the area covers wholly (GB/T 2260 codes).
    areas: tuple[str, ...] = ()
    # GeoJSON, WGS 84.
    area_geojson: str | None = None
    sent_at: datetime
    onset: datetime | None = None
    expires_at: datetime | None = None
    # Ids of the signals that this one replaces.
    supersedes: tuple[str, ...] = ()
    received_at: datetime | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class SignalIssued(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal issued."""

    signal: Signal


class SignalSuperseded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal superseded."""

    signal: Signal
    by: str


class SignalCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal cancelled."""

    signal: Signal


class SignalExpired(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal expired."""

    signal: Signal


class Warning(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning."""

    id: str
    mode: vocabulary.Mode
    emergency_type: str
    colour: vocabulary.WarningColour
    headline_zh: str | None = None
    headline_en: str | None = None
    # AWAITING_APPROVAL, ACTIVE, SUPERSEDED, CANCELLED, EXPIRED or REJECTED.
    status: str
    jurisdiction: str
    areas: tuple[str, ...] = ()
    area_geojson: str | None = None
    organization_id: str | None = None
    # Signal that led to it.
    signal_id: str | None = None
    drafted_at: datetime | None = None
    issued_at: datetime | None = None
    onset: datetime | None = None
    expires_at: datetime | None = None
    supersedes: tuple[str, ...] = ()
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class WarningDrafted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning drafted."""

    warning: Warning


class WarningIssued(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning issued."""

    warning: Warning


class WarningRejected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning rejected."""

    warning: Warning


class WarningSuperseded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning superseded."""

    warning: Warning
    by: str


class WarningCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning cancelled."""

    warning: Warning


class WarningExpired(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Warning expired."""

    warning: Warning


class Requirement(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement."""

    id: str
    activation_id: str
    incident_id: str | None = None
    capability: str
    # Absent: the plan's formula could not be computed; unknown, never zero.
    quantity: float | None = None
    met_quantity: float
    unit: str
    place: shared.Place | None = None
    needed_by: datetime | None = None
    # OPEN, MET, PARTLY_MET, UNMET, UNKNOWN or CANCELLED.
    status: str
    # Weighted penalty of what is not met, in minutes of travel equivalent.
    unmet_price: float | None = None
    # Mobilisation tier to climb next.
    next_tier: str | None = None
    reason: str | None = None
    mode: vocabulary.Mode
    jurisdiction: str
    # 1 lowest; weight in dispatch.
    severity: int | None = None
    # Resource that could serve and is held by something else or belongs to a farther tier.
    nearest_alternative: str | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class RequirementRaised(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement raised."""

    requirement: Requirement


class RequirementMet(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement met."""

    requirement: Requirement


class RequirementUnmet(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement unmet."""

    requirement: Requirement


class RequirementCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement cancelled."""

    requirement: Requirement


class Dispatch(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch."""

    id: str
    requirement_id: str
    activation_id: str
    incident_id: str | None = None
    resource_id: str
    resource_name_zh: str | None = None
    resource_name_en: str | None = None
    capability: str
    quantity: float
    unit: str
    owner_organization_id: str | None = None
    # ORDERED, ACKNOWLEDGED, UNABLE, EN_ROUTE, ON_SCENE, RELEASED, RETURNED or CANCELLED.
    status: str
    ordered_at: datetime
    eta: datetime | None = None
    travel_minutes: float | None = None
    mode: vocabulary.Mode
    jurisdiction: str
    # How the travel time was found: estimate or routed; absent when it is unknown.
    travel_quality: str | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class DispatchOrdered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch ordered."""

    dispatch: Dispatch


class DispatchAcknowledged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch acknowledged."""

    dispatch: Dispatch


class DispatchUnable(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch unable."""

    dispatch: Dispatch
    reason: str


class DispatchEnRoute(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch en route."""

    dispatch: Dispatch


class DispatchOnScene(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch on scene."""

    dispatch: Dispatch


class DispatchReleased(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch released."""

    dispatch: Dispatch


class DispatchReturned(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch returned."""

    dispatch: Dispatch


class DispatchCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Dispatch cancelled."""

    dispatch: Dispatch


class Bulletin(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin."""

    id: str
    # INITIAL, UPDATE, PRESS_CONFERENCE, GUIDANCE, RUMOUR or FINAL.
    kind: str
    # DRAFT, PUBLISHED, CORRECTED, WITHDRAWN or REJECTED.
    status: str
    title_zh: str
    title_en: str | None = None
    jurisdiction: str
    incident_id: str | None = None
    rumour_id: str | None = None
    mode: vocabulary.Mode
    organization_id: str | None = None
    # The bulletin whose error it puts right, and the one that put it right.
    corrects: str | None = None
    corrected_by: str | None = None
    drafted_at: datetime
    published_at: datetime | None = None
    ended_at: datetime | None = None


class Rumour(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """What is claimed stays in the rumour: it may be about anybody."""

    id: str
    # NOTED, REFUTED, CONFIRMED or UNDETERMINED.
    status: str
    jurisdiction: str
    incident_id: str | None = None
    mode: vocabulary.Mode
    seen_at: datetime
    noted_at: datetime
    decided_at: datetime | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


class BulletinDrafted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin drafted."""

    bulletin: Bulletin


class BulletinPublished(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin published."""

    bulletin: Bulletin


class BulletinCorrected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin corrected."""

    bulletin: Bulletin


class BulletinWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin withdrawn."""

    bulletin: Bulletin


class BulletinRejected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Bulletin rejected."""

    bulletin: Bulletin


class RumourNoted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Rumour noted."""

    rumour: Rumour


class RumourDecided(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Rumour decided."""

    rumour: Rumour


class RumourAnswered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Rumour answered."""

    rumour: Rumour

