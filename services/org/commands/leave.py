"""Leave of the law to order a measure: what is wanted, who may grant it, who of them is on duty."""

from collections.abc import Collection, Sequence

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store


async def check_leave(uow: UnitOfWork, order: domain.Order, measures: Collection[str]) -> None:
    """Pass unless the law refuses a named measure.

    Raises LegalBasisMissing with who may grant it and which post of theirs is held now.
    """
    measure = domain.refused_among(order, measures)
    if measure is None:
        return
    known = await store.organizations_over(uow.db, order.jurisdiction)
    # the nearest division first: who is asked first is who is nearest
    granting = sorted(
        (one for one in known if one.kind in measure.legal.who_may_grant),
        key=lambda one: (-len(one.jurisdiction.rstrip("0")), one.id),
    )
    posts = await store.posts_of(uow.db, [one.id for one in granting])
    holders = [_holder(uow, order, one.id, posts) for one in granting]
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
