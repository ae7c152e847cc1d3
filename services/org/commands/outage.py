"""The beat of this service: what shows afterwards when it could not tell or be told."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store


async def beat(uow: UnitOfWork) -> None:
    """Record that the service lives now, and the outage that lies behind, if beats were missed."""
    gap = domain.silence(await store.last_beat(uow.db, lock=True), uow.now)
    if gap is not None:
        await store.put_outage(uow.db, gap)
    await store.put_beat(uow.db, uow.now)


async def system_was_up(uow: UnitOfWork, start: datetime, end: datetime) -> bool | None:
    """Return whether no outage overlaps the period; None where no beat was ever recorded."""
    last = await store.last_beat(uow.db)
    if last is None:
        return None
    outages = await store.outages_between(uow.db, start, end)
    present = domain.silence(last, uow.now)
    return domain.was_up([*outages, present] if present else outages, start, end)
