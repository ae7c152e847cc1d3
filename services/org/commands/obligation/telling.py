"""Telling of an obligation: up its ladder until somebody is reached, and its clocks."""

from collections.abc import Sequence

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import notice


async def tell_next(
    uow: UnitOfWork, obligation: domain.Obligation, through: notice.Channel
) -> domain.Obligation:
    """Tell rung after rung until somebody was reached; a rung that nobody holds does not cost time.

    In an exercise only posts of those who take part are told: nobody, until they are known.
    """
    taking_part = await _taking_part(uow, obligation)
    if obligation.exercise_id is not None and taking_part is None:
        return await store.put_obligation(uow.db, obligation)
    while (rung := domain.next_rung(obligation)) is not None:
        post = await _post_of(uow, obligation, rung, taking_part=taking_part)
        if post is None:
            obligation = domain.skip(obligation, rung)
            continue
        obligation, is_told = await _tell(uow, obligation, post, rung=rung, through=through)
        if is_told:
            break
    return await keep(uow, obligation)


async def _tell(
    uow: UnitOfWork,
    obligation: domain.Obligation,
    post: domain.Post,
    *,
    rung: domain.Rung,
    through: notice.Channel,
) -> tuple[domain.Obligation, bool]:
    if not domain.is_held(post, uow.now):
        gap = domain.Delivery(failure="nobody-on-duty")
        obligation = await _note_told(uow, obligation, post, post.channels[0], rung=rung, what=gap)
        return obligation, False
    for channel in post.channels:
        message = domain.outgoing(obligation, post, channel)
        delivery = await notice.hand_over(uow, message, through=through)
        obligation = await _note_told(uow, obligation, post, channel, rung=rung, what=delivery)
        if delivery.failure is None:
            return obligation, True
    return obligation, False


async def _note_told(
    uow: UnitOfWork,
    obligation: domain.Obligation,
    post: domain.Post,
    channel: str,
    *,
    rung: domain.Rung,
    what: domain.Delivery,
) -> domain.Obligation:
    told_notice = domain.Notice(
        post=post.id,
        organization_id=post.organization,
        channel=channel,
        rung=rung.rung,
        sent_at=uow.now,
        delivered_at=what.delivered_at,
        failure=what.failure,
    )
    obligation, told = domain.tell(obligation, told_notice)
    await uow.publish(events.to_message(told))
    return obligation


async def _taking_part(uow: UnitOfWork, obligation: domain.Obligation) -> frozenset[str] | None:
    """Who takes part in the obligation's exercise; None outside exercises and while not known."""
    if obligation.exercise_id is None:
        return None
    exercise = await store.find_exercise(uow.db, obligation.exercise_id)
    return exercise.participants if exercise else None


async def _post_of(
    uow: UnitOfWork,
    obligation: domain.Obligation,
    rung: domain.Rung,
    *,
    taking_part: frozenset[str] | None,
) -> domain.Post | None:
    owner = await store.find_organization(uow.db, obligation.owed_by)
    if owner is None:
        return None
    known = await store.organizations_over(uow.db, owner.jurisdiction)
    if rung.reach is domain.Reach.OWN:
        house = [one.id for one in domain.same_house(known, owner)]
        posts = domain.posts_among(await store.posts_of(uow.db, house), taking_part)
        return domain.post_at_rung(posts, house, rung=rung.post_rung, mode=obligation.mode)
    above = _superiors(known, owner, obligation.emergency_type or "")
    posts = domain.posts_among(await store.posts_of(uow.db, above), taking_part)
    return domain.lowest_post(posts, above, obligation.mode)


def _superiors(
    known: Sequence[domain.Organization], owner: domain.Organization, emergency_type: str
) -> list[str]:
    """Whoever commands in the divisions above, nearest first."""
    found = [
        domain.commanding(known, code, emergency_type)
        for code in domain.lineage(owner.jurisdiction)[1:]
    ]
    return list(dict.fromkeys(one.id for one in found if one is not None))


async def keep(uow: UnitOfWork, obligation: domain.Obligation) -> domain.Obligation:
    """Store the obligation and set its clocks: the climb while there is silence, the end while open."""
    stored = await store.put_obligation(uow.db, obligation)
    climb_at = domain.climb_due_at(stored)
    if climb_at is None:
        await uow.unschedule(f"climb/{stored.id}")
    else:
        await uow.schedule(
            f"climb/{stored.id}",
            due_at=climb_at,
            command="obligation_climb",
            payload={"obligation": stored.id},
        )
    if stored.state is not domain.ObligationState.OWED:
        await uow.unschedule(f"due/{stored.id}")
    return stored
