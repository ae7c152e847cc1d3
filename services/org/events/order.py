"""What is said of orders."""

import msgspec

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="order",
        event="drafted",
        body=contract.OrderDrafted,
        meaning="An order waits for a signature; refused measures are in it, marked.",
    ),
    Published(
        aggregate="order",
        event="issued",
        body=contract.OrderIssued,
        meaning="A numbered order binds its addressees.",
    ),
    Published(
        aggregate="order",
        event="receipted",
        body=contract.OrderReceipted,
        meaning="An addressee confirmed that it has the order.",
    ),
    Published(
        aggregate="order",
        event="completed",
        body=contract.OrderCompleted,
        meaning="An addressee did what the order says.",
    ),
    Published(
        aggregate="order",
        event="lifted",
        body=contract.OrderLifted,
        meaning="The order binds nobody any more.",
    ),
    Published(
        aggregate="order",
        event="withdrawn",
        body=contract.OrderWithdrawn,
        meaning="The draft will not be issued.",
    ),
)


def drafted(said: domain.OrderDrafted) -> Message:
    """The draft."""
    return _message("drafted", said.order, contract.OrderDrafted(order=_body(said.order)))


def issued(said: domain.OrderIssued) -> Message:
    """The order with its number and addressees."""
    return _message("issued", said.order, contract.OrderIssued(order=_body(said.order)))


def receipted(said: domain.OrderReceipted) -> Message:
    """The order and the addressee that confirmed."""
    body = contract.OrderReceipted(order=_body(said.order), organization_id=said.organization_id)
    return _message("receipted", said.order, body)


def completed(said: domain.OrderCompleted) -> Message:
    """The order and the addressee that did it."""
    body = contract.OrderCompleted(order=_body(said.order), organization_id=said.organization_id)
    return _message("completed", said.order, body)


def lifted(said: domain.OrderLifted) -> Message:
    """The order as lifted."""
    return _message("lifted", said.order, contract.OrderLifted(order=_body(said.order)))


def withdrawn(said: domain.OrderWithdrawn) -> Message:
    """The draft as withdrawn."""
    return _message("withdrawn", said.order, contract.OrderWithdrawn(order=_body(said.order)))


def _message(event: str, order: domain.Order, body: msgspec.Struct) -> Message:
    return wire.message(
        body, aggregate="order", event=event, id=order.id, area=order.jurisdiction, mode=order.mode
    )


def _body(one: domain.Order) -> contract.Order:
    binds = one.status in {domain.OrderStatus.ISSUED, domain.OrderStatus.LIFTED}
    return contract.Order(
        id=one.id,
        number=one.number,
        status=one.status.value,
        jurisdiction=one.jurisdiction,
        activation_id=one.activation_id,
        incident_id=one.incident_id,
        mode=one.mode,
        measures=tuple(_measure(one, each) for each in one.measures if each.ordered or not binds),
        exercise_id=one.exercise_id,
        receipts=tuple(_receipt(each) for each in one.receipts),
        drafted_at=one.drafted_at,
        issued_at=one.issued_at,
        effective_from=one.effective_from,
        effective_until=one.effective_until,
        issued_by=one.issued_by,
        override_id=one.override_id,
    )


def _measure(order: domain.Order, one: domain.OrderedMeasure) -> contract.OrderMeasure:
    return contract.OrderMeasure(
        code=one.code,
        text_zh=one.text_zh,
        text_en=one.text_en,
        legal_basis=domain.legal_basis(order, one),
        addressees=one.addressees,
        legal_verdict=one.legal.verdict.value,
        legal_missing=one.legal.missing,
        lapsed_at=one.lapsed_at,
        lapsed_because=one.lapsed_because,
    )


def _receipt(one: domain.Receipt) -> contract.OrderReceipt:
    return contract.OrderReceipt(
        organization_id=one.organization_id,
        delivered_at=one.delivered_at,
        confirmed_at=one.confirmed_at,
        done_at=one.done_at,
    )


MESSAGES = {
    domain.OrderDrafted: drafted,
    domain.OrderIssued: issued,
    domain.OrderReceipted: receipted,
    domain.OrderCompleted: completed,
    domain.OrderLifted: lifted,
    domain.OrderWithdrawn: withdrawn,
}
