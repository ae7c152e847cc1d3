"""Keeping copies of published plans."""

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store


async def copy_plan(uow: UnitOfWork, plan: domain.Plan, *, version: int) -> None:
    """The limits that the plan watches are these, unless a newer version was taken before."""
    await store.put_plan(uow.db, plan, version=version)
