"""Decisions on orders: drafted, issued by signature or by itself, lifted, withdrawn."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from services.org.domain.activation import Activation, Measure, Verdict
from services.org.domain.order.state import (
    Holder,
    LegalBasisMissing,
    MeasureNotInDraft,
    NothingToOrder,
    Order,
    OrderDrafted,
    OrderedMeasure,
    OrderIssued,
    OrderLifted,
    OrderStatus,
    OrderWithdrawn,
    Receipt,
    expect_status,
    issuable,
)
from services.org.domain.organization import Organization, accountable

EXPIRED = "expired"


def address(
    measure: Measure, organizations: Sequence[Organization], jurisdiction: str
) -> OrderedMeasure:
    """The measure with the organizations that carry it out; functions nobody holds are named.

    A measure without addressee functions binds the public and has no addressee.
    """
    found = {
        function: accountable(organizations, function, jurisdiction).organization
        for function in measure.addressee_functions
    }
    holders = [one.id for one in found.values() if one is not None]
    return OrderedMeasure(
        code=measure.code,
        text_zh=measure.text_zh,
        text_en=measure.text_en,
        legal=measure.legal,
        addressees=tuple(dict.fromkeys(holders)),
        unaddressed_functions=tuple(name for name, one in found.items() if one is None),
        duration_minutes=measure.duration_minutes,
    )


def draft_order(
    id: str,
    activation: Activation,
    *,
    organization_id: str,
    measures: Sequence[OrderedMeasure],
    at: datetime,
) -> tuple[Order, OrderDrafted]:
    """Prepare an order of the activation's measures; it binds nobody yet."""
    order = Order(
        id=id,
        jurisdiction=activation.jurisdiction,
        organization_id=organization_id,
        activation_id=activation.id,
        incident_id=activation.incident_id,
        mode=activation.mode,
        title_zh=activation.plan_title_zh,
        title_en=activation.plan_title_en,
        measures=tuple(measures),
        drafted_at=at,
    )
    return order, OrderDrafted(order)


def redraft_order(
    order: Order, measures: Sequence[OrderedMeasure]
) -> tuple[Order, OrderDrafted | None]:
    """Replace the draft's measures; no event when they are the same. Raises OrderStatusWrong."""
    expect_status(order, OrderStatus.DRAFT)
    if order.measures == tuple(measures):
        return order, None
    redrafted = dataclasses.replace(order, measures=tuple(measures))
    return redrafted, OrderDrafted(redrafted)


def issue_order(
    order: Order, codes: Collection[str] | None, *, number: str, issued_by: str, at: datetime
) -> tuple[Order, OrderIssued]:
    """Put the measures named by `codes` (None: all that may be) in force under `number`.

    Refused measures stay in the order, marked and not ordered. Raises OrderStatusWrong,
    MeasureNotInDraft, LegalBasisMissing (a refused one was named), NothingToOrder.
    """
    expect_status(order, OrderStatus.DRAFT)
    chosen = set(issuable(order)) if codes is None else _checked(order, codes)
    if not chosen:
        raise NothingToOrder(
            "The law refuses every measure of the draft.",
            remedy="Ask whoever may grant the authority, or withdraw the draft.",
            refused=[one.code for one in order.measures],
        )
    measures = tuple(dataclasses.replace(one, ordered=one.code in chosen) for one in order.measures)
    issued = dataclasses.replace(
        order,
        status=OrderStatus.ISSUED,
        number=number,
        measures=measures,
        receipts=_receipts(measures),
        issued_at=at,
        issued_by=issued_by,
        effective_from=at,
        effective_until=_until(measures, at),
    )
    return issued, OrderIssued(issued)


def lift_order(order: Order, reason: str, *, now: datetime) -> tuple[Order, OrderLifted]:
    """End the order. Raises OrderStatusWrong unless it is issued."""
    expect_status(order, OrderStatus.ISSUED)
    lifted = dataclasses.replace(
        order, status=OrderStatus.LIFTED, lifted_at=now, lifted_because=reason
    )
    return lifted, OrderLifted(lifted)


def is_over(order: Order, now: datetime) -> bool:
    """Whether the order is in force beyond its end."""
    if order.status is not OrderStatus.ISSUED or order.effective_until is None:
        return False
    return order.effective_until <= now


def refused_among(order: Order, codes: Collection[str]) -> OrderedMeasure | None:
    """The first of the named measures that the law refuses."""
    refused = (one for one in order.measures if one.legal.verdict is Verdict.REFUSED)
    return next((one for one in refused if one.code in codes), None)


def without_leave(measure: OrderedMeasure, *, holders: Sequence[Holder]) -> LegalBasisMissing:
    """The refusal of the measure: what is wanted, who may grant it, who of them is on duty.

    Source: reference of mistakes no. 9, "ordered without authority".
    """
    first = next((one for one in holders if one.on_duty), None)
    remedy = "Propose it to an organization that holds the authority."
    if first is not None:
        remedy = f"Propose it to {first.post_title_en} of {first.organization}, on duty now."
    return LegalBasisMissing(
        f"{measure.code}: {measure.legal.missing}.",
        field=("measures",),
        remedy=remedy,
        legal={
            "measure": measure.code,
            "verdict": measure.legal.verdict,
            "missing": measure.legal.missing,
            "whoMayGrant": list(measure.legal.who_may_grant),
        },
        holders=[
            {
                "organization": one.organization,
                "post": one.post,
                "titleZh": one.post_title_zh,
                "titleEn": one.post_title_en,
                "onDuty": one.on_duty,
            }
            for one in holders
        ],
        proposeTo=None
        if first is None
        else {"organization": first.organization, "post": first.post},
    )


def withdraw_order(order: Order) -> tuple[Order, OrderWithdrawn]:
    """Drop the draft. Raises OrderStatusWrong unless it is one."""
    expect_status(order, OrderStatus.DRAFT)
    withdrawn = dataclasses.replace(order, status=OrderStatus.WITHDRAWN)
    return withdrawn, OrderWithdrawn(withdrawn)


def _checked(order: Order, codes: Collection[str]) -> set[str]:
    by_code = {one.code: one for one in order.measures}
    for code in codes:
        if code not in by_code:
            raise MeasureNotInDraft(f"The draft has no measure {code}.", field=("measures",))
        measure = by_code[code]
        if measure.legal.verdict is Verdict.REFUSED:
            raise without_leave(measure, holders=())
    return set(codes)


def _receipts(measures: Sequence[OrderedMeasure]) -> tuple[Receipt, ...]:
    addressed = [name for one in measures if one.ordered for name in one.addressees]
    return tuple(Receipt(organization_id=name) for name in dict.fromkeys(addressed))


def _until(measures: Sequence[OrderedMeasure], start: datetime) -> datetime | None:
    minutes = [one.duration_minutes for one in measures if one.ordered]
    if any(one is None for one in minutes):
        return None  # one measure without an end keeps the order open
    return start + timedelta(minutes=max(one for one in minutes if one is not None))
