"""Early warnings as rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import EVERYBODY
from services.guarantee.domain.warning import Warning, WarningStatus
from services.guarantee.store.tables import WARNING


async def get_warning(db: AsyncConnection, id: str) -> Warning:
    """Return the warning, its row locked. Raises NotFound."""
    return await documents.load(db, WARNING, id, Warning, lock=True)


async def find_warnings(db: AsyncConnection, ids: Sequence[str]) -> list[Warning]:
    """Return those of the warnings that exist, their rows locked."""
    if not ids:
        return []
    return await documents.find(db, WARNING, Warning, WARNING.c.id.in_(ids), lock=True)


async def drafts_from(db: AsyncConnection, signal_id: str) -> list[Warning]:
    """Return the drafts that a signal suggested and nobody has decided, their rows locked."""
    is_draft = WARNING.c.status == WarningStatus.AWAITING_APPROVAL
    return await documents.find(
        db, WARNING, Warning, WARNING.c.signal_id == signal_id, is_draft, lock=True
    )


async def active_from(db: AsyncConnection, signal_ids: Sequence[str]) -> list[Warning]:
    """Return the warnings in force that one of the signals led to."""
    if not signal_ids:
        return []
    is_active = WARNING.c.status == WarningStatus.ACTIVE
    return await documents.find(
        db, WARNING, Warning, WARNING.c.signal_id.in_(signal_ids), is_active
    )


async def announced_in(db: AsyncConnection, exercise_id: str) -> list[Warning]:
    """Return the warnings of the exercise that are in force, their rows locked."""
    ours = WARNING.c.exercise_id == exercise_id
    is_active = WARNING.c.status == WarningStatus.ACTIVE
    return await documents.find(db, WARNING, Warning, ours, is_active, lock=True)


async def put_warning(db: AsyncConnection, warning: Warning) -> Warning:
    """Store the warning."""
    open_to = EVERYBODY if warning.is_public else None
    return await documents.save(db, WARNING, warning, open_to=open_to)
