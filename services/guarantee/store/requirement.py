"""Requirements as rows. Locks are taken in one order: timers, requirements, dispatches, resources."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.requirement import Requirement, RequirementStatus
from services.guarantee.store.incident import sealed_with
from services.guarantee.store.tables import REQUIREMENT
from vocabulary import Mode

_WANTING = (
    RequirementStatus.OPEN,
    RequirementStatus.PARTLY_MET,
    RequirementStatus.UNMET,
)


async def get_requirement(db: AsyncConnection, id: str) -> Requirement:
    """Return the requirement, its row locked. Raises NotFound."""
    return await documents.load(db, REQUIREMENT, id, Requirement, lock=True)


async def see_requirement(db: AsyncConnection, id: str) -> Requirement:
    """Return the requirement, unlocked. Raises NotFound."""
    return await documents.load(db, REQUIREMENT, id, Requirement)


async def requirements_of(db: AsyncConnection, activation_id: str) -> list[Requirement]:
    """Return all requirements of an activation, their rows locked."""
    ours = REQUIREMENT.c.activation_id == activation_id
    return await documents.find(db, REQUIREMENT, Requirement, ours, lock=True)


async def wanting(db: AsyncConnection, pool: str, ledger: Ledger) -> list[Requirement]:
    """Return the requirements of a pool for which something is still to be found, unlocked."""
    return await documents.find(
        db,
        REQUIREMENT,
        Requirement,
        REQUIREMENT.c.pool == pool,
        *_of(ledger),
        REQUIREMENT.c.status.in_(_WANTING),
    )


async def lock_requirements(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Requirement]:
    """Return the requirements as they are now, locked in the order of their ids."""
    found = await documents.find(db, REQUIREMENT, Requirement, REQUIREMENT.c.id.in_(ids), lock=True)
    return {one.id: one for one in found}


async def wanting_pools(db: AsyncConnection, ledger: Ledger) -> list[str]:
    """Return the pools in which something is still to be found."""
    statement = (
        select(REQUIREMENT.c.pool)
        .where(*_of(ledger), REQUIREMENT.c.status.in_(_WANTING))
        .distinct()
        .order_by(REQUIREMENT.c.pool)
    )
    return list(await db.scalars(statement))


async def wanting_ledgers(db: AsyncConnection) -> list[Ledger]:
    """Return the ledgers in which something is still to be found, the exercises first."""
    statement = (
        select(REQUIREMENT.c.mode, REQUIREMENT.c.exercise_id)
        .where(REQUIREMENT.c.status.in_(_WANTING))
        .distinct()
        .order_by(REQUIREMENT.c.mode, REQUIREMENT.c.exercise_id)
    )
    return [Ledger(Mode(mode), exercise) for mode, exercise in await db.execute(statement)]


async def put_requirement(db: AsyncConnection, requirement: Requirement) -> Requirement:
    """Store the requirement."""
    sealed = sealed_with(requirement.incident_id)
    return await documents.save(db, REQUIREMENT, requirement, incident_sealed=sealed)


def _of(ledger: Ledger) -> tuple[ColumnElement[bool], ...]:
    exercise = REQUIREMENT.c.exercise_id
    return REQUIREMENT.c.mode == ledger.mode, exercise.is_not_distinct_from(ledger.exercise_id)
