"""Our copies of incidents, for readers while org is away."""

from chassis import edge
from services.plans import queries

router = edge.batch("incidentCopies", queries.IncidentCopyView, queries.incident_copies)
