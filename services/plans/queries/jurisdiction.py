"""Our copies of jurisdictions, for readers while org is away; `asOf` says how old they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans import domain, store
from services.plans.queries.views import View, shaped
from vocabulary import JurisdictionState


class JurisdictionCopyView(View, frozen=True):
    """A jurisdiction as org said it at `as_of`."""

    id: str
    code: str
    name_zh: str
    name_en: str
    parent: str | None
    population: int | None
    area_km2: float | None
    state: JurisdictionState | None
    as_of: datetime


async def jurisdiction_copies(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, JurisdictionCopyView]:
    """Each copy under its code; one that has not come here is not among them."""
    table = store.jurisdiction
    found = await documents.find(db, table, domain.Jurisdiction, table.c.id.in_(keys))
    return {one.id: shaped(one, JurisdictionCopyView) for one in found}
