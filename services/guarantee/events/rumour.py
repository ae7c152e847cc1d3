"""How rumours are told to others: that and when; what is claimed stays in the rumour."""

from chassis.messages import Message, Published
from contracts.guarantee import v1
from services.guarantee.domain.rumour import Rumour

_SAID = {
    "noted": (v1.RumourNoted, "A claim goes round and waits for somebody to look."),
    "decided": (v1.RumourDecided, "Somebody has looked."),
    "answered": (v1.RumourAnswered, "A bulletin answers it."),
}
PUBLISHED = tuple(
    Published(aggregate="rumour", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _SAID.items()
)


def rumour_told(event: str, rumour: Rumour) -> Message:
    """Tell that `event` happened to it."""
    return Message(
        aggregate="rumour",
        event=event,
        id=rumour.id,
        area=rumour.jurisdiction,
        mode=rumour.mode,
        body=_SAID[event][0](rumour=_contract(rumour)),
    )


def _contract(one: Rumour) -> v1.Rumour:
    return v1.Rumour(
        id=one.id,
        status=one.status,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        mode=one.mode,
        seen_at=one.seen_at,
        noted_at=one.noted_at,
        decided_at=one.decided_at,
        answered_by=one.answered_by,
        answered_at=one.answered_at,
    )
