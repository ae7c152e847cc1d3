"""Rows of windows, of indicators as evaluated and told, and of the readings that were told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.tables import INDICATOR, READING, STATION_WINDOW
from vocabulary import Mode


async def windows(
    db: AsyncConnection, *, mode: Mode, indicators: Collection[str]
) -> list[tuple[str, str, domain.StationWindow]]:
    """The newest window of every source, with its indicator and the source's jurisdiction."""
    table = STATION_WINDOW.c
    statement = select(
        table.indicator, table.jurisdiction, table.source, table.as_of, table.value, table.samples
    ).where(table.mode == mode, table.indicator.in_(indicators))
    return [
        (indicator, jurisdiction, domain.StationWindow(source, as_of, value, samples))
        for indicator, jurisdiction, source, as_of, value, samples in await db.execute(statement)
    ]


async def put_windows(
    db: AsyncConnection, *, mode: Mode, found: Iterable[tuple[str, str, domain.StationWindow]]
) -> None:
    """Store these (indicator, jurisdiction, window) as the newest of their sources."""
    rows = [
        {
            "mode": mode,
            "indicator": indicator,
            "source": window.source,
            "jurisdiction": jurisdiction,
            "as_of": window.as_of,
            "value": window.value,
            "samples": window.samples,
        }
        for indicator, jurisdiction, window in found
    ]
    if not rows:
        return
    statement = insert(STATION_WINDOW)
    changed = {
        name: statement.excluded[name] for name in ("jurisdiction", "as_of", "value", "samples")
    }
    keys = ["mode", "indicator", "source"]
    await db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


async def indicators(
    db: AsyncConnection,
    *,
    mode: Mode,
    rules: Sequence[domain.IndicatorRule],
    jurisdictions: Collection[str],
) -> dict[tuple[str, str], domain.Indicator]:
    """The state of each (indicator, jurisdiction) that was evaluated before."""
    by_name = {rule.indicator: rule for rule in rules}
    table = INDICATOR.c
    rows = await db.execute(
        select(INDICATOR).where(
            table.mode == mode,
            table.indicator.in_(by_name),
            table.jurisdiction.in_(jurisdictions),
        )
    )
    return {
        (row.indicator, row.jurisdiction): _indicator(row, by_name[row.indicator]) for row in rows
    }


async def known_indicators(
    db: AsyncConnection, *, mode: Mode, rules: Sequence[domain.IndicatorRule]
) -> dict[tuple[str, str], domain.Indicator]:
    """The state of every (indicator, jurisdiction) whose value is known at present."""
    by_name = {rule.indicator: rule for rule in rules}
    table = INDICATOR.c
    rows = await db.execute(
        select(INDICATOR).where(
            table.mode == mode, table.indicator.in_(by_name), table.value.is_not(None)
        )
    )
    return {
        (row.indicator, row.jurisdiction): _indicator(row, by_name[row.indicator]) for row in rows
    }


async def put_indicators(
    db: AsyncConnection, states: Mapping[tuple[str, str], domain.Indicator]
) -> None:
    """Store each indicator as it was evaluated and told."""
    rows = [_row(state) for state in states.values() if state.evaluated is not None]
    if not rows:
        return
    statement = insert(INDICATOR)
    keys = ["mode", "indicator", "jurisdiction"]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    await db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


async def told_readings(
    db: AsyncConnection,
    rules: Sequence[domain.IndicatorRule],
    *,
    mode: Mode,
    jurisdictions: Collection[str],
    since: datetime,
) -> list[tuple[domain.Reading, int]]:
    """The readings told for instants from `since` on, with their revisions, in order of time."""
    by_name = {rule.indicator: rule for rule in rules}
    table = READING.c
    rows = await db.execute(
        select(READING)
        .where(
            table.mode == mode,
            table.indicator.in_(by_name),
            table.jurisdiction.in_(jurisdictions),
            table.as_of >= since,
        )
        .order_by(table.as_of)
    )
    return [(_reading(row, by_name[row.indicator]), row.revision) for row in rows]


async def put_readings(
    db: AsyncConnection, told: Collection[domain.Change], *, now: datetime
) -> None:
    """Store these changes as what was told for their instants."""
    if not told:
        return
    rows = [
        {
            "mode": change.reading.mode,
            "indicator": change.reading.indicator,
            "jurisdiction": change.reading.jurisdiction,
            "as_of": change.reading.as_of,
            "value": change.reading.value,
            "quality": change.reading.quality,
            "revision": change.revision,
            "told_at": now,
        }
        for change in told
    ]
    statement = insert(READING)
    changed = {
        name: statement.excluded[name] for name in ("value", "quality", "revision", "told_at")
    }
    keys = ["mode", "indicator", "jurisdiction", "as_of"]
    await db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


async def forget_windows(db: AsyncConnection, *, before: datetime) -> None:
    """Leave no window or told reading that ended before `before`; the warehouse has them."""
    await db.execute(delete(STATION_WINDOW).where(STATION_WINDOW.c.as_of < before))
    await db.execute(delete(READING).where(READING.c.as_of < before))


def reading_payload(told: Sequence[domain.Change], *, now: datetime) -> list[list[object]]:
    """The changes as columns of the warehouse's table."""
    readings = [change.reading for change in told]
    return [
        [one.mode.value for one in readings],
        [one.indicator for one in readings],
        [one.jurisdiction for one in readings],
        [one.as_of for one in readings],
        [one.value for one in readings],
        [one.unit for one in readings],
        [int(one.window.total_seconds()) for one in readings],
        [one.quality for one in readings],
        [change.revision for change in told],
        [now for _ in told],
    ]


def _row(state: domain.Indicator) -> dict[str, object]:
    newest, told = state.evaluated, state.published
    if newest is None:
        message = "an indicator that was never evaluated is not stored"
        raise ValueError(message)
    return {
        "mode": newest.mode,
        "indicator": newest.indicator,
        "jurisdiction": newest.jurisdiction,
        "as_of": newest.as_of,
        "value": newest.value,
        "quality": newest.quality,
        "told_as_of": told.as_of if told else None,
        "told_value": told.value if told else None,
        "told_quality": told.quality if told else None,
        "told_revision": state.revision,
    }


def _indicator(row: Row[tuple[object, ...]], rule: domain.IndicatorRule) -> domain.Indicator:
    told = None
    if row.told_as_of is not None:
        told = _made(
            row, rule, as_of=row.told_as_of, value=row.told_value, quality=row.told_quality
        )
    return domain.Indicator(_reading(row, rule), told, row.told_revision)


def _reading(row: Row[tuple[object, ...]], rule: domain.IndicatorRule) -> domain.Reading:
    return _made(row, rule, as_of=row.as_of, value=row.value, quality=row.quality)


def _made(
    row: Row[tuple[object, ...]],
    rule: domain.IndicatorRule,
    *,
    as_of: datetime,
    value: float | None,
    quality: float | None,
) -> domain.Reading:
    return domain.Reading(
        indicator=rule.indicator,
        jurisdiction=row.jurisdiction,
        mode=Mode(row.mode),
        value=value,
        unit=rule.unit,
        window=rule.window,
        quality=quality,
        as_of=as_of,
    )
