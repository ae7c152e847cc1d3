"""What is heard of bulletins: the public was told of an incident."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.org import commands, domain


async def on_bulletin_published(
    uow: UnitOfWork, event: Incoming[guarantee.BulletinPublished]
) -> None:
    """What was owed to the public of the incident is answered."""
    said = event.body.bulletin
    if said.incident_id is None:
        return
    heard = domain.Bulletin(
        id=said.id,
        kind=said.kind,
        incident_id=said.incident_id,
        published_at=said.published_at or event.time,
    )
    title = (said.title_zh, said.title_en or said.title_zh)
    await commands.hear_bulletin(uow, heard, title=title, by=said.organization_id or said.id)


SUBSCRIPTIONS = (
    Subscription(
        service="guarantee",
        aggregate="bulletin",
        on={"published.v1": (guarantee.BulletinPublished, on_bulletin_published)},
    ),
)
