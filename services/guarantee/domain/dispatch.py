"""Dispatches: ordered, acknowledged or unable, en route, on scene, released, returned (GUAR-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.guarantee.domain.allocation import Assignment
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.requirement import Requirement
from services.guarantee.domain.resource import Resource
from vocabulary import Mode


class DispatchStatus(StrEnum):
    """CANCELLED: withdrawn before it moved."""

    ORDERED = "ORDERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    UNABLE = "UNABLE"
    EN_ROUTE = "EN_ROUTE"
    ON_SCENE = "ON_SCENE"
    RELEASED = "RELEASED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


# From which status each may follow. Crews forget a report: later ones say what they skipped.
_AFTER = {
    DispatchStatus.ACKNOWLEDGED: {DispatchStatus.ORDERED},
    DispatchStatus.UNABLE: {
        DispatchStatus.ORDERED,
        DispatchStatus.ACKNOWLEDGED,
        DispatchStatus.EN_ROUTE,
        DispatchStatus.ON_SCENE,
    },
    DispatchStatus.EN_ROUTE: {DispatchStatus.ORDERED, DispatchStatus.ACKNOWLEDGED},
    DispatchStatus.ON_SCENE: {
        DispatchStatus.ORDERED,
        DispatchStatus.ACKNOWLEDGED,
        DispatchStatus.EN_ROUTE,
    },
    DispatchStatus.CANCELLED: {DispatchStatus.ORDERED, DispatchStatus.ACKNOWLEDGED},
    DispatchStatus.RELEASED: {DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE},
    DispatchStatus.RETURNED: {DispatchStatus.RELEASED},
}
UNDERWAY = frozenset(
    {
        DispatchStatus.ORDERED,
        DispatchStatus.ACKNOWLEDGED,
        DispatchStatus.EN_ROUTE,
        DispatchStatus.ON_SCENE,
    }
)
SERVES = UNDERWAY | {DispatchStatus.RELEASED, DispatchStatus.RETURNED}


class DispatchStatusRefused(Conflict):
    """The dispatch is not where this report could follow."""

    slug = "dispatch-status-refused"


class ReturnedQuantityImpossible(Invalid):
    """No more can come back than went."""

    slug = "returned-quantity-impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One report in the life of a dispatch."""

    status: DispatchStatus
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One resource sent for one requirement; `eta` is absent when the way is unknown."""

    id: str
    mode: Mode
    status: DispatchStatus
    requirement_id: str
    activation_id: str
    resource_id: str
    resource_name_zh: str
    resource_name_en: str
    capability: str
    quantity: float
    unit: str
    owner: str
    is_whole: bool
    jurisdiction: str
    ordered_at: datetime
    incident_id: str | None = None
    eta: datetime | None = None
    travel_minutes: float | None = None
    travel_quality: str | None = None
    returned_quantity: float | None = None
    reason: str | None = None
    history: tuple[Step, ...] = ()
    exercise_id: str | None = None
    version: int = 0

    @property
    def ledger(self) -> Ledger:
        """Whose bookings it is among."""
        return Ledger(self.mode, self.exercise_id)

    @property
    def is_underway(self) -> bool:
        """Whether it still works for its requirement."""
        return self.status in UNDERWAY

    @property
    def holds_resource(self) -> bool:
        """Whether the resource is bound: one thing until released, a stock until it is back."""
        is_out = not self.is_whole and self.status is DispatchStatus.RELEASED
        return self.is_underway or is_out


def order(
    identity: str,
    assignment: Assignment,
    *,
    requirement: Requirement,
    resource: Resource,
    now: datetime,
    by: str,
) -> Dispatch:
    """Return the dispatch that an assignment orders."""
    minutes = assignment.travel_minutes
    return Dispatch(
        id=identity,
        mode=requirement.mode,
        exercise_id=requirement.exercise_id,
        status=DispatchStatus.ORDERED,
        requirement_id=requirement.id,
        activation_id=requirement.activation_id,
        incident_id=requirement.incident_id,
        resource_id=resource.id,
        resource_name_zh=resource.name_zh,
        resource_name_en=resource.name_en,
        capability=requirement.capability,
        quantity=assignment.quantity,
        unit=requirement.unit,
        owner=resource.owner,
        is_whole=resource.is_whole,
        jurisdiction=requirement.jurisdiction,
        ordered_at=now,
        eta=None if minutes is None else now + timedelta(minutes=minutes),
        travel_minutes=minutes,
        travel_quality=None if minutes is None else "estimate",
        history=(Step(status=DispatchStatus.ORDERED, at=now, by=by),),
    )


def report(
    dispatch: Dispatch, status: DispatchStatus, *, at: datetime, by: str, reason: str | None = None
) -> Dispatch:
    """Return the dispatch in its next status. Raises DispatchStatusRefused."""
    if dispatch.status not in _AFTER[status]:
        raise DispatchStatusRefused(
            f"The dispatch is {dispatch.status}; {status} does not follow.",
            remedy="Read it again.",
            currentStatus=dispatch.status,
        )
    step = Step(status=status, at=at, by=by)
    return replace(
        dispatch, status=status, reason=reason or dispatch.reason, history=(*dispatch.history, step)
    )


def release(dispatch: Dispatch, *, at: datetime, by: str, reason: str) -> Dispatch:
    """Return the dispatch let go: cancelled when it has not moved, else released."""
    has_moved = dispatch.status in {DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE}
    status = DispatchStatus.RELEASED if has_moved else DispatchStatus.CANCELLED
    return report(dispatch, status, at=at, by=by, reason=reason)


def bring_back(dispatch: Dispatch, *, quantity: float | None, at: datetime, by: str) -> Dispatch:
    """Return the dispatch as back; of a stock, `quantity` is what was not used (None: all of it).

    Raises DispatchStatusRefused and ReturnedQuantityImpossible.
    """
    back = dispatch.quantity if quantity is None else quantity
    if not 0 <= back <= dispatch.quantity:
        raise ReturnedQuantityImpossible(
            f"{dispatch.quantity:g} {dispatch.unit} went out.",
            field=("quantity",),
            remedy="Give what came back, from 0 to what went.",
        )
    return replace(report(dispatch, DispatchStatus.RETURNED, at=at, by=by), returned_quantity=back)


def met_by(dispatches: Iterable[Dispatch]) -> float:
    """Return how much the dispatches bring or have brought."""
    return sum(one.quantity for one in dispatches if one.status in SERVES)


def surplus(dispatches: Sequence[Dispatch], needed: float) -> tuple[Dispatch, ...]:
    """Return those that can be let go while `needed` stays covered: the least advanced and farthest first."""
    order_of = list(DispatchStatus)
    spare = met_by(dispatches) - needed
    let_go = []
    ranked = sorted(
        (one for one in dispatches if one.is_underway),
        key=lambda one: (order_of.index(one.status), -(one.travel_minutes or 0.0), one.id),
    )
    for one in ranked:
        if one.quantity <= spare:
            let_go.append(one)
            spare -= one.quantity
    return tuple(let_go)
