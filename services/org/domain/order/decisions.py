"""Decisions on orders: drafted, issued by signature or by itself, lifted, withdrawn."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from services.org.domain.activation import Activation, Legal, Measure, Verdict
from services.org.domain.order.state import (
    Basis,
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
    OverrideOver,
    Receipt,
    expect_status,
    issuable,
    refused,
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
        duration_minutes=_lasts(measure),
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
        exercise_id=activation.exercise_id,
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

    Refused measures stay in the order, marked and not ordered. What rests on an override ends with
    it. Raises OrderStatusWrong, MeasureNotInDraft, LegalBasisMissing (a refused one was named),
    NothingToOrder, OverrideOver.
    """
    expect_status(order, OrderStatus.DRAFT)
    _check_override(order.override, at)
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
        effective_until=_until(measures, at, order.override),
    )
    return issued, OrderIssued(issued)


def lift_order(order: Order, reason: str, *, now: datetime) -> tuple[Order, OrderLifted]:
    """End the order. Raises OrderStatusWrong unless it is issued."""
    expect_status(order, OrderStatus.ISSUED)
    lifted = dataclasses.replace(
        order, status=OrderStatus.LIFTED, lifted_at=now, lifted_because=reason
    )
    return lifted, OrderLifted(lifted)


def reanswer_order(order: Order, answers: Mapping[str, Legal], *, at: datetime) -> Order:
    """Note since when the law allows no more what is ordered, by code; it can allow it again.

    What the order was issued on stays in it; one that rests on an override asks nothing of the law.
    """
    if order.status is not OrderStatus.ISSUED or order.override is not None:
        return order
    measures = tuple(_reanswered(one, answers.get(one.code), at=at) for one in order.measures)
    return dataclasses.replace(order, measures=measures)


def _reanswered(one: OrderedMeasure, legal: Legal | None, *, at: datetime) -> OrderedMeasure:
    if legal is None or not one.ordered or legal.verdict is Verdict.UNKNOWN:
        return one
    if legal.verdict is Verdict.ALLOWED:
        return dataclasses.replace(one, lapsed_at=None, lapsed_because=None)
    since = one.lapsed_at or at
    return dataclasses.replace(one, lapsed_at=since, lapsed_because=legal.missing)


def is_over(order: Order, now: datetime) -> bool:
    """Whether the order is in force beyond its end."""
    if order.status is not OrderStatus.ISSUED or order.effective_until is None:
        return False
    return order.effective_until <= now


def refused_among(order: Order, codes: Collection[str]) -> OrderedMeasure | None:
    """The first of the named measures that the law refuses."""
    return next((one for one in refused(order) if one.code in codes), None)


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
    named = refused_among(order, codes)
    if named is not None:
        raise without_leave(named, holders=())
    return set(codes)


def _check_override(override: Basis | None, at: datetime) -> None:
    if override is not None and override.until <= at:
        raise OverrideOver(
            f"{override.id} ended at {override.until:%Y-%m-%d %H:%M} UTC.",
            remedy="Ask for another override, or propose the measure to who holds the authority.",
        )


def _receipts(measures: Sequence[OrderedMeasure]) -> tuple[Receipt, ...]:
    addressed = [name for one in measures if one.ordered for name in one.addressees]
    return tuple(Receipt(organization_id=name) for name in dict.fromkeys(addressed))


def _until(
    measures: Sequence[OrderedMeasure], start: datetime, override: Basis | None
) -> datetime | None:
    latest = override.until if override else None
    minutes = [one.duration_minutes for one in measures if one.ordered]
    if any(one is None for one in minutes):
        return latest  # one measure without an end keeps the order open
    planned = start + timedelta(minutes=max(one for one in minutes if one is not None))
    return planned if latest is None else min(planned, latest)


def _lasts(measure: Measure) -> int | None:
    """How long the measure may last: as the plan says, no longer than the law lets it."""
    bounds = (measure.duration_minutes, measure.legal.longest_minutes)
    return min((one for one in bounds if one is not None), default=None)
