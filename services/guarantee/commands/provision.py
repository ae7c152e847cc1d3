"""Commands on legal provisions."""

from dataclasses import replace

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.domain import provision
from services.guarantee.domain.provision import Provision


async def put_provision(
    uow: UnitOfWork, stated: Provision, *, expected_version: int | None
) -> Provision:
    """Have the provision as stated, and tell it; the same again changes nothing.

    Raises ProvisionPeriodContradicts, and VersionConflict when another version than expected (none,
    for a new one) is stored.
    """
    known = await store.find_provision(uow.db, stated.id)
    version = 0 if known is None else known.version
    wanted = provision.checked(replace(stated, version=version))
    for one in dict.fromkeys((target.of_provision(known or wanted), target.of_provision(wanted))):
        uow.authorize("put_provision", one)
    if wanted == known:
        return known
    if known is not None:
        documents.expect(known, expected_version or 0)
    stored = await store.put_provision(uow.db, wanted)
    await uow.publish(events.provision_state(stored))
    return stored
