"""Commands on organizations, and what the law lets them order."""

from collections.abc import Collection, Sequence

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import target
from vocabulary import law


async def put_organization(
    uow: UnitOfWork, wanted: domain.Organization, *, expected_version: int | None = None
) -> domain.Organization:
    """Make the organization as `wanted`; doing it twice changes nothing and says nothing.

    Raises NotPermitted, VersionConflict, and SupervisorCommands when it is to supervise while it
    holds the command of an open incident.
    """
    uow.authorize("put_organization", target.of_organization(wanted))
    present = await store.find_organization(uow.db, wanted.id, lock=True)
    if present is not None:
        # nobody moves one away from where it is without a say there
        uow.authorize("put_organization", target.of_organization(present))
        documents.expect(present, expected_version)
    held = await store.commands_held(uow.db, wanted.id)
    organization, defined = domain.define_organization(present, wanted, commands=held)
    if defined is None:
        return organization
    organization = await store.put_organization(uow.db, organization)
    await uow.publish(events.to_message(defined))
    return organization


async def check_leave(uow: UnitOfWork, order: domain.Order, measures: Collection[str]) -> None:
    """Pass unless the law refuses a named measure.

    Raises LegalBasisMissing with who may grant it and which post of theirs is held now.
    """
    measure = domain.refused_among(order, measures)
    if measure is None:
        return
    known = await store.organizations_over(uow.db, order.jurisdiction)
    units = ((one.id, one.kind, one.jurisdiction) for one in known)
    granting = law.holders(measure.legal.who_may_grant, units, order.jurisdiction)
    posts = await store.posts_of(uow.db, granting)
    holders = [_holder(uow, order, one, posts) for one in granting]
    raise domain.without_leave(measure, holders=holders)


def _holder(
    uow: UnitOfWork, order: domain.Order, organization: str, posts: Sequence[domain.Post]
) -> domain.Holder:
    post, held = domain.on_duty(posts, organization, mode=order.mode, at=uow.now)
    return domain.Holder(
        organization=organization,
        post=post.id if post else None,
        post_title_zh=post.title_zh if post else None,
        post_title_en=post.title_en if post else None,
        on_duty=held,
    )
