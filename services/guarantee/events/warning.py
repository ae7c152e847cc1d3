"""How early warnings are told to others."""

import msgspec

from chassis.messages import Message, Published
from contracts.guarantee import v1
from services.guarantee.domain.warning import Warning

_MEANINGS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "drafted": (v1.WarningDrafted, "An early warning awaits the approval of a second person."),
    "issued": (v1.WarningIssued, "A government announces it."),
    "rejected": (v1.WarningRejected, "The draft was laid aside."),
    "superseded": (v1.WarningSuperseded, "An update took its place."),
    "cancelled": (v1.WarningCancelled, "The government ended it before its time."),
    "expired": (v1.WarningExpired, "Its time ran out."),
}
PUBLISHED = tuple(
    Published(aggregate="warning", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _MEANINGS.items()
)


def warning_drafted(warning: Warning) -> Message:
    """Tell that a draft awaits approval."""
    return _message("drafted", warning, v1.WarningDrafted(warning=_contract(warning)))


def warning_issued(warning: Warning) -> Message:
    """Tell that it is announced."""
    return _message("issued", warning, v1.WarningIssued(warning=_contract(warning)))


def warning_superseded(warning: Warning) -> Message:
    """Tell that an update took its place."""
    body = v1.WarningSuperseded(warning=_contract(warning), by=warning.superseded_by or "")
    return _message("superseded", warning, body)


def warning_cancelled(warning: Warning) -> Message:
    """Tell that the government ended it."""
    return _message("cancelled", warning, v1.WarningCancelled(warning=_contract(warning)))


def warning_rejected(warning: Warning) -> Message:
    """Tell that the draft was laid aside."""
    return _message("rejected", warning, v1.WarningRejected(warning=_contract(warning)))


def warning_expired(warning: Warning) -> Message:
    """Tell that its time ran out."""
    return _message("expired", warning, v1.WarningExpired(warning=_contract(warning)))


def _message(
    event: str,
    warning: Warning,
    body: v1.WarningDrafted
    | v1.WarningIssued
    | v1.WarningSuperseded
    | v1.WarningCancelled
    | v1.WarningRejected
    | v1.WarningExpired,
) -> Message:
    return Message(
        aggregate="warning",
        event=event,
        id=warning.id,
        area=warning.jurisdiction,
        mode=warning.mode,
        body=body,
    )


def _contract(warning: Warning) -> v1.Warning:
    return v1.Warning(
        id=warning.id,
        mode=warning.mode,
        exercise_id=warning.exercise_id,
        emergency_type=warning.emergency_type,
        colour=warning.colour,
        headline_zh=warning.headline_zh,
        headline_en=warning.headline_en,
        status=warning.status,
        jurisdiction=warning.jurisdiction,
        areas=warning.areas,
        area_geojson=warning.area_geojson,
        organization_id=warning.organization_id,
        signal_id=warning.signal_id,
        drafted_at=warning.drafted_at,
        issued_at=warning.issued_at,
        onset=warning.onset,
        expires_at=warning.expires_at,
        supersedes=warning.supersedes,
    )
