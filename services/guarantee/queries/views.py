"""Shapes that readers get: camelCase, the same names as the GraphQL schema."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from services.guarantee.domain.intake import SignalMessage
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning
from vocabulary import Mode

T = TypeVar("T")
_LEVEL_ENDS = (2, 4, 6, 9, 12)  # province, city, county, township, village in GB/T 2260


def document(text: str, of: type[T]) -> T:
    """Return the aggregate that a stored document holds."""
    return msgspec.json.decode(text, type=of)


def mode_of(args: Mapping[str, Any]) -> str:
    """Return the mode that a batch asks for: REAL unless it says EXERCISE."""
    return Mode(args.get("mode", Mode.REAL))


def prefix_of(code: str) -> str:
    """Return the digits with which the code of every division inside begins; "" for the nation."""
    if not code.strip("0"):
        return ""
    return next(code[:end] for end in _LEVEL_ENDS if not code[end:].strip("0"))


class SignalView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a specialist agency issued for an area."""

    id: str
    version: int
    kind: str = "SIGNAL"
    mode: str
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


class WarningView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a government announces, or drafts to announce."""

    id: str
    version: int
    kind: str = "EARLY_WARNING"
    mode: str
    emergency_type: str
    colour: str
    status: str
    headline_zh: str | None
    headline_en: str | None
    description_zh: str | None
    description_en: str | None
    jurisdiction: str
    areas: tuple[str, ...]
    area_geojson: str | None
    organization_id: str | None
    signal_id: str | None
    drafted_at: datetime
    drafted_by: str
    approved_by: str | None
    issued_at: datetime | None
    ended_at: datetime | None
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


def warning_view(warning: Warning) -> WarningView:
    """Show an early warning."""
    return WarningView(
        id=warning.id,
        version=warning.version,
        mode=warning.mode,
        emergency_type=warning.emergency_type,
        colour=warning.colour,
        status=warning.status,
        headline_zh=warning.headline_zh,
        headline_en=warning.headline_en,
        description_zh=warning.description_zh,
        description_en=warning.description_en,
        jurisdiction=warning.jurisdiction,
        areas=warning.areas,
        area_geojson=warning.area_geojson,
        organization_id=warning.organization_id,
        signal_id=warning.signal_id,
        drafted_at=warning.drafted_at,
        drafted_by=warning.drafted_by,
        approved_by=warning.approved_by,
        issued_at=warning.issued_at,
        ended_at=warning.ended_at,
        onset=warning.onset,
        expires_at=warning.expires_at,
        supersedes=warning.supersedes,
        superseded_by=warning.superseded_by,
        reason=warning.reason,
        cap=f"/v1/warnings/{warning.id}/cap",
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
