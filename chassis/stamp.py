"""The deployment's stamp: what a database was born as, and the business time of a rehearsal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.clock import Clock, RehearsalClock
from chassis.settings import Deployment
from chassis.tables.state import STAMP


class StampMismatch(Exception):
    """MODE_STAMP_MISMATCH: the database belongs to another kind of deployment, or service."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in the database since its first migration."""

    service: str
    deployment: Deployment
    rehearsal_now: datetime | None

    def is_after(self, instant: datetime) -> bool:
        """Whether business time was set beyond `instant`."""
        return self.rehearsal_now is not None and self.rehearsal_now > instant


async def write(db: AsyncConnection, service: str, deployment: Deployment) -> None:
    """Stamp a new database; an old one must bear the same stamp. Raises StampMismatch."""
    await db.execute(
        insert(STAMP).values(id=1, service=service, deployment=deployment).on_conflict_do_nothing()
    )
    check(await read(db), service, deployment)


async def read(db: AsyncConnection) -> Stamp:
    """Return the stamp. Raises StampMismatch when the database has none."""
    row = (await db.execute(select(STAMP))).one_or_none()
    if row is None:
        raise StampMismatch("MODE_STAMP_MISMATCH: the database bears no stamp; migrate it first")
    return Stamp(row.service, Deployment(row.deployment), row.rehearsal_now)


def check(stamp: Stamp, service: str, deployment: Deployment) -> None:
    """Pass when the database is of this service and kind. Raises StampMismatch."""
    if (stamp.service, stamp.deployment) != (service, deployment):
        raise StampMismatch(
            f"MODE_STAMP_MISMATCH: the database is {stamp.deployment} of {stamp.service}, "
            f"the settings say {deployment} of {service}"
        )


def clock(stamp: Stamp) -> Clock:
    """Return the clock of the deployment; a rehearsal's stands at the time last set."""
    if stamp.deployment is Deployment.PRODUCTION:
        return Clock()
    return RehearsalClock(stamp.rehearsal_now)


async def set_now(db: AsyncConnection, instant: datetime) -> None:
    """Keep the business time of a rehearsal across restarts."""
    await db.execute(STAMP.update().values(rehearsal_now=instant))
