"""Reads of delegations."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.errors import missing
from services.org.domain import Grant, is_grant_live
from services.org.queries import views
from services.org.store import tables


class GrantView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A delegation; `isLive` says whether it gives anything at `asOf`."""

    id: str
    version: int
    subject: str
    role: str
    organization_id: str | None
    area: str
    valid_from: datetime
    valid_to: datetime
    reason: str
    granted_by: str
    granted_at: datetime
    chain: tuple[str, ...]
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_because: str | None
    is_live: bool
    as_of: datetime


async def grant(
    db: AsyncConnection, grant_id: str, *, concerning: str | None, at: datetime
) -> GrantView:
    """Return the delegation; with `concerning` only one that this subject gave or holds.

    Raises NotFound, the same for what is not shown as for what does not exist.
    """
    one = await documents.load(db, tables.grant, grant_id, Grant)
    if concerning is not None and concerning not in (one.subject, one.granted_by):
        raise missing(tables.grant.name, grant_id)
    return grant_view(one, at)


async def grants(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    concerning: str | None,
    subject: str | None,
    at: datetime,
) -> paging.Page[GrantView]:
    """Return delegations by id: those that `concerning` gave or holds, and of `subject` only."""
    table = tables.grant
    where: list[ColumnElement[bool]] = []
    if concerning is not None:
        where.append(or_(table.c.subject == concerning, table.c.granted_by == concerning))
    if subject is not None:
        where.append(table.c.subject == subject)
    return await paging.page(
        db,
        views.whole(table, *where),
        request,
        order_by=[table.c.id],
        view=views.decode(Grant, lambda one: grant_view(one, at)),
    )


def grant_view(one: Grant, at: datetime) -> GrantView:
    """The delegation as readers see it."""
    return GrantView(
        id=one.id,
        version=one.version,
        subject=one.subject,
        role=one.role,
        organization_id=one.organization,
        area=one.area,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        reason=one.reason,
        granted_by=one.granted_by,
        granted_at=one.granted_at,
        chain=one.chain,
        revoked_at=one.revoked_at,
        revoked_by=one.revoked_by,
        revoked_because=one.revoked_because,
        is_live=is_grant_live(one, at),
        as_of=at,
    )
