"""Requirements: what an activation needs, how much of it is met, and what a shortage costs (GUAR-3, GUAR-4)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict
from services.guarantee.domain.activation import Activation, Need
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.rule import TierRule
from vocabulary import Mode, Place, parents

QUANTITY_UNKNOWN = "QUANTITY_UNKNOWN"


class RequirementStatus(StrEnum):
    """OPEN: not solved yet. UNKNOWN: nobody can say how much is needed."""

    OPEN = "OPEN"
    MET = "MET"
    PARTLY_MET = "PARTLY_MET"
    UNMET = "UNMET"
    UNKNOWN = "UNKNOWN"
    CANCELLED = "CANCELLED"


class NoFurtherTier(Conflict):
    """The last mobilisation tier has been reached."""

    slug = "no-further-tier"


class RequirementNotShort(Conflict):
    """Only what is not met climbs the tiers."""

    slug = "requirement-not-short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One typed need; `tier` is how far out dispatch may reach for it, `pool` who solves together."""

    id: str
    key: str
    activation_id: str
    mode: Mode
    jurisdiction: str
    pool: str
    capability: str
    quantity: float | None
    unit: str
    severity: int
    tier: str
    status: RequirementStatus
    raised_at: datetime
    incident_id: str | None = None
    place: Place | None = None
    needed_by: datetime | None = None
    met_quantity: float = 0.0
    unmet_price: float | None = None
    next_tier: str | None = None
    reason: str | None = None
    nearest_alternative: str | None = None
    short_since: datetime | None = None
    excluded: tuple[str, ...] = ()
    exercise_id: str | None = None
    version: int = 0

    @property
    def ledger(self) -> Ledger:
        """Whose bookings serve it."""
        return Ledger(self.mode, self.exercise_id)

    @property
    def outstanding(self) -> float:
        """How much is still to be found; 0 when that is unknown or nothing is needed any more."""
        if self.quantity is None or self.status is RequirementStatus.CANCELLED:
            return 0.0
        return max(0.0, self.quantity - self.met_quantity)

    @property
    def is_short(self) -> bool:
        """Whether people must know that it is not met."""
        return self.status in {
            RequirementStatus.UNMET,
            RequirementStatus.PARTLY_MET,
            RequirementStatus.UNKNOWN,
        }


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What an activation's new list of needs does to its requirements."""

    raised: tuple[Requirement, ...]
    changed: tuple[Requirement, ...]
    cancelled: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Why something is missing, what it weighs in minutes of travel, and what could help."""

    reason: str
    price_minutes: float
    nearest_alternative: str | None


def requirement_id(activation_id: str, key: str) -> str:
    """Return the id that a plan's requirement has under an activation, however often it is heard."""
    return f"req_{hashlib.sha256(f'{activation_id} {key}'.encode()).hexdigest()[:32]}"


def pool_of(jurisdiction: str) -> str:
    """Return the city (or what stands in its place) whose needs are solved together."""
    lines = [jurisdiction, *parents(jurisdiction)]
    return lines[-2] if len(lines) > 1 else lines[0]


def adjust(
    current: Sequence[Requirement],
    needs: Sequence[Need],
    *,
    activation: Activation,
    tier: str,
    now: datetime,
) -> Adjusted:
    """Decide what the activation's needs change: new ones, other quantities, and those gone.

    The same needs again change nothing. Nothing is raised for an activation that has ended.
    """
    wanted = {} if activation.is_over else {need.key: need for need in needs}
    known = {one.key: one for one in current}
    raised = tuple(
        _raised(need, activation, tier=tier, now=now)
        for key, need in wanted.items()
        if key not in known
    )
    changed = tuple(
        _changed(known[key], need, now)
        for key, need in wanted.items()
        if key in known and _differs(known[key], need)
    )
    cancelled = tuple(
        cancelled_requirement(one)
        for one in current
        if one.key not in wanted and one.status is not RequirementStatus.CANCELLED
    )
    return Adjusted(raised, changed, cancelled)


def cancelled_requirement(requirement: Requirement) -> Requirement:
    """Return the requirement as no longer needed."""
    return replace(
        requirement,
        status=RequirementStatus.CANCELLED,
        unmet_price=None,
        next_tier=None,
        reason=None,
        nearest_alternative=None,
        short_since=None,
    )


