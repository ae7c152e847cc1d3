"""Reads of reporters: masked, as everybody sees them who has not stated a purpose."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, sealing
from chassis.sealing import Ring
from services.org import domain, store
from services.org.store import tables

_MOST = 50  # of other reports and of looks: enough to know that there are many
_NOBODY = domain.Masked(name=None, phone=None, has_place=False)


class RevealView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who saw the whole data, and what for."""

    by: str
    purpose: str
    at: datetime


class ReporterView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who told, masked; `sameCaller` are other reports of the same number, whatever it is.

    `expiresAt` is null while the case is open and once `erasedAt` is set.
    """

    report: str
    version: int
    name: str | None
    phone: str | None
    has_place: bool
    same_caller: tuple[str, ...]
    received_at: datetime
    expires_at: datetime | None
    hold_reason: str | None
    held_by: str | None
    erased_at: datetime | None
    erased_because: str | None
    reveals: tuple[RevealView, ...]


async def reporter(db: AsyncConnection, report_id: str, *, ring: Ring) -> ReporterView:
    """Return who told, masked. Raises NotFound and KeyNotHeld."""
    # who may not see the report, sealed with its incident, sees nobody who told it
    await documents.load(db, tables.report, report_id, domain.Report)
    one = await documents.load(db, tables.reporter, report_id, domain.Reporter)
    person = await _person(db, one, ring)
    masked = domain.mask(person) if person else _NOBODY
    return ReporterView(
        report=one.id,
        version=one.version,
        name=masked.name,
        phone=masked.phone,
        has_place=masked.has_place,
        same_caller=await _same_caller(db, one.id, person, ring),
        received_at=one.received_at,
        expires_at=None if one.erased_at else one.expires_at,
        hold_reason=one.hold_reason,
        held_by=one.held_by,
        erased_at=one.erased_at,
        erased_because=one.erased_because,
        reveals=await _reveals(db, one.id),
    )


async def _person(db: AsyncConnection, one: domain.Reporter, ring: Ring) -> domain.Person | None:
    if one.sealed is None:
        return None
    key = await store.get_key(db, one.id)
    plain = sealing.unseal(ring, one.sealed, key.wrapped, bound_to=one.id)
    return msgspec.json.decode(plain, type=domain.Person)


async def _same_caller(
    db: AsyncConnection, report_id: str, person: domain.Person | None, ring: Ring
) -> tuple[str, ...]:
    if person is None or person.phone is None:
        return ()
    indexes = sealing.blind(ring, person.phone, purpose=domain.PHONE_INDEX).values()
    found = await store.reports_by_phone(db, list(indexes), limit=_MOST + 1)
    others = [one for one in found if one != report_id]
    report = tables.report.c.id
    seen = await db.scalars(select(report).where(report.in_(others)).order_by(report))
    return tuple(seen)[:_MOST]


async def _reveals(db: AsyncConnection, report_id: str) -> tuple[RevealView, ...]:
    table = tables.reporter_reveal
    rows = await db.execute(
        select(table.c.revealed_by, table.c.purpose, table.c.revealed_at)
        .where(table.c.report_id == report_id)
        .order_by(table.c.revealed_at.desc(), table.c.id.desc())
        .limit(_MOST)
    )
    return tuple(RevealView(by=row[0], purpose=row[1], at=row[2]) for row in rows)
