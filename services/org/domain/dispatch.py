"""Resources sent to incidents, as this service hears of them: an incident cannot close while they are out."""

from dataclasses import dataclass

# released ones are still on the road; only returned, unable and cancelled ones are not out
OUT = frozenset({"ORDERED", "ACKNOWLEDGED", "EN_ROUTE", "ON_SCENE", "RELEASED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The last that was heard of it."""

    id: str
    version: int = 0
    incident_id: str | None
    status: str
    resource: str
