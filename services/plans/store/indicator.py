"""The newest reading of every indicator: our copy."""

from sqlalchemy import Column, Index, Text, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Reading
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

indicator = documents.table(
    "indicator",
    metadata,
    Column("mode", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("exercise_id", Text),
    Index("indicator_of_jurisdiction", "mode", "jurisdiction"),
)


async def find_reading(db: AsyncConnection, id: str) -> Reading | None:
    """The newest reading, locked until the unit of work ends, or None."""
    found = await documents.find(db, indicator, Reading, indicator.c.id == id, lock=True)
    return found[0] if found else None


async def newest_readings(
    db: AsyncConnection, mode: Mode, *, exercise_id: str | None = None
) -> list[Reading]:
    """The newest reading of every indicator of every jurisdiction in the mode."""
    return await documents.find(db, indicator, Reading, played_in(indicator, mode, exercise_id))


async def reported(db: AsyncConnection) -> frozenset[tuple[str, str]]:
    """Of which indicators which divisions have a real value: name and division."""
    name, value = indicator.c.doc["indicator"].astext, indicator.c.doc["value"]
    said = select(name, indicator.c.jurisdiction).where(
        indicator.c.mode == Mode.REAL, value != text("'null'::jsonb")
    )
    return frozenset((row[0], row[1]) for row in await db.execute(said))


async def put_reading(db: AsyncConnection, one: Reading) -> Reading:
    """Store the reading and return it as stored."""
    return await documents.save(db, indicator, one)
