"""Early warnings of governments: our copy, with what has taken the place of what."""

from sqlalchemy import Column, Index, Text, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import EarlyWarning, Status
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

warning = documents.table(
    "warning",
    metadata,
    Column("mode", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("superseded_by", Text),
    Column("exercise_id", Text),
    Index("warning_standing", "mode", "status"),
)


async def find_warning(db: AsyncConnection, id: str) -> EarlyWarning | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, warning, EarlyWarning, warning.c.id == id)
    return found[0] if found else None


async def standing_warnings(
    db: AsyncConnection, mode: Mode, *, exercise_id: str | None = None
) -> list[EarlyWarning]:
    """Those that are active, and those superseded by one that has not come yet."""
    known = select(warning.c.id)
    return await documents.find(
        db,
        warning,
        EarlyWarning,
        played_in(warning, mode, exercise_id),
        or_(
            warning.c.status == Status.ACTIVE,
            and_(
                warning.c.status == Status.SUPERSEDED,
                warning.c.superseded_by.not_in(known),
            ),
        ),
    )


async def put_warning(db: AsyncConnection, one: EarlyWarning) -> EarlyWarning:
    """Store the copy and return it as stored."""
    return await documents.save(db, warning, one)
