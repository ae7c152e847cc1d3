"""Keeping copies of jurisdictions."""

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store


async def copy_jurisdiction(
    uow: UnitOfWork, jurisdiction: domain.Jurisdiction, *, version: int
) -> None:
    """The copy is this one, unless a newer was taken before."""
    await store.put_jurisdiction(uow.db, jurisdiction, version=version)
