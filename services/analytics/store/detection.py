"""Rows of detections."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.analytics import domain
from services.analytics.store.tables import DETECTION
from vocabulary import Mode


async def open_detections(
    db: AsyncConnection, *, mode: Mode, jurisdictions: Collection[str], indicators: Collection[str]
) -> list[domain.Detection]:
    """The detections that stand raised, their rows locked."""
    table = DETECTION.c
    return await documents.find(
        db,
        DETECTION,
        domain.Detection,
        table.mode == mode,
        table.cleared_at.is_(None),
        table.jurisdiction.in_(jurisdictions),
        table.indicator.in_(indicators),
        lock=True,
    )


async def put_detection(db: AsyncConnection, detection: domain.Detection) -> domain.Detection:
    """Store the detection and return it under its next version."""
    return await documents.save(db, DETECTION, detection)
