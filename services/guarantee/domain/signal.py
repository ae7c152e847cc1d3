"""A signal as it stands, and what ends it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from vocabulary import Mode, WarningColour


class SignalStatus(StrEnum):
    """INACTIVE: kept, and never in force (tests, drafts, system messages)."""

    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    INACTIVE = "INACTIVE"


class SignalNotActive(Conflict):
    """Only an active signal can be cancelled."""

    slug = "signal-not-active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal as it stands; times are UTC, `areas` are the divisions wholly covered."""

    id: str
    mode: Mode
    identifier: str
    sender: str
    emergency_type: str
    colour: WarningColour
    colour_because: str
    status: SignalStatus
    jurisdiction: str
    areas: tuple[str, ...]
    sent_at: datetime
    received_at: datetime
    issuer: str | None = None
    headline_zh: str | None = None
    headline_en: str | None = None
    description_zh: str | None = None
    description_en: str | None = None
    area_geojson: str | None = None
    onset: datetime | None = None
    expires_at: datetime | None = None
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    reason: str | None = None
    exercise_id: str | None = None
    version: int = 0

    @property
    def is_active(self) -> bool:
        """Whether it is in force."""
        return self.status is SignalStatus.ACTIVE


def signal_id(sender: str, identifier: str) -> str:
    """Return the id that every copy of the same message has."""
    return f"sig_{hashlib.sha256(f'{sender} {identifier}'.encode()).hexdigest()[:32]}"


def cancel(signal: Signal, *, reason: str) -> Signal:
    """Withdraw the signal. Raises SignalNotActive."""
    require_active(signal)
    return replace(signal, status=SignalStatus.CANCELLED, reason=reason)


def require_active(signal: Signal) -> None:
    """Pass when the signal is in force. Raises SignalNotActive."""
    if not signal.is_active:
        raise SignalNotActive(
            f"The signal is {signal.status}.",
            field=("id",),
            remedy="Look at the signal that replaced it.",
            currentStatus=signal.status,
        )


def expire(signal: Signal, now: datetime) -> Signal | None:
    """Return the expired signal, or None when it has ended already or its time has not come."""
    if not signal.is_active or signal.expires_at is None or signal.expires_at > now:
        return None
    return replace(signal, status=SignalStatus.EXPIRED)


def replaced(earlier: Iterable[Signal], signal: Signal) -> tuple[Signal, ...]:
    """Return the active signals among `earlier` as superseded by a form signal of the same sender."""
    return tuple(
        superseded(one, signal.id)
        for one in earlier
        if one.is_active
        and one.sender == signal.sender
        and (one.mode, one.exercise_id) == (signal.mode, signal.exercise_id)
    )


def initial_status(expires_at: datetime | None, now: datetime) -> SignalStatus:
    """Return ACTIVE, or EXPIRED for what has run out before it came."""
    is_stale = expires_at is not None and expires_at <= now
    return SignalStatus.EXPIRED if is_stale else SignalStatus.ACTIVE


def superseded(signal: Signal, by: str) -> Signal:
    """Return the signal as replaced by the message `by`."""
    return replace(signal, status=SignalStatus.SUPERSEDED, superseded_by=by)


def cancelled(signal: Signal, by: str) -> Signal:
    """Return the signal as withdrawn by the message `by`."""
    return replace(signal, status=SignalStatus.CANCELLED, reason=f"cancelled by message {by}")
