"""Reads of legal provisions."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.provision import Provision
from services.guarantee.queries.views import document
from services.guarantee.store.tables import PROVISION


class ProvisionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One article, the measures that it authorises, and to whom, where and when."""

    id: str
    version: int
    instrument: str
    article: str
    measures: tuple[str, ...]
    held_by: tuple[str, ...]
    minimum_level: str | None
    territory: str | None
    maximum_duration_minutes: int | None
    valid_from: datetime
    valid_to: datetime | None
    source: str


def provision_view(provision: Provision) -> ProvisionView:
    """Show a provision."""
    return ProvisionView(
        id=provision.id,
        version=provision.version,
        instrument=provision.instrument,
        article=provision.article,
        measures=provision.measures,
        held_by=provision.held_by,
        minimum_level=provision.minimum_level,
        territory=provision.territory,
        maximum_duration_minutes=provision.maximum_duration_minutes,
        valid_from=provision.valid_from,
        valid_to=provision.valid_to,
        source=provision.source,
    )


async def provision(db: AsyncConnection, id: str) -> ProvisionView:
    """Return one provision. Raises NotFound."""
    return provision_view(await documents.load(db, PROVISION, id, Provision))


async def provisions(db: AsyncConnection, request: PageRequest) -> Page[ProvisionView]:
    """Return a page of provisions, by id."""
    return await paging.page(
        db,
        select(cast(PROVISION.c.doc, Text)),
        request,
        order_by=[PROVISION.c.id],
        view=_view,
    )


def _view(row: Row[Any]) -> ProvisionView:
    return provision_view(document(row[0], Provision))
