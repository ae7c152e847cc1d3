"""The situation picture of jurisdictions, counted from heard events."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain, store
from vocabulary import Mode


class SituationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the reader may see of a jurisdiction and the divisions within it, counted, at `asOf`."""

    jurisdiction: str
    as_of: datetime
    open_incidents: int
    reports_last_hour: int
    unmet_needs: int


async def situations(
    db: AsyncConnection, jurisdictions: Collection[str], *, mode: Mode, now: datetime
) -> dict[str, SituationView]:
    """The situation of each jurisdiction."""
    items = await store.counting_items(db, mode=mode, reports_since=now - domain.REPORT_WINDOW)
    counts: Counter[tuple[str, domain.Counted]] = Counter(
        (area, kind) for kind, code in items for area in domain.chain(code)
    )
    return {
        code: SituationView(
            jurisdiction=code,
            as_of=now,
            open_incidents=counts[code, domain.Counted.INCIDENT],
            reports_last_hour=counts[code, domain.Counted.REPORT],
            unmet_needs=counts[code, domain.Counted.REQUIREMENT],
        )
        for code in jurisdictions
    }
