"""Orders that follow activations and overrides: drafted, issued where plan and law allow, taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands.order import steps


async def draft_proposed(uow: UnitOfWork, activation: domain.Activation, *, owner: str) -> None:
    """Leave one draft with every measure of the proposal that is not in force, waiting for the signature."""
    present = await store.orders_of_activation(uow.db, activation.id)
    taken_up = domain.taken_up(present)
    wanted = [one for one in activation.measures if one.code not in taken_up]
    await _draft(uow, activation, present, measures=wanted, owner=owner)


async def order_measures(
    uow: UnitOfWork, activation: domain.Activation, *, owner: str, at: datetime
) -> None:
    """Put the measures of the level in force where plan, law or the signature allow it.

    A signed proposal issues its draft. Without a signature, measures that start by themselves and
    that the law allows are issued at once; for the others a draft waits and its issue is owed.
    """
    present = await store.orders_of_activation(uow.db, activation.id)
    if activation.decided_by is not None:
        for one in _drafts(present):
            if domain.issuable(one):
                await steps.issue(uow, one, None, issued_by=activation.decided_by)
        present = await store.orders_of_activation(uow.db, activation.id)
    taken_up = domain.taken_up(present)
    fresh = [one for one in activation.measures if one.code not in taken_up]
    own = [one for one in fresh if domain.starts_itself(one)]
    if own:
        await _issue_at_once(uow, activation, own, owner=owner)
    rest = [one for one in fresh if not domain.starts_itself(one)]
    draft = await _draft(uow, activation, present, measures=rest, owner=owner)
    await steps.owe_issue(uow, draft, activation.emergency_type, at=at)


async def refresh_draft(
    uow: UnitOfWork,
    activation: domain.Activation,
    *,
    owner: str,
    at: datetime,
    also: Collection[str] = (),
) -> None:
    """Leave the draft with the law's answers that were heard last, and with the measures `also`.

    Nothing takes effect by itself: what the law allows now waits in the draft for a signature.
    """
    present = await store.orders_of_activation(uow.db, activation.id)
    held = {measure.code for one in _drafts(present) for measure in one.measures}
    wanted = held.union(also) - domain.taken_up(present)
    measures = [one for one in activation.measures if one.code in wanted]
    draft = await _draft(uow, activation, present, measures=measures, owner=owner)
    if not domain.waits_for_signature(activation):
        await steps.owe_issue(uow, draft, activation.emergency_type, at=at)


async def note_lapses(
    uow: UnitOfWork, activation_id: str, answers: Mapping[str, domain.Legal], *, at: datetime
) -> None:
    """Note on issued orders what the law allows no more; said in the log, and a violation."""
    for one in await store.orders_of_activation(uow.db, activation_id):
        order = domain.reanswer_order(one, answers, at=at)
        if order == one:
            continue
        order = await store.put_order(uow.db, order)
        lapsed = [each for each in order.measures if each.lapsed_at is not None]
        zh = "、".join(each.text_zh or each.code for each in lapsed)
        en = ", ".join(each.text_en or each.code for each in lapsed)
        await steps.log(
            uow,
            order,
            (
                f"第 {order.number} 号令法律依据不再有效的措施:{zh or '无'}",
                f"Order {order.number}: without a legal basis any more: {en or 'none'}",
            ),
        )


async def draft_overridden(uow: UnitOfWork, said: domain.Override, *, at: datetime) -> None:
    """Leave one order of the overridden measure, drafted, its issue owed; a second time changes nothing."""
    if await store.orders_of_override(uow.db, said.id):
        return
    known = await store.organizations_over(uow.db, said.jurisdiction)
    measure = domain.address(said.measure, known, said.jurisdiction)
    order, drafted = domain.draft_under_override(
        uow.new_id("ord"), said, measure=measure, at=uow.now
    )
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(drafted))
    await steps.owe_issue(uow, order, said.emergency_type, at=at)


async def end_overridden(uow: UnitOfWork, override_id: str, reason: str) -> None:
    """Leave nothing that rests on the override: its draft is withdrawn, its order lifted."""
    for one in await store.orders_of_override(uow.db, override_id):
        if one.status is domain.OrderStatus.DRAFT:
            await steps.withdraw(uow, one, reason)
        elif one.status is domain.OrderStatus.ISSUED:
            await steps.lift(uow, one, reason)


async def withdraw_drafts(uow: UnitOfWork, activation: domain.Activation, reason: str) -> None:
    """Leave no draft of the activation; what rests on an override goes with the override."""
    for one in _drafts(await store.orders_of_activation(uow.db, activation.id)):
        await steps.withdraw(uow, one, reason)


def _drafts(present: Sequence[domain.Order]) -> list[domain.Order]:
    """The ordinary drafts: what rests on an override is signed for itself."""
    return [
        one for one in present if one.status is domain.OrderStatus.DRAFT and one.override is None
    ]


async def _draft(
    uow: UnitOfWork,
    activation: domain.Activation,
    present: Sequence[domain.Order],
    *,
    measures: Sequence[domain.Measure],
    owner: str,
) -> domain.Order | None:
    """Leave one draft with these measures, or none when there are none to order."""
    known = await store.organizations_over(uow.db, activation.jurisdiction)
    addressed = [domain.address(one, known, activation.jurisdiction) for one in measures]
    drafts = _drafts(present)
    said: domain.OrderDrafted | None
    if drafts and addressed:
        order, said = domain.redraft_order(drafts[0], addressed)
    elif addressed:
        order, said = domain.draft_order(
            uow.new_id("ord"), activation, organization_id=owner, measures=addressed, at=uow.now
        )
    else:
        for one in drafts:
            await steps.withdraw(uow, one, "its measures are in force or not asked for")
        return None
    if said is None:
        return order
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(said))
    return order


async def _issue_at_once(
    uow: UnitOfWork,
    activation: domain.Activation,
    measures: Sequence[domain.Measure],
    *,
    owner: str,
) -> None:
    known = await store.organizations_over(uow.db, activation.jurisdiction)
    addressed = [domain.address(one, known, activation.jurisdiction) for one in measures]
    order, _ = domain.draft_order(
        uow.new_id("ord"), activation, organization_id=owner, measures=addressed, at=uow.now
    )
    await steps.issue(uow, order, None, issued_by=f"{owner}/{domain.decider(activation)}")
