"""Routes of readings."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge, paging
from chassis.edge import Edge
from chassis.errors import Invalid
from services.analytics import commands, queries
from vocabulary import Mode

router = APIRouter(tags=["readings"])


class SeriesArgs(edge.Body):
    """Which indicator, from when (with) until when (without)."""

    indicator: str
    since: AwareDatetime
    until: AwareDatetime
    mode: Mode = Mode.REAL


class SeriesBody(edge.Body):
    """Series of one indicator for many jurisdictions; `keys` are their codes."""

    keys: list[str]
    fields: list[str] | None = None
    args: SeriesArgs


@router.get("/v1/readings", responses=edge.answers(paging.Page[queries.ReadingView]))
async def readings(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[paging.PageRequest, Depends(edge.page)],
    jurisdiction: Annotated[str | None, Query(pattern=r"^\d{6,12}$")] = None,
    indicator: str | None = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """The readings told in the last days, newest first."""
    return await edge.read(
        lambda db: queries.readings(
            db, page, jurisdiction=jurisdiction, indicator=indicator, mode=mode
        )
    )


async def present_readings(
    db: AsyncConnection, keys: list[str], *, fields: frozenset[str] | None, args: dict[str, Any]
) -> dict[str, list[queries.ReadingView]]:
    """By jurisdiction code every indicator as it stands; `args.mode` is REAL unless given."""
    return await queries.present_readings(db, keys, mode=mode_of(args))


@router.post(
    "/v1/batch/series",
    responses=edge.answers(dict[str, list[queries.PointView]]),
    tags=["batch"],
)
async def batch_series(body: SeriesBody, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """By jurisdiction code the readings of one indicator in order of time, for charts."""
    expect_batch(body.keys)
    desk: commands.Desk = edge.request.app.state.desk

    async def read(_: AsyncConnection) -> object:
        found = await queries.series(
            await desk.warehouse(),
            body.keys,
            indicator=body.args.indicator,
            mode=body.args.mode,
            since=body.args.since,
            until=body.args.until,
        )
        return masked(found, body.fields)

    return await edge.read(read)


def masked(found: Any, fields: list[str] | None) -> dict[str, Any]:  # noqa: ANN401 - views by key
    """The views with only the named fields."""
    wanted = None if fields is None else frozenset(fields)
    return {key: edge.masked(value, wanted) for key, value in found.items()}


def expect_batch(keys: list[str]) -> None:
    """Pass at most 500 keys. Raises Invalid."""
    if len(keys) > edge.MOST_KEYS:
        raise Invalid(f"A batch holds at most {edge.MOST_KEYS} keys.", field=("keys",))


def mode_of(args: dict[str, Any]) -> Mode:
    """The mode that a batch asks for, REAL unless given. Raises Invalid."""
    try:
        return Mode(args.get("mode", Mode.REAL))
    except ValueError as error:
        raise Invalid("mode is REAL or EXERCISE.", field=("args", "mode")) from error
