"""Commands on orders: drafted from activations, issued by themselves or by signature, receipted, lifted."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, target
from services.org.commands import obligation as obligations
from services.org.commands import organization as organizations


async def draft_proposed(uow: UnitOfWork, activation: domain.Activation, *, owner: str) -> None:
    """Leave one draft with every measure of the proposal that is not in force, waiting for the signature."""
    present = await store.orders_of_activation(uow.db, activation.id)
    standing = domain.in_force(present)
    wanted = [one for one in activation.measures if one.code not in standing]
    await _draft(uow, activation, present, measures=wanted, owner=owner)


async def order_measures(
    uow: UnitOfWork, activation: domain.Activation, *, owner: str, at: datetime
) -> None:
    """Put the measures of the level in force where plan, law or the signature allow it.

    A signed proposal issues its draft. Without a signature, measures that start by themselves and
    that the law allows are issued at once; for the others a draft waits and its issue is owed.
    """
    present = await store.orders_of_activation(uow.db, activation.id)
    drafts = [one for one in present if one.status is domain.OrderStatus.DRAFT]
    if activation.decided_by is not None:
        for one in drafts:
            if domain.issuable(one):
                await _issue(uow, one, None, issued_by=activation.decided_by)
        present = await store.orders_of_activation(uow.db, activation.id)
    standing = domain.in_force(present)
    fresh = [one for one in activation.measures if one.code not in standing]
    own = [one for one in fresh if domain.starts_itself(one)]
    if own:
        await _issue_at_once(uow, activation, own, owner=owner)
    rest = [one for one in fresh if not domain.starts_itself(one)]
    draft = await _draft(uow, activation, present, measures=rest, owner=owner)
    if draft is not None and domain.issuable(draft):
        await _owe_issue(uow, draft, activation, at=at)


async def issue_order(
    uow: UnitOfWork,
    order_id: str,
    *,
    expected_version: int,
    measures: Collection[str] | None = None,
    post: str | None = None,
) -> domain.Order:
    """Put the draft in force by the caller's signature: the named measures, or all that may be.

    Raises NotFound, VersionConflict, PostNotHeld, OrderStatusWrong, LegalBasisMissing,
    MeasureNotInDraft and NothingToOrder.
    """
    order = await _get(uow, "issue_order", order_id, expected_version)
    if post is not None and post not in uow.caller.posts:
        raise domain.PostNotHeld(f"You do not hold {post}.", field=("post",), missing=post)
    await organizations.check_leave(uow, order, measures or ())
    signer = post or uow.caller.person or uow.caller.subject
    return await _issue(uow, order, measures, issued_by=f"{order.organization_id}/{signer}")


async def confirm_order(
    uow: UnitOfWork, order_id: str, *, expected_version: int | None = None
) -> domain.Order:
    """Record that the organization the caller acts for has the order. Raises OrderStatusWrong."""
    order = await _get(uow, "receipt_order", order_id, expected_version)
    organization = _acting_for(uow)
    order, receipted = domain.confirm_receipt(
        order, organization, by=uow.caller.person or uow.caller.subject, now=uow.now
    )
    if receipted is None:
        return order
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(receipted))
    await _acknowledged(uow, order, organization)
    return order


async def complete_order(
    uow: UnitOfWork, order_id: str, *, expected_version: int | None = None
) -> domain.Order:
    """Record that the organization the caller acts for did it. Raises OrderStatusWrong."""
    order = await _get(uow, "receipt_order", order_id, expected_version)
    organization = _acting_for(uow)
    order, done = domain.complete_order(
        order, organization, by=uow.caller.person or uow.caller.subject, now=uow.now
    )
    if done is None:
        return order
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(done))
    await _acknowledged(uow, order, organization)
    return order


async def lift_order(
    uow: UnitOfWork, order_id: str, *, reason: str, expected_version: int
) -> domain.Order:
    """End the order. Raises OrderStatusWrong, VersionConflict, NotFound."""
    order = await _get(uow, "lift_order", order_id, expected_version)
    return await _lift(uow, order, reason)


async def expire_order(uow: UnitOfWork, order_id: str) -> None:
    """Lift the order whose time is over; doing it twice, or after it was lifted, changes nothing."""
    order = await store.get_order(uow.db, order_id)
    if domain.is_over(order, uow.now):
        await _lift(uow, order, domain.EXPIRED)


async def withdraw_drafts(uow: UnitOfWork, activation: domain.Activation, reason: str) -> None:
    """Leave no draft of the activation; nothing is owed for them."""
    for one in await store.orders_of_activation(uow.db, activation.id):
        if one.status is domain.OrderStatus.DRAFT:
            order, withdrawn = domain.withdraw_order(one)
            order = await store.put_order(uow.db, order)
            await uow.publish(events.to_message(withdrawn))
            await obligations.waive(uow, await _owed_issues(uow, order), reason)


async def _get(
    uow: UnitOfWork, action: str, order_id: str, expected_version: int | None
) -> domain.Order:
    """The order, locked, that the caller may do this to."""
    order = await store.get_order(uow.db, order_id)
    uow.authorize(action, await target.of_order(uow.db, order))
    await documents.current(uow.db, store.tables.order, order, expected_version)
    return order


def _acting_for(uow: UnitOfWork) -> str:
    """The addressee in whose name the caller was permitted to act."""
    grant = uow.decisions[-1].grant
    return (grant.organization if grant else None) or ""


async def _lift(uow: UnitOfWork, order: domain.Order, reason: str) -> domain.Order:
    order, lifted = domain.lift_order(order, reason, now=uow.now)
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(lifted))
    await uow.unschedule(_timer(order))
    await obligations.waive(uow, await _owed_receipts(uow, order), "the order was lifted")
    await _log(
        uow, order, (f"解除第 {order.number} 号令", f"Order {order.number} lifted: {reason}")
    )
    return order


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
    drafts = [one for one in present if one.status is domain.OrderStatus.DRAFT]
    said: domain.OrderDrafted | None
    if drafts and addressed:
        order, said = domain.redraft_order(drafts[0], addressed)
    elif addressed:
        order, said = domain.draft_order(
            uow.new_id("ord"), activation, organization_id=owner, measures=addressed, at=uow.now
        )
    else:
        await withdraw_drafts(uow, activation, "its measures are in force or not asked for")
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
    await _issue(uow, order, None, issued_by=f"{owner}/{domain.decider(activation)}")


async def _issue(
    uow: UnitOfWork, order: domain.Order, codes: Collection[str] | None, *, issued_by: str
) -> domain.Order:
    number = await _number(uow, order)
    order, _ = domain.issue_order(order, codes, number=number, issued_by=issued_by, at=uow.now)
    for receipt in order.receipts:
        owed = await _owe_receipt(uow, order, receipt.organization_id)
        arrived = [one.delivered_at for one in owed.notices if one.delivered_at is not None]
        if arrived:
            order = domain.deliver(order, receipt.organization_id, at=min(arrived))
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(domain.OrderIssued(order)))
    if order.effective_until is not None:
        payload = {"order": order.id}
        due_at = order.effective_until
        await uow.schedule(_timer(order), due_at=due_at, command="order_over", payload=payload)
    await obligations.answer_all(uow, await _owed_issues(uow, order), at=uow.now, by=issued_by)
    names = "、".join(one.text_zh or one.code for one in order.measures if one.ordered)
    codes_en = ", ".join(one.text_en or one.code for one in order.measures if one.ordered)
    await _log(uow, order, (f"发布第 {number} 号令:{names}", f"Order {number} issued: {codes_en}"))
    return order


async def _number(uow: UnitOfWork, order: domain.Order) -> str:
    year = uow.now.astimezone(domain.CIVIL_TIME).year
    key = f"order/{order.mode}/{order.jurisdiction}/{year}"
    ordinal = await store.next_number(uow.db, key)
    return domain.order_number(order.jurisdiction, uow.now, ordinal, order.mode)


async def _owe_issue(
    uow: UnitOfWork, order: domain.Order, activation: domain.Activation, *, at: datetime
) -> None:
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ISSUE_ORDER,
        key=f"ISSUE_ORDER/{order.id}",
        owed_by=order.organization_id,
        subject=domain.Subject(domain.SubjectKind.ORDER, order.id),
        title=(f"签发命令:{order.title_zh}", f"issue the order of {order.title_en}"),
        at=at,
        mode=order.mode,
        jurisdiction=order.jurisdiction,
        emergency_type=activation.emergency_type,
        incident_id=order.incident_id,
        activation_id=order.activation_id,
    )
    await obligations.owe(uow, wanted)


async def _owe_receipt(uow: UnitOfWork, order: domain.Order, addressee: str) -> domain.Obligation:
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ACKNOWLEDGE_ORDER,
        key=f"ACKNOWLEDGE_ORDER/{order.id}/{addressee}",
        owed_by=addressee,
        owed_to=order.organization_id,
        subject=domain.Subject(domain.SubjectKind.ORDER, order.id),
        title=(f"接收第 {order.number} 号令", f"receipt of order {order.number}"),
        at=uow.now,
        mode=order.mode,
        jurisdiction=order.jurisdiction,
        incident_id=order.incident_id,
        activation_id=order.activation_id,
    )
    return await obligations.owe(uow, wanted)


async def _acknowledged(uow: UnitOfWork, order: domain.Order, organization: str) -> None:
    owed = await store.open_obligations(
        uow.db,
        domain.ObligationKind.ACKNOWLEDGE_ORDER,
        subject_id=order.id,
        owed_by=organization,
    )
    await obligations.answer_all(uow, owed, at=uow.now, by=organization)


async def _owed_issues(uow: UnitOfWork, order: domain.Order) -> list[domain.Obligation]:
    kind = domain.ObligationKind.ISSUE_ORDER
    return await store.open_obligations(uow.db, kind, subject_id=order.id)


async def _owed_receipts(uow: UnitOfWork, order: domain.Order) -> list[domain.Obligation]:
    kind = domain.ObligationKind.ACKNOWLEDGE_ORDER
    return await store.open_obligations(uow.db, kind, subject_id=order.id)


def _timer(order: domain.Order) -> str:
    return f"order/{order.id}/over"


async def _log(uow: UnitOfWork, order: domain.Order, text: tuple[str, str]) -> None:
    await log_entry.note(
        uow,
        text,
        at=uow.now,
        jurisdiction=order.jurisdiction,
        mode=order.mode,
        incident_id=order.incident_id,
        organization_id=order.organization_id,
    )
