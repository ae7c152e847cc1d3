"""Prevention before response: what was in force before the incident that it turned out to be for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.plans.domain.incident import Incident
from services.plans.domain.plan import Plan
from vocabulary import is_within, matches


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before an incident a response was first in force; negative minutes are after it.

    `occurred_at` None: nobody has said yet when it happened.
    """

    incident_id: str
    in_force_at: datetime
    declared_at: datetime
    occurred_at: datetime | None = None

    @property
    def to_declaration_minutes(self) -> float:
        """Minutes from first in force to the declaration."""
        return (self.declared_at - self.in_force_at) / timedelta(minutes=1)

    @property
    def to_occurrence_minutes(self) -> float | None:
        """Minutes from first in force to when it happened; None while that is unknown."""
        if self.occurred_at is None:
            return None
        return (self.occurred_at - self.in_force_at) / timedelta(minutes=1)


def bears_on(incident: Incident, plan: Plan) -> bool:
    """Whether the incident is open, of the plan's types and in its area."""
    return (
        incident.is_open
        and is_within(incident.jurisdiction, plan.jurisdiction)
        and any(matches(incident.emergency_type, prefix) for prefix in plan.emergency_types)
    )


def is_before(in_force_at: datetime, incident: Incident) -> bool:
    """Whether a response in force since then was there before the incident was declared."""
    return in_force_at < incident.declared_at


def lead(in_force_at: datetime, incident: Incident) -> Lead:
    """How long before the incident the response was in force."""
    return Lead(incident.id, in_force_at, incident.declared_at, incident.occurred_at)
