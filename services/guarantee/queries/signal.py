"""Reads of signals: one, many, by jurisdiction, by incident, and as CAP."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.errors import missing
from chassis.paging import Page, PageRequest
from services.guarantee import store
from services.guarantee.domain import announcement, cap, rule
from services.guarantee.domain.intake import SignalMessage
from services.guarantee.domain.signal import Signal, SignalStatus
from services.guarantee.queries.activation import causes_by_incident
from services.guarantee.queries.views import document, mode_of, prefix_of
from services.guarantee.store.tables import SIGNAL
from vocabulary import is_within


class SignalView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a specialist agency issued for an area."""

    id: str
    version: int
    kind: str = "SIGNAL"
    mode: str
    exercise_id: str | None
    identifier: str
    sender: str
    issuer: str | None
    emergency_type: str
    colour: str
    colour_because: str
    status: str
    headline_zh: str | None
    headline_en: str | None
    description_zh: str | None
    description_en: str | None
    jurisdiction: str
    areas: tuple[str, ...]
    area_geojson: str | None
    sent_at: datetime
    received_at: datetime
    onset: datetime | None
    expires_at: datetime | None
    supersedes: tuple[str, ...]
    superseded_by: str | None
    reason: str | None
    cap: str


class NoteView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something the sender should know about its message."""

    code: str
    message: str
    where: str


class EndedView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An earlier signal that the message ended."""

    id: str
    status: str


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a message brought about: `signal` is null for a Cancel; `repeated` means it came before."""

    id: str
    message_type: str
    active: bool
    repeated: bool
    signal: SignalView | None
    ended: tuple[EndedView, ...]
    notes: tuple[NoteView, ...]


def signal_view(signal: Signal) -> SignalView:
    """Show a signal."""
    return SignalView(
        id=signal.id,
        version=signal.version,
        mode=signal.mode,
        exercise_id=signal.exercise_id,
        identifier=signal.identifier,
        sender=signal.sender,
        issuer=signal.issuer,
        emergency_type=signal.emergency_type,
        colour=signal.colour,
        colour_because=signal.colour_because,
        status=signal.status,
        headline_zh=signal.headline_zh,
        headline_en=signal.headline_en,
        description_zh=signal.description_zh,
        description_en=signal.description_en,
        jurisdiction=signal.jurisdiction,
        areas=signal.areas,
        area_geojson=signal.area_geojson,
        sent_at=signal.sent_at,
        received_at=signal.received_at,
        onset=signal.onset,
        expires_at=signal.expires_at,
        supersedes=signal.supersedes,
        superseded_by=signal.superseded_by,
        reason=signal.reason,
        cap=f"/v1/signals/{signal.id}/cap",
    )


def receipt_view(
    message: SignalMessage, signal: Signal | None, *, ended: tuple[Signal, ...], repeated: bool
) -> ReceiptView:
    """Show what a message brought about."""
    return ReceiptView(
        id=message.id,
        message_type=message.message_type,
        active=signal is not None and signal.is_active,
        repeated=repeated,
        signal=None if signal is None else signal_view(signal),
        ended=tuple(EndedView(id=one.id, status=one.status) for one in ended),
        notes=tuple(
            NoteView(code=one.code, message=one.message, where=one.where) for one in message.notes
        ),
    )


async def signal(db: AsyncConnection, id: str) -> SignalView:
    """Return one signal. Raises NotFound."""
    return signal_view(await documents.load(db, SIGNAL, id, Signal))


async def signals(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    jurisdiction: str | None,
) -> Page[SignalView]:
    """Return a page of signals, newest first; `jurisdiction` includes what lies in it."""
    where: list[ColumnElement[bool]] = [SIGNAL.c.mode == mode]
    if status is not None:
        where.append(SIGNAL.c.status == status)
    if jurisdiction is not None:
        where.append(SIGNAL.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    return await paging.page(
        db,
        select(cast(SIGNAL.c.doc, Text)).where(*where),
        request,
        order_by=[SIGNAL.c.received_at.desc(), SIGNAL.c.id.desc()],
        view=_view,
    )


async def signals_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, SignalView]:
    """Return the signals that exist, by id."""
    found = await documents.find(db, SIGNAL, Signal, SIGNAL.c.id.in_(keys))
    return {one.id: signal_view(one) for one in found}


async def active_signals_by_jurisdiction(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[SignalView]]:
    """Return the signals in force that touch each division: issued in it, above it, or covering it."""
    is_active = SIGNAL.c.status == SignalStatus.ACTIVE
    active = await documents.find(
        db, SIGNAL, Signal, SIGNAL.c.mode == mode_of(args), is_active, order_by=SIGNAL.c.received_at
    )
    return {key: [signal_view(one) for one in active if _touches(one, key)] for key in keys}


async def signals_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[SignalView]]:
    """Return the signals that led to the activations of each incident."""
    causes = await causes_by_incident(db, keys, "SIGNAL")
    wanted = {id for ids in causes.values() for id in ids}
    found = await signals_by_id(db, list(wanted), fields=fields, args=args)
    return {key: [found[id] for id in sorted(ids) if id in found] for key, ids in causes.items()}


async def signal_cap(db: AsyncConnection, id: str) -> bytes:
    """Return the message as it came, byte for byte; a form signal as the CAP that it amounts to.

    Raises NotFound.
    """
    original = await store.original(db, id)
    if original is not None:
        return original
    found = await documents.find(db, SIGNAL, Signal, SIGNAL.c.id == id)
    if not found:
        raise missing("signal", id)
    one = found[0]
    earlier = await documents.find(db, SIGNAL, Signal, SIGNAL.c.id.in_(one.supersedes))
    return cap.write(
        announcement.as_alert(
            announcement.of_signal(one, earlier),
            colours=rule.in_force(store.colour_rules(), one.received_at),
            types=rule.in_force(store.emergency_type_rules(), one.received_at),
        )
    )


def _view(row: Row[Any]) -> SignalView:
    return signal_view(document(row[0], Signal))


def _touches(signal: Signal, code: str) -> bool:
    return (
        is_within(code, signal.jurisdiction)
        and (not signal.areas or any(_overlap(code, area) for area in signal.areas))
    ) or is_within(signal.jurisdiction, code)


def _overlap(code: str, area: str) -> bool:
    return is_within(code, area) or is_within(area, code)
