"""What an order is: its measures, its receipts, and what can be said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid
from services.org.domain.activation import Legal, Measure, Verdict
from vocabulary import Mode


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


class OverrideOver(Conflict):
    """The override that the order rests on is over."""

    slug = "override-over"


@dataclass(frozen=True, slots=True)
class Basis:
    """The emergency override that an order rests on: who let its measure pass, and until when."""

    id: str
    by: str
    until: datetime

    def __str__(self) -> str:
        """As an order cites it."""
        return f"emergency override {self.id} by {self.by} until {self.until:%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedMeasure:
    """A measure in an order: `ordered` is false for what stays behind, marked, in the draft.

    `lapsed_at` is since when the law allows no more what is ordered.
    """

    code: str
    text_zh: str | None = None
    text_en: str | None = None
    legal: Legal
    addressees: tuple[str, ...] = ()
    unaddressed_functions: tuple[str, ...] = ()
    duration_minutes: int | None = None
    ordered: bool = False
    lapsed_at: datetime | None = None
    lapsed_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The post of an organization that may grant what is refused; without a post nobody is on duty."""

    organization: str
    post: str | None
    post_title_zh: str | None
    post_title_en: str | None
    on_duty: bool


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
    """A directive of `organization_id`; `number` is absent while it is a draft.

    One with an `override` holds the one measure that the override lets pass, and ends with it.
    """

    id: str
    version: int = 0
    number: str | None = None
    status: OrderStatus = OrderStatus.DRAFT
    jurisdiction: str
    organization_id: str
    activation_id: str | None = None
    incident_id: str | None = None
    mode: Mode
    exercise_id: str | None = None
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
    override: Basis | None = None

    @property
    def override_id(self) -> str | None:
        """The override that it rests on, if any."""
        return self.override.id if self.override else None


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


def issuable(order: Order) -> list[str]:
    """Codes of the measures that a signature may put in force: all that are not refused."""
    stopped = {one.code for one in refused(order)}
    return [one.code for one in order.measures if one.code not in stopped]


def refused(order: Order) -> list[OrderedMeasure]:
    """The measures that the law refuses and no override lets pass: never ordered in silence."""
    if order.override is not None:
        return []
    return [one for one in order.measures if one.legal.verdict is Verdict.REFUSED]


def legal_basis(order: Order, measure: OrderedMeasure) -> str | None:
    """What the measure rests on: the provisions cited, or the override."""
    if order.override is not None:
        return str(order.override)
    return "; ".join(measure.legal.provisions) or None


def taken_up(orders: Sequence[Order]) -> set[str]:
    """Codes of the measures that need no place in an ordinary draft: in force, or under an override."""
    waiting = {
        measure.code
        for order in orders
        if order.override is not None and order.status is OrderStatus.DRAFT
        for measure in order.measures
    }
    return in_force(orders) | waiting


def parties(order: Order) -> tuple[str, ...]:
    """Who orders and who is ordered: the organizations that see it wherever it applies."""
    return (order.organization_id, *(one.organization_id for one in order.receipts))


def expect_status(order: Order, status: OrderStatus) -> None:
    """Pass for an order in that status. Raises OrderStatusWrong."""
    if order.status is not status:
        raise OrderStatusWrong(
            f"The order is {order.status}, not {status}.", currentStatus=order.status
        )
