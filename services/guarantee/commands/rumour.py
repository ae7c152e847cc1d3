"""Commands on rumours: noted, decided, answered by a bulletin."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import incident as incidents
from services.guarantee.commands import target
from services.guarantee.domain import rumour
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.domain.rumour import Rumour, RumourStatus


async def note_rumour(uow: UnitOfWork, form: Rumour) -> Rumour:
    """Keep the claim until somebody has looked; of an incident it takes its division and mode.

    Raises NotFound `incident-not-found`.
    """
    incident = await incidents.seen_incident(uow, form.incident_id) if form.incident_id else None
    if incident is not None:
        form = replace(form, jurisdiction=incident.jurisdiction, mode=incident.mode)
    sealed = incident is not None and incident.sealed
    uow.authorize("note_rumour", target.of_rumour(form, sealed=sealed, is_new=True))
    return await _keep(uow, form, "noted")


async def decide_rumour(
    uow: UnitOfWork, id: str, status: RumourStatus, *, finding: str, expected_version: int
) -> Rumour:
    """Record what was found. Raises NotFound, VersionConflict, RumourDecided."""
    current = await store.get_rumour(uow.db, id)
    sealed = await store.is_sealed(uow.db, current.incident_id)
    uow.authorize("decide_rumour", target.of_rumour(current, sealed=sealed))
    await store.require_current(uow.db, current, expected_version)
    decided = rumour.decide_rumour(
        current, status, finding=finding, by=uow.caller.subject, now=uow.now
    )
    return await _keep(uow, decided, "decided")


async def answer_rumour(uow: UnitOfWork, id: str, told: Bulletin) -> None:
    """Note the bulletin that answers it, the first one only."""
    answered = rumour.answer_rumour(await store.get_rumour(uow.db, id), told)
    if answered is not None:
        await _keep(uow, answered, "answered")


async def _keep(uow: UnitOfWork, one: Rumour, event: str) -> Rumour:
    stored = await store.put_rumour(uow.db, one)
    await uow.publish(events.rumour_told(event, stored))
    return stored
