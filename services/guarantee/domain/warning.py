"""Early warnings: what a government announces; drafted, approved by a second person, updated, ended (GUAR-5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.guarantee.domain.jurisdiction import Footprint
from services.guarantee.domain.signal import Signal
from vocabulary import Mode, WarningColour


class WarningStatus(StrEnum):
    """A draft awaits approval; only ACTIVE is in force."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"


class WarningNotAwaitingApproval(Conflict):
    """Only a draft can be approved or rejected."""

    slug = "warning-not-awaiting-approval"


class WarningNotActive(Conflict):
    """Only a warning in force can be updated or cancelled."""

    slug = "warning-not-active"


class WarningStale(Conflict):
    """The warning would have ended before it was announced."""

    slug = "warning-stale"


class WarningTimesContradict(Invalid):
    """A warning ends after it begins, and in the future."""

    slug = "warning-times-contradict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """One early warning as it stands; times are UTC."""

    id: str
    mode: Mode
    emergency_type: str
    colour: WarningColour
    status: WarningStatus
    jurisdiction: str
    areas: tuple[str, ...]
    drafted_at: datetime
    drafted_by: str
    headline_zh: str | None = None
    headline_en: str | None = None
    description_zh: str | None = None
    description_en: str | None = None
    area_geojson: str | None = None
    organization_id: str | None = None
    signal_id: str | None = None
    approved_by: str | None = None
    issued_at: datetime | None = None
    ended_at: datetime | None = None
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
        return self.status is WarningStatus.ACTIVE

    @property
    def is_draft(self) -> bool:
        """Whether it waits for its approval."""
        return self.status is WarningStatus.AWAITING_APPROVAL

    @property
    def is_public(self) -> bool:
        """Whether it was announced, whatever came of it; a draft never was."""
        return self.issued_at is not None

    @property
    def sender(self) -> str:
        """Who announces it, as CAP names senders."""
        return self.organization_id or f"government-{self.jurisdiction}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a person writes into a draft."""

    colour: WarningColour
    headline_zh: str | None
    headline_en: str | None
    description_zh: str | None
    description_en: str | None
    onset: datetime | None
    expires_at: datetime | None


def draft(
    identity: str,
    wording: Wording,
    *,
    mode: Mode,
    emergency_type: str,
    footprint: Footprint,
    organization_id: str | None,
    drafted_by: str,
    now: datetime,
) -> Warning:
    """Return a draft that awaits approval. Raises WarningTimesContradict."""
    _require_times(wording.onset, wording.expires_at, now)
    return Warning(
        id=identity,
        mode=mode,
        emergency_type=emergency_type,
        colour=wording.colour,
        status=WarningStatus.AWAITING_APPROVAL,
        jurisdiction=footprint.jurisdiction,
        areas=footprint.areas,
        area_geojson=footprint.geojson,
        headline_zh=wording.headline_zh,
        headline_en=wording.headline_en,
        description_zh=wording.description_zh,
        description_en=wording.description_en,
        organization_id=organization_id,
        drafted_at=now,
        drafted_by=drafted_by,
        onset=wording.onset,
        expires_at=wording.expires_at,
    )


def draft_from_signal(
    signal: Signal,
    *,
    identity: str,
    organization_id: str | None,
    supersedes: Iterable[str],
    drafted_by: str,
    now: datetime,
) -> Warning:
    """Return the draft that a signal suggests: same colour, area and times, to be judged by a person."""
    return Warning(
        id=identity,
        mode=signal.mode,
        exercise_id=signal.exercise_id,
        emergency_type=signal.emergency_type,
        colour=signal.colour,
        status=WarningStatus.AWAITING_APPROVAL,
        jurisdiction=signal.jurisdiction,
        areas=signal.areas,
        area_geojson=signal.area_geojson,
        headline_zh=signal.headline_zh,
        headline_en=signal.headline_en,
        description_zh=signal.description_zh,
        description_en=signal.description_en,
        organization_id=organization_id,
        signal_id=signal.id,
        drafted_at=now,
        drafted_by=drafted_by,
        onset=signal.onset,
        expires_at=signal.expires_at,
        supersedes=tuple(supersedes),
    )


def revise(
    warning: Warning, wording: Wording, *, identity: str, drafted_by: str, now: datetime
) -> Warning:
    """Return the draft of an update: approved, it replaces `warning`. Raises WarningNotActive."""
    require_active(warning)
    _require_times(wording.onset, wording.expires_at, now)
    return replace(
        warning,
        id=identity,
        version=0,
        status=WarningStatus.AWAITING_APPROVAL,
        colour=wording.colour,
        headline_zh=wording.headline_zh,
        headline_en=wording.headline_en,
        description_zh=wording.description_zh,
        description_en=wording.description_en,
        onset=wording.onset,
        expires_at=wording.expires_at,
        drafted_at=now,
        drafted_by=drafted_by,
        approved_by=None,
        issued_at=None,
        supersedes=(warning.id,),
    )


def issue(warning: Warning, *, approver: str, now: datetime) -> Warning:
    """Announce the draft. Raises WarningNotAwaitingApproval and WarningStale."""
    require_draft(warning)
    if warning.expires_at is not None and warning.expires_at <= now:
        raise WarningStale(
            f"It would have ended at {warning.expires_at.isoformat()}.",
            field=("expiresAt",),
            remedy="Reject it and draft one with later times.",
        )
    return replace(warning, status=WarningStatus.ACTIVE, approved_by=approver, issued_at=now)


def supersede(warning: Warning, *, by: str, now: datetime) -> Warning | None:
    """Return the warning as replaced, or None when it is no longer in force."""
    if not warning.is_active:
        return None
    return replace(warning, status=WarningStatus.SUPERSEDED, superseded_by=by, ended_at=now)


def reject(warning: Warning, *, reason: str, now: datetime) -> Warning:
    """Lay the draft aside. Raises WarningNotAwaitingApproval."""
    require_draft(warning)
    return replace(warning, status=WarningStatus.REJECTED, reason=reason, ended_at=now)


def cancel_warning(warning: Warning, *, reason: str, now: datetime) -> Warning:
    """End the warning before its time. Raises WarningNotActive."""
    require_active(warning)
    return replace(warning, status=WarningStatus.CANCELLED, reason=reason, ended_at=now)


def expire_warning(warning: Warning, now: datetime) -> Warning | None:
    """Return the warning expired (a draft: rejected), or None when there is nothing to end now."""
    if warning.expires_at is None or warning.expires_at > now:
        return None
    if warning.is_active:
        return replace(warning, status=WarningStatus.EXPIRED, ended_at=now)
    if warning.is_draft:
        return reject(warning, reason="it ran out before anyone approved it", now=now)
    return None


def require_draft(warning: Warning) -> None:
    """Pass when it awaits approval. Raises WarningNotAwaitingApproval."""
    if not warning.is_draft:
        raise WarningNotAwaitingApproval(
            f"The warning is {warning.status}.",
            remedy="Draft an update instead.",
            currentStatus=warning.status,
        )


def require_active(warning: Warning) -> None:
    """Pass when it is in force. Raises WarningNotActive."""
    if not warning.is_active:
        raise WarningNotActive(
            f"The warning is {warning.status}.",
            remedy="Draft a new warning instead.",
            currentStatus=warning.status,
        )


def _require_times(onset: datetime | None, expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and expires_at <= max(now, onset or now):
        raise WarningTimesContradict(
            "It must end in the future and after its onset.",
            field=("expiresAt",),
            remedy="Correct onset or expiresAt.",
        )
