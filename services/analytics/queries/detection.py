"""Detections as readers see them."""

from datetime import datetime

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import paging
from services.analytics import domain, store
from vocabulary import Mode, WarningColour


class DetectionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A stay at or above a limit; `clearedAt` null: it stands. `value` is the newest known one."""

    id: str
    rule: str
    rule_version: str
    colour: WarningColour
    indicator: str
    jurisdiction: str
    mode: Mode
    value: float | None
    threshold: float
    unit: str
    raised_at: datetime
    cleared_at: datetime | None
    as_of: datetime


async def detections(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    jurisdiction: str | None,
    mode: Mode,
    state: str | None,
) -> paging.Page[DetectionView]:
    """A page of detections, newest first; `state` RAISED or CLEARED narrows it."""
    table = store.DETECTION.c
    statement = select(cast(table.doc, Text).label("json")).where(table.mode == mode)
    statement = paging.narrowed(statement, (table.jurisdiction, jurisdiction))
    if state is not None:
        stands = table.cleared_at.is_(None)
        statement = statement.where(stands if state == "RAISED" else ~stands)
    decoder = msgspec.json.Decoder(domain.Detection)
    return await paging.page(
        db,
        statement,
        request,
        order_by=[table.raised_at.desc(), table.id],
        view=lambda row: _view(decoder.decode(row.json)),
    )


def _view(found: domain.Detection) -> DetectionView:
    return DetectionView(
        id=found.id,
        rule=found.rule,
        rule_version=found.rule_version,
        colour=found.colour,
        indicator=found.indicator,
        jurisdiction=found.jurisdiction,
        mode=found.mode,
        value=found.value,
        threshold=found.threshold,
        unit=found.unit,
        raised_at=found.raised_at,
        cleared_at=found.cleared_at,
        as_of=found.as_of,
    )
