"""Commands on organizations."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store


async def put_organization(
    uow: UnitOfWork, wanted: domain.Organization, *, expected_version: int | None = None
) -> domain.Organization:
    """Make the organization as `wanted`; doing it twice changes nothing and says nothing."""
    present = await store.find_organization(uow.db, wanted.id, lock=True)
    if present is not None:
        documents.expect(present, expected_version)
    organization, defined = domain.define_organization(present, wanted)
    if defined is None:
        return organization
    organization = await store.put_organization(uow.db, organization)
    await uow.publish(events.to_message(defined))
    return organization


async def require_authority(uow: UnitOfWork, organization_id: str | None) -> None:
    """Pass when the caller belongs to the organization or to one above it. Raises NotYours."""
    own = uow.caller.organization
    if organization_id is None or own == organization_id:
        return
    owner = await store.find_organization(uow.db, organization_id)
    known = await store.organizations_over(uow.db, owner.jurisdiction) if owner else []
    if own is None or not domain.is_under(known, organization_id, own):
        raise domain.NotYours(
            f"{organization_id} answers for this.",
            remedy="Somebody of that organization, or of one above it, must act.",
            missing=organization_id,
        )
