"""Stations as readers see them."""

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.analytics import domain, store
from vocabulary import Place


class StationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A registered station."""

    id: str
    version: int
    name: str
    place: Place
    jurisdiction: str
    metrics: tuple[str, ...]
    interval_seconds: float


async def station(db: AsyncConnection, station_id: str) -> StationView:
    """The station; raises NotFound `station-not-found`."""
    return station_view(await documents.load(db, store.STATION, station_id, domain.Station))


async def stations(
    db: AsyncConnection, request: paging.PageRequest, *, jurisdiction: str | None
) -> paging.Page[StationView]:
    """A page of stations, of one jurisdiction when it is given."""
    table = store.STATION.c
    statement = select(cast(table.doc, Text).label("json"))
    statement = paging.narrowed(statement, (table.jurisdiction, jurisdiction))
    decoder = msgspec.json.Decoder(domain.Station)
    return await paging.page(
        db,
        statement,
        request,
        order_by=[table.id],
        view=lambda row: station_view(decoder.decode(row.json)),
    )


def station_view(found: domain.Station) -> StationView:
    """The station as readers see it."""
    return StationView(
        id=found.id,
        version=found.version,
        name=found.name,
        place=found.place,
        jurisdiction=found.jurisdiction,
        metrics=found.metrics,
        interval_seconds=found.interval.total_seconds(),
    )
