"""What people do with orders: issued by signature, receipted, lifted; and their end by time."""

from collections.abc import Collection

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import obligation as obligations
from services.org.commands import organization as organizations
from services.org.commands import target
from services.org.commands.order import steps


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
    return await steps.issue(uow, order, measures, issued_by=f"{order.organization_id}/{signer}")


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
    return await steps.lift(uow, order, reason)


async def expire_order(uow: UnitOfWork, order_id: str) -> None:
    """Lift the order whose time is over; doing it twice, or after it was lifted, changes nothing."""
    order = await store.get_order(uow.db, order_id)
    if domain.is_over(order, uow.now):
        await steps.lift(uow, order, domain.EXPIRED)


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


async def _acknowledged(uow: UnitOfWork, order: domain.Order, organization: str) -> None:
    owed = await store.open_obligations(
        uow.db,
        domain.ObligationKind.ACKNOWLEDGE_ORDER,
        subject_id=order.id,
        owed_by=organization,
    )
    await obligations.answer_all(uow, owed, at=uow.now, by=organization)
