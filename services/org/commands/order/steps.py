"""What commands on orders share: issued, lifted, withdrawn, owed, logged."""

from collections.abc import Collection
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, situation_report
from services.org.commands import obligation as obligations


async def issue(
    uow: UnitOfWork, order: domain.Order, codes: Collection[str] | None, *, issued_by: str
) -> domain.Order:
    """The measures of the draft are in force under a number: receipts owed, the end timed, told."""
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
    await _report(uow, order)
    await log(uow, order, (f"发布第 {number} 号令:{names}", f"Order {number} issued: {codes_en}"))
    return order


async def _report(uow: UnitOfWork, order: domain.Order) -> None:
    """The draft of the report upward tells what was ordered."""
    incident = await store.find_incident(uow.db, order.incident_id) if order.incident_id else None
    if incident is not None and incident.status not in domain.ENDED:
        await situation_report.follow_incident(uow, incident)


async def lift(uow: UnitOfWork, order: domain.Order, reason: str) -> domain.Order:
    """The order binds nobody any more; nothing is owed for it."""
    order, lifted = domain.lift_order(order, reason, now=uow.now)
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(lifted))
    await uow.unschedule(_timer(order))
    await obligations.waive(uow, await _owed_receipts(uow, order), "the order was lifted")
    await log(uow, order, (f"解除第 {order.number} 号令", f"Order {order.number} lifted: {reason}"))
    return order


async def withdraw(uow: UnitOfWork, order: domain.Order, reason: str) -> None:
    """The draft is dropped; nothing is owed for it."""
    order, withdrawn = domain.withdraw_order(order)
    order = await store.put_order(uow.db, order)
    await uow.publish(events.to_message(withdrawn))
    await obligations.waive(uow, await _owed_issues(uow, order), reason)


async def owe_issue(
    uow: UnitOfWork, order: domain.Order | None, emergency_type: str, *, at: datetime
) -> None:
    """The issue of the draft is owed, if anything in it may be issued."""
    if order is None or not domain.issuable(order):
        return
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ISSUE_ORDER,
        key=f"ISSUE_ORDER/{order.id}",
        owed_by=order.organization_id,
        subject=domain.Subject(domain.SubjectKind.ORDER, order.id),
        title=(f"签发命令:{order.title_zh}", f"issue the order of {order.title_en}"),
        at=at,
        mode=order.mode,
        exercise_id=order.exercise_id,
        jurisdiction=order.jurisdiction,
        emergency_type=emergency_type,
        incident_id=order.incident_id,
        activation_id=order.activation_id,
    )
    await obligations.owe(uow, wanted)


async def _number(uow: UnitOfWork, order: domain.Order) -> str:
    year = uow.now.astimezone(domain.CIVIL_TIME).year
    key = f"order/{order.mode}/{order.jurisdiction}/{year}"
    ordinal = await store.next_number(uow.db, key)
    return domain.order_number(order.jurisdiction, uow.now, ordinal, order.mode)


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
        exercise_id=order.exercise_id,
        jurisdiction=order.jurisdiction,
        incident_id=order.incident_id,
        activation_id=order.activation_id,
    )
    return await obligations.owe(uow, wanted)


async def _owed_issues(uow: UnitOfWork, order: domain.Order) -> list[domain.Obligation]:
    kind = domain.ObligationKind.ISSUE_ORDER
    return await store.open_obligations(uow.db, kind, subject_id=order.id)


async def _owed_receipts(uow: UnitOfWork, order: domain.Order) -> list[domain.Obligation]:
    kind = domain.ObligationKind.ACKNOWLEDGE_ORDER
    return await store.open_obligations(uow.db, kind, subject_id=order.id)


def _timer(order: domain.Order) -> str:
    return f"order/{order.id}/over"


async def log(uow: UnitOfWork, order: domain.Order, text: tuple[str, str]) -> None:
    """The duty log tells what became of the order."""
    await log_entry.note(
        uow,
        text,
        at=uow.now,
        jurisdiction=order.jurisdiction,
        mode=order.mode,
        exercise_id=order.exercise_id,
        incident_id=order.incident_id,
        organization_id=order.organization_id,
    )
