"""Rows of registered stations."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.errors import NotFound
from services.analytics import domain
from services.analytics.store.tables import STATION


async def find_station(db: AsyncConnection, station_id: str) -> domain.Station | None:
    """The station, its row locked; None when it was never registered."""
    try:
        return await documents.load(db, STATION, station_id, domain.Station, lock=True)
    except NotFound:
        return None


async def put_station(db: AsyncConnection, station: domain.Station) -> domain.Station:
    """Store the station and return it under its next version."""
    return await documents.save(db, STATION, station, metrics=list(station.metrics))


async def stations_by_id(
    db: AsyncConnection, station_ids: Collection[str]
) -> dict[str, domain.Station]:
    """Those of the stations that are registered, by id."""
    found = await documents.find(db, STATION, domain.Station, STATION.c.id.in_(station_ids))
    return {station.id: station for station in found}


async def stations_measuring(db: AsyncConnection, metric: str) -> Sequence[domain.Station]:
    """Every station that is registered for `metric`."""
    return await documents.find(
        db, STATION, domain.Station, STATION.c.metrics.contains([metric]), order_by=STATION.c.id
    )
