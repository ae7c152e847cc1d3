"""Copies of jurisdictions, newest version kept."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.tables import JURISDICTION


async def put_jurisdiction(
    db: AsyncConnection, jurisdiction: domain.Jurisdiction, *, version: int
) -> None:
    """Store the copy, unless a newer version is stored already."""
    values = {
        "version": version,
        "name_zh": jurisdiction.name_zh,
        "name_en": jurisdiction.name_en,
        "parent": jurisdiction.parent,
        "boundary_geojson": jurisdiction.boundary_geojson,
    }
    statement = insert(JURISDICTION).values(code=jurisdiction.code, **values)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["code"], set_=values, where=JURISDICTION.c.version < version
        )
    )


async def jurisdictions_with_boundary(db: AsyncConnection) -> list[domain.Jurisdiction]:
    """Every copy that has a boundary."""
    table = JURISDICTION.c
    rows = await db.execute(
        select(table.code, table.name_zh, table.name_en, table.parent, table.boundary_geojson)
        .where(table.boundary_geojson.is_not(None))
        .order_by(table.code)
    )
    return [domain.Jurisdiction(**row._mapping) for row in rows]