def served(requirement: Requirement, met_quantity: float) -> Requirement:
    """Return the requirement with what its dispatches bring; short ones are solved again."""
    known = replace(requirement, met_quantity=met_quantity)
    if known.quantity is None or known.status is RequirementStatus.CANCELLED:
        return known
    if known.outstanding == 0:
        return replace(
            cancelled_requirement(known), status=RequirementStatus.MET, met_quantity=met_quantity
        )
    return replace(known, status=RequirementStatus.OPEN)


def short(
    requirement: Requirement, shortage: Shortage, *, tiers: TierRule, now: datetime
) -> Requirement:
    """Return the requirement as not met, priced, with the tier to climb to next."""
    is_partly = requirement.met_quantity > 0
    return replace(
        requirement,
        status=RequirementStatus.PARTLY_MET if is_partly else RequirementStatus.UNMET,
        unmet_price=shortage.price_minutes,
        next_tier=tiers.after(requirement.tier),
        reason=shortage.reason,
        nearest_alternative=shortage.nearest_alternative,
        short_since=requirement.short_since or now,
    )


def widen(requirement: Requirement, tiers: TierRule) -> Requirement:
    """Return the requirement reaching one mobilisation tier further.

    Raises RequirementNotShort and NoFurtherTier.
    """
    if not requirement.is_short or requirement.status is RequirementStatus.UNKNOWN:
        raise RequirementNotShort(
            f"The requirement is {requirement.status}.", currentStatus=requirement.status
        )
    following = tiers.after(requirement.tier)
    if following is None:
        raise NoFurtherTier(
            f"{requirement.tier} is the last tier.", remedy="Ask the higher government directly."
        )
    return replace(requirement, tier=following, status=RequirementStatus.OPEN)


def exclude(requirement: Requirement, resource_id: str) -> Requirement:
    """Return the requirement for which that resource is not asked again."""
    return replace(requirement, excluded=tuple(dict.fromkeys((*requirement.excluded, resource_id))))


def place_of(
    requirement: Requirement, *, incidents: Mapping[str, Place], middle: Place | None
) -> Place | None:
    """Return where it is needed: as the plan says, else at the incident, else amid the division."""
    if requirement.place is not None:
        return requirement.place
    return incidents.get(requirement.incident_id or "", middle)


def _raised(need: Need, activation: Activation, *, tier: str, now: datetime) -> Requirement:
    is_unknown = need.quantity is None
    return Requirement(
        id=requirement_id(activation.id, need.key),
        key=need.key,
        activation_id=activation.id,
        incident_id=activation.incident_id,
        mode=activation.mode,
        exercise_id=activation.exercise_id,
        jurisdiction=activation.jurisdiction,
        pool=pool_of(activation.jurisdiction),
        capability=need.capability,
        quantity=need.quantity,
        unit=need.unit,
        severity=max(1, need.severity),
        tier=tier,
        status=RequirementStatus.UNKNOWN if is_unknown else RequirementStatus.OPEN,
        reason=QUANTITY_UNKNOWN if is_unknown else None,
        short_since=now if is_unknown else None,
        raised_at=now,
        place=need.place,
        needed_by=_needed_by(need, now),
    )


def _changed(known: Requirement, need: Need, now: datetime) -> Requirement:
    restated = replace(
        known,
        capability=need.capability,
        quantity=need.quantity,
        unit=need.unit,
        severity=max(1, need.severity),
        place=need.place,
        needed_by=known.needed_by or _needed_by(need, now),
        status=RequirementStatus.OPEN,
    )
    if need.quantity is None:
        return replace(
            restated,
            status=RequirementStatus.UNKNOWN,
            reason=QUANTITY_UNKNOWN,
            short_since=known.short_since or now,
        )
    return served(restated, known.met_quantity)


def _differs(known: Requirement, need: Need) -> bool:
    stated = (need.capability, need.quantity, need.unit, max(1, need.severity), need.place)
    kept = (known.capability, known.quantity, known.unit, known.severity, known.place)
    return stated != kept or known.status is RequirementStatus.CANCELLED


def _needed_by(need: Need, now: datetime) -> datetime | None:
    if need.within_minutes is None:
        return None
    return now + timedelta(minutes=need.within_minutes)
