"""Routes of stations."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from chassis import edge, paging
from chassis.edge import Edge
from chassis.unit_of_work import UnitOfWork
from services.analytics import commands, domain, queries
from services.analytics.api.bodies import RegisterStation
from vocabulary import Place

router = APIRouter(tags=["stations"])


@router.put("/v1/stations/{station_id}", responses=edge.answers(queries.StationView))
async def register_station(
    station_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,64}$")],
    body: RegisterStation,
    edge: Annotated[Edge, Depends(edge.edge)],
) -> Response:
    """Register the station as given, in place of what stood under its id."""
    station = domain.Station(
        id=domain.StationId(station_id),
        version=0,
        name=body.name,
        place=Place(body.place.longitude, body.place.latitude),
        jurisdiction=body.jurisdiction,
        metrics=tuple(body.metrics),
        interval=timedelta(seconds=body.interval_seconds),
    )

    async def register(uow: UnitOfWork) -> queries.StationView:
        stored = await commands.register_station(
            uow, station, expected_version=body.expected_version
        )
        return queries.station_view(stored)

    return await edge.command(register)


@router.get("/v1/stations", responses=edge.answers(paging.Page[queries.StationView]))
async def stations(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[paging.PageRequest, Depends(edge.page)],
    jurisdiction: Annotated[str | None, Query(pattern=r"^\d{6,12}$")] = None,
) -> Response:
    """The stations by id, of one jurisdiction when it is given."""
    return await edge.read(lambda db: queries.stations(db, page, jurisdiction=jurisdiction))


@router.get("/v1/stations/{station_id}", responses=edge.answers(queries.StationView))
async def station(station_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """One station."""
    return await edge.read(lambda db: queries.station(db, station_id))
