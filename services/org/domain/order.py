"""Numbered orders: measures put in force by signature or by the plan, with every addressee's receipt (ORG-13)."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid
from services.org.domain.activation import Activation, Legal, Measure, Verdict
from services.org.domain.limit import CIVIL_TIME
from services.org.domain.organization import Organization, accountable
from vocabulary import Mode, OrganizationKind


class OrderStatus(StrEnum):
    """A draft has no number and binds nobody."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    LIFTED = "LIFTED"
    WITHDRAWN = "WITHDRAWN"


class OrderStatusWrong(Conflict):
    """The order is not in the status that this needs."""

    slug = "order-status-wrong"


class LegalBasisMissing(Forbidden):
    """A measure was asked for that the law does not allow here."""

    slug = "legal-basis-missing"


class MeasureNotInDraft(Invalid):
    """A measure was named that the draft does not hold."""

    slug = "measure-not-in-draft"


class NothingToOrder(Conflict):
    """No measure of the draft can be ordered."""

    slug = "nothing-to-order"


class NotAnAddressee(Forbidden):
    """Only an addressee receipts an order."""

    slug = "not-an-addressee"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedMeasure:
    """A measure in an order: `ordered` is false for what stays behind, marked, in the draft."""

    code: str
    text_zh: str | None = None
    text_en: str | None = None
    legal: Legal
    addressees: tuple[str, ...] = ()
    unaddressed_functions: tuple[str, ...] = ()
    duration_minutes: int | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one addressee said, and when."""

    organization_id: str
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A directive of `organization_id`; `number` is absent while it is a draft."""

    id: str
    version: int = 0
    number: str | None = None
    status: OrderStatus = OrderStatus.DRAFT
    jurisdiction: str
    organization_id: str
    activation_id: str | None = None
    incident_id: str | None = None
    mode: Mode
    title_zh: str
    title_en: str
    measures: tuple[OrderedMeasure, ...]
    receipts: tuple[Receipt, ...] = ()
    drafted_at: datetime
    issued_at: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    issued_by: str | None = None
    lifted_at: datetime | None = None
    lifted_because: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDrafted:
    """An order waits for a signature."""

    order: Order


@dataclass(frozen=True, slots=True)
class OrderIssued:
    """The order binds its addressees."""

    order: Order


@dataclass(frozen=True, slots=True)
class OrderReceipted:
    """An addressee confirmed that it has the order."""

    order: Order
    organization_id: str


@dataclass(frozen=True, slots=True)
class OrderCompleted:
    """An addressee did what the order says."""

    order: Order
    organization_id: str


@dataclass(frozen=True, slots=True)
class OrderLifted:
    """The order binds nobody any more."""

    order: Order


@dataclass(frozen=True, slots=True)
class OrderWithdrawn:
    """The draft will not be issued."""

    order: Order


def order_number(jurisdiction: str, at: datetime, ordinal: int, mode: Mode) -> str:
    """The number of an order: division, civil year, ordinal in it; exercises are marked."""
    mark = "EX-" if mode is Mode.EXERCISE else ""
    return f"{mark}{jurisdiction}-{at.astimezone(CIVIL_TIME):%Y}-{ordinal:03d}"


def in_force(orders: Sequence[Order]) -> set[str]:
    """Codes of the measures that issued orders put in force."""
    return {
        measure.code
        for order in orders
        if order.status is OrderStatus.ISSUED
        for measure in order.measures
        if measure.ordered
    }


def starts_itself(measure: Measure) -> bool:
    """Whether the plan and the law let the measure take effect without a signature."""
    return measure.automatic and measure.legal.verdict is Verdict.ALLOWED


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
    _expect(order, OrderStatus.DRAFT)
    if order.measures == tuple(measures):
        return order, None
    redrafted = dataclasses.replace(order, measures=tuple(measures))
    return redrafted, OrderDrafted(redrafted)


def issuable(order: Order) -> list[str]:
    """Codes of the measures that a signature may put in force: all that the law does not refuse."""
    return [one.code for one in order.measures if one.legal.verdict is not Verdict.REFUSED]


def issue_order(
    order: Order, codes: Collection[str] | None, *, number: str, issued_by: str, at: datetime
) -> tuple[Order, OrderIssued]:
    """Put the measures named by `codes` (None: all that may be) in force under `number`.

    Refused measures stay in the order, marked and not ordered. Raises OrderStatusWrong,
    MeasureNotInDraft, LegalBasisMissing (a refused one was named), NothingToOrder.
    """
    _expect(order, OrderStatus.DRAFT)
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


def deliver(order: Order, organization_id: str, *, at: datetime) -> Order:
    """Record that the order reached the addressee; the first time stands."""
    return _with_receipt(order, organization_id, lambda one: _first(one, delivered_at=at))


