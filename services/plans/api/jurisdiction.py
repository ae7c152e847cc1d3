"""Our copies of jurisdictions, for readers while org is away."""

from chassis import edge
from services.plans import queries

router = edge.batch("jurisdictionCopies", queries.JurisdictionCopyView, queries.jurisdiction_copies)
