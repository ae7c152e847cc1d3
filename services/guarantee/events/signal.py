"""How signals are told to others."""

from chassis.messages import Message, Published
from contracts.guarantee import v1
from services.guarantee.domain.signal import Signal

PUBLISHED = (
    Published(
        aggregate="signal",
        event="issued",
        body=v1.SignalIssued,
        meaning="A specialist agency's signal is in force.",
    ),
    Published(
        aggregate="signal",
        event="superseded",
        body=v1.SignalSuperseded,
        meaning="A later signal of the same agency took its place.",
    ),
    Published(
        aggregate="signal",
        event="cancelled",
        body=v1.SignalCancelled,
        meaning="Its agency withdrew it.",
    ),
    Published(
        aggregate="signal", event="expired", body=v1.SignalExpired, meaning="Its time ran out."
    ),
)


def signal_issued(signal: Signal) -> Message:
    """Tell that the signal is in force."""
    return _message("issued", signal, v1.SignalIssued(signal=_contract(signal)))


def signal_superseded(signal: Signal) -> Message:
    """Tell that another signal took its place."""
    body = v1.SignalSuperseded(signal=_contract(signal), by=signal.superseded_by or "")
    return _message("superseded", signal, body)


def signal_cancelled(signal: Signal) -> Message:
    """Tell that it was withdrawn."""
    return _message("cancelled", signal, v1.SignalCancelled(signal=_contract(signal)))


def signal_expired(signal: Signal) -> Message:
    """Tell that its time ran out."""
    return _message("expired", signal, v1.SignalExpired(signal=_contract(signal)))


def _message(
    event: str,
    signal: Signal,
    body: v1.SignalIssued | v1.SignalSuperseded | v1.SignalCancelled | v1.SignalExpired,
) -> Message:
    return Message(
        aggregate="signal",
        event=event,
        id=signal.id,
        area=signal.jurisdiction,
        mode=signal.mode,
        body=body,
    )


def _contract(signal: Signal) -> v1.Signal:
    return v1.Signal(
        id=signal.id,
        mode=signal.mode,
        exercise_id=signal.exercise_id,
        identifier=signal.identifier,
        sender=signal.sender,
        issuer=signal.issuer,
        emergency_type=signal.emergency_type,
        colour=signal.colour,
        headline_zh=signal.headline_zh,
        headline_en=signal.headline_en,
        status=signal.status,
        jurisdiction=signal.jurisdiction,
        areas=signal.areas,
        area_geojson=signal.area_geojson,
        sent_at=signal.sent_at,
        onset=signal.onset,
        expires_at=signal.expires_at,
        supersedes=signal.supersedes,
        received_at=signal.received_at,
    )
