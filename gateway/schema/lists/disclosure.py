"""Lists of what the public is told and of what goes round."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.disclosure import BulletinStatus, RumourStatus
from gateway.upstream import Json
from vocabulary import Mode


async def bulletins(
    info: Info,
    jurisdiction: str | None = None,
    status: BulletinStatus | None = None,
    incident: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Bulletins and drafts, the newest first."""
    return await reading.page(
        "bulletins",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
        incident=incident,
    )


async def rumours(
    info: Info,
    jurisdiction: str | None = None,
    status: RumourStatus | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Rumours, the newest first."""
    return await reading.page(
        "rumours",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
    )
