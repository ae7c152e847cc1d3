"""Commands on jurisdictions."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import target


async def put_jurisdiction(
    uow: UnitOfWork, wanted: domain.Jurisdiction, *, expected_version: int | None = None
) -> domain.Jurisdiction:
    """Make the division as `wanted`; doing it twice changes nothing and says nothing."""
    uow.authorize("put_jurisdiction", target.of_jurisdiction(wanted.id))
    present = await store.find_jurisdiction(uow.db, wanted.id, lock=True)
    if present is not None:
        documents.expect(present, expected_version)
    jurisdiction, defined = domain.define_jurisdiction(present, wanted)
    if defined is None:
        return jurisdiction
    jurisdiction = await store.put_jurisdiction(uow.db, jurisdiction)
    await uow.publish(events.to_message(defined))
    return jurisdiction
