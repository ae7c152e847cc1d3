"""Readings as readers see them: present, told one by one, and as series for charts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import paging
from services.analytics import store
from vocabulary import INDICATORS, Mode

MOST_POINTS = 5_000  # of one series; a chart of more is asked for in parts


class ReadingView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The value of an indicator; `value` null is unknown at `asOf`, `quality` is a share 0-1.

    `revision` counts the corrections that late samples made to this instant.
    """

    indicator: str
    jurisdiction: str
    mode: Mode
    value: float | None
    unit: str
    quality: float | None
    as_of: datetime
    revision: int


class PointView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One point of a series."""

    as_of: datetime
    value: float | None
    quality: float | None


async def readings(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    jurisdiction: str | None,
    indicator: str | None,
    mode: Mode,
) -> paging.Page[ReadingView]:
    """A page of the readings told in the last days, newest first."""
    table = store.READING.c
    statement = select(store.READING).where(table.mode == mode)
    statement = paging.narrowed(
        statement, (table.jurisdiction, jurisdiction), (table.indicator, indicator)
    )
    return await paging.page(
        db,
        statement,
        request,
        order_by=[table.as_of.desc(), table.indicator, table.jurisdiction],
        view=lambda row: _view(row, row.revision),
    )


async def present_readings(
    db: AsyncConnection, jurisdictions: Collection[str], *, mode: Mode
) -> dict[str, list[ReadingView]]:
    """By jurisdiction every indicator that was ever evaluated there, as it stands."""
    table = store.INDICATOR.c
    rows = await db.execute(
        select(store.INDICATOR)
        .where(table.mode == mode, table.jurisdiction.in_(jurisdictions))
        .order_by(table.jurisdiction, table.indicator)
    )
    found: dict[str, list[ReadingView]] = {code: [] for code in jurisdictions}
    for row in rows:
        found[row.jurisdiction].append(_view(row, row.told_revision))
    return found


async def series(
    warehouse: store.Warehouse,
    jurisdictions: Sequence[str],
    *,
    indicator: str,
    mode: Mode,
    since: datetime,
    until: datetime,
) -> Mapping[str, list[PointView]]:
    """By jurisdiction the readings told for `since` until before `until`, as last corrected.

    At most 5000 points each, the earliest ones.
    """
    rows = await warehouse.query(
        """
        SELECT jurisdiction, as_of, argMax(tuple(value), revision).1 AS last_value,
               argMax(tuple(quality), revision).1 AS last_quality
        FROM reading
        WHERE mode = {mode:String} AND indicator = {indicator:String}
          AND jurisdiction IN {jurisdictions:Array(String)}
          AND as_of >= {since:DateTime64(6, 'UTC')} AND as_of < {until:DateTime64(6, 'UTC')}
        GROUP BY jurisdiction, as_of
        ORDER BY jurisdiction, as_of
        LIMIT {most:UInt32} BY jurisdiction
        """,
        {
            "mode": mode.value,
            "indicator": indicator,
            "jurisdictions": list(jurisdictions),
            "since": since,
            "until": until,
            "most": MOST_POINTS,
        },
    )
    found: dict[str, list[PointView]] = defaultdict(list)
    for row in rows:
        found[row["jurisdiction"]].append(
            PointView(as_of=row["as_of"], value=row["last_value"], quality=row["last_quality"])
        )
    return {code: found[code] for code in jurisdictions}


def _view(row: Row[Any], revision: int) -> ReadingView:
    return ReadingView(
        indicator=row.indicator,
        jurisdiction=row.jurisdiction,
        mode=Mode(row.mode),
        value=row.value,
        unit=INDICATORS[row.indicator].unit,
        quality=row.quality,
        as_of=row.as_of,
        revision=revision,
    )
