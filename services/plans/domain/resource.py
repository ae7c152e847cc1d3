"""Our copy of what guarantee holds: whether a plan's needs could be met from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vocabulary import is_within


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as guarantee last said it; `as_of` is when. Only what `is_ready` can be sent."""

    id: str
    capabilities: tuple[str, ...]
    quantity: float
    unit: str
    jurisdiction: str
    is_ready: bool
    qualification_expires_at: datetime | None
    as_of: datetime
    version: int = 0


def is_usable(resource: Resource, at: datetime) -> bool:
    """Whether it can be sent at `at`: ready, and its qualification not run out."""
    expires = resource.qualification_expires_at
    return resource.is_ready and (expires is None or expires > at)


def held(
    resources: Iterable[Resource], *, capability: str, area: str, at: datetime
) -> dict[str, float]:
    """How much of the capability can be sent from within the area, by unit."""
    found: dict[str, float] = {}
    for one in resources:
        if (
            capability in one.capabilities
            and is_within(one.jurisdiction, area)
            and is_usable(one, at)
        ):
            found[one.unit] = found.get(one.unit, 0.0) + one.quantity
    return found