def confirm_receipt(
    order: Order, organization_id: str, *, by: str, now: datetime
) -> tuple[Order, OrderReceipted | None]:
    """Record that the addressee has the order; no event the second time.

    Raises OrderStatusWrong and NotAnAddressee.
    """
    receipt = _receipt(order, organization_id)
    if receipt.confirmed_at is not None:
        return order, None
    confirmed = _with_receipt(order, organization_id, lambda one: _confirmed(one, by=by, now=now))
    return confirmed, OrderReceipted(confirmed, organization_id)


def complete_order(
    order: Order, organization_id: str, *, by: str, now: datetime
) -> tuple[Order, OrderCompleted | None]:
    """Record that the addressee did what is ordered, which confirms it too; no event the second time.

    Raises OrderStatusWrong and NotAnAddressee.
    """
    receipt = _receipt(order, organization_id)
    if receipt.done_at is not None:
        return order, None
    done = _with_receipt(
        order,
        organization_id,
        lambda one: dataclasses.replace(_confirmed(one, by=by, now=now), done_at=now),
    )
    return done, OrderCompleted(done, organization_id)


def lift_order(order: Order, reason: str, *, now: datetime) -> tuple[Order, OrderLifted]:
    """End the order. Raises OrderStatusWrong unless it is issued."""
    _expect(order, OrderStatus.ISSUED)
    lifted = dataclasses.replace(
        order, status=OrderStatus.LIFTED, lifted_at=now, lifted_because=reason
    )
    return lifted, OrderLifted(lifted)


def withdraw_order(order: Order) -> tuple[Order, OrderWithdrawn]:
    """Drop the draft. Raises OrderStatusWrong unless it is one."""
    _expect(order, OrderStatus.DRAFT)
    withdrawn = dataclasses.replace(order, status=OrderStatus.WITHDRAWN)
    return withdrawn, OrderWithdrawn(withdrawn)


def refused(order: Order) -> list[OrderedMeasure]:
    """The measures that the law refuses: marked, never ordered in silence."""
    return [one for one in order.measures if one.legal.verdict is Verdict.REFUSED]


def may_grant(measure: OrderedMeasure) -> list[OrganizationKind]:
    """Kinds of organizations that hold the missing authority."""
    return list(measure.legal.who_may_grant)


def _checked(order: Order, codes: Collection[str]) -> set[str]:
    by_code = {one.code: one for one in order.measures}
    for code in codes:
        if code not in by_code:
            raise MeasureNotInDraft(f"The draft has no measure {code}.", field=("measures",))
        measure = by_code[code]
        if measure.legal.verdict is Verdict.REFUSED:
            raise LegalBasisMissing(
                f"{code}: {measure.legal.missing}.",
                field=("measures",),
                remedy="Propose it to an organization that holds the authority.",
                legal={
                    "verdict": measure.legal.verdict,
                    "missing": measure.legal.missing,
                    "whoMayGrant": list(measure.legal.who_may_grant),
                },
            )
    return set(codes)


def _receipts(measures: Sequence[OrderedMeasure]) -> tuple[Receipt, ...]:
    addressed = [name for one in measures if one.ordered for name in one.addressees]
    return tuple(Receipt(organization_id=name) for name in dict.fromkeys(addressed))


def _until(measures: Sequence[OrderedMeasure], start: datetime) -> datetime | None:
    minutes = [one.duration_minutes for one in measures if one.ordered]
    if any(one is None for one in minutes):
        return None  # one measure without an end keeps the order open
    return start + timedelta(minutes=max(one for one in minutes if one is not None))


def _receipt(order: Order, organization_id: str) -> Receipt:
    _expect(order, OrderStatus.ISSUED)
    for one in order.receipts:
        if one.organization_id == organization_id:
            return one
    raise NotAnAddressee(
        f"Order {order.number} is not addressed to {organization_id}.",
        field=("organization",),
        missing=organization_id,
    )


def _with_receipt(
    order: Order, organization_id: str, change: Callable[[Receipt], Receipt]
) -> Order:
    receipts = tuple(
        change(one) if one.organization_id == organization_id else one for one in order.receipts
    )
    return dataclasses.replace(order, receipts=receipts)


def _first(receipt: Receipt, *, delivered_at: datetime) -> Receipt:
    return dataclasses.replace(receipt, delivered_at=receipt.delivered_at or delivered_at)


def _confirmed(receipt: Receipt, *, by: str, now: datetime) -> Receipt:
    return dataclasses.replace(
        receipt,
        delivered_at=receipt.delivered_at or now,
        confirmed_at=receipt.confirmed_at or now,
        confirmed_by=receipt.confirmed_by or by,
    )


def _expect(order: Order, status: OrderStatus) -> None:
    if order.status is not status:
        raise OrderStatusWrong(
            f"The order is {order.status}, not {status}.", currentStatus=order.status
        )
