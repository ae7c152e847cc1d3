"""How bulletins are told to others: that and when, with the title; the text is read where it stands."""

from chassis.messages import Message, Published
from contracts.guarantee import v1
from services.guarantee.domain.bulletin import Bulletin

_SAID = {
    "drafted": (v1.BulletinDrafted, "A text for the public waits for a second person."),
    "published": (v1.BulletinPublished, "The public is told."),
    "corrected": (v1.BulletinCorrected, "Another bulletin puts it right."),
    "withdrawn": (v1.BulletinWithdrawn, "It is taken back."),
    "rejected": (v1.BulletinRejected, "The draft was laid aside."),
}
PUBLISHED = tuple(
    Published(aggregate="bulletin", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _SAID.items()
)


def bulletin_told(event: str, bulletin: Bulletin) -> Message:
    """Tell that `event` happened to it."""
    return Message(
        aggregate="bulletin",
        event=event,
        id=bulletin.id,
        area=bulletin.jurisdiction,
        mode=bulletin.mode,
        body=_SAID[event][0](bulletin=_contract(bulletin)),
    )


def _contract(one: Bulletin) -> v1.Bulletin:
    return v1.Bulletin(
        id=one.id,
        kind=one.kind,
        status=one.status,
        title_zh=one.title_zh,
        title_en=one.title_en,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        rumour_id=one.rumour_id,
        mode=one.mode,
        organization_id=one.organization_id,
        corrects=one.corrects,
        corrected_by=one.corrected_by,
        drafted_at=one.drafted_at,
        published_at=one.published_at,
        ended_at=one.ended_at,
    )
