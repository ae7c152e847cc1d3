"""Keeping copies of org's incidents."""

from dataclasses import replace

from chassis.errors import missing
from chassis.policy import VIEW, Target
from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.domain.incident import Incident


async def keep_incident(uow: UnitOfWork, news: Incident) -> None:
    """Keep the incident as org last told it; what belongs to it is sealed as it is."""
    known = await store.find_incident(uow.db, news.id)
    kept = await store.put_incident(uow.db, replace(news, version=known.version if known else 0))
    if kept.sealed != (known is not None and known.sealed):
        await store.seal_with(uow.db, kept)


async def seen_incident(uow: UnitOfWork, id: str) -> Incident:
    """Return the incident that the caller names, locked, if they may know of it.

    Raises NotFound `incident-not-found`, alike for what is unknown here and what is sealed to them.
    """
    incident = await store.find_incident(uow.db, id)
    if incident is None or not uow.decide(VIEW, _target(incident)).allowed:
        raise missing("incident", id, field=("incidentId",))
    return incident


def _target(incident: Incident) -> Target:
    return Target(
        kind="incident",
        id=incident.id,
        area=incident.jurisdiction,
        sealed=incident.sealed,
        mode=incident.mode,
    )
