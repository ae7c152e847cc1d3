"""Lists of what departments ask of one another."""

from datetime import datetime

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.coordination import CoordinationStatus
from gateway.upstream import Json
from vocabulary import Mode


async def coordination_requests(
    info: Info,
    jurisdiction: str | None = None,
    status: list[CoordinationStatus] | None = None,
    incident: strawberry.ID | None = None,
    from_organization: strawberry.ID | None = None,
    to_organization: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """Requests between departments, the newest first."""
    return await reading.page(
        "coordinationRequests",
        info,
        first=first,
        after=after,
        mode=mode,
        jurisdiction=jurisdiction,
        status=status,
        incident=incident,
        fromOrganization=from_organization,
        toOrganization=to_organization,
    )


async def coordination_figures(
    info: Info, jurisdiction: str, since: datetime, mode: Mode = Mode.REAL
) -> Json:
    """Who answers whom how fast, the slowest pair first."""
    return await reading.listing(
        "coordinationFigures", info, jurisdiction=jurisdiction, since=since, mode=mode
    )
