"""Orders: numbered directives that put measures in force, with a receipt from every addressee."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.law import Duty
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import (
    ActivationRef,
    ExerciseRef,
    IncidentRef,
    Jurisdiction,
    Organization,
    OverrideRef,
)
from vocabulary import LegalVerdict, Mode, OrganizationKind


@strawberry.enum
class OrderStatus(StrEnum):
    """How an order stands."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    LIFTED = "LIFTED"
    WITHDRAWN = "WITHDRAWN"


@strawberry.enum(description="What an addressee says of an order.")
class ReceiptStatus(StrEnum):
    """How far an addressee is."""

    CONFIRMED = "CONFIRMED"
    DONE = "DONE"


@strawberry.type(description="A measure that the order puts in force.")
class OrderMeasure:
    """What is ordered, and on what legal basis."""

    code: str
    text: str | None = fields.label("text")
    legal_basis: str | None
    legal_verdict: LegalVerdict
    legal_missing: str | None
    who_may_grant: list[OrganizationKind] = fields.listed("whoMayGrant")
    duties: list[Duty] = fields.listed("duties")
    lapsed_at: datetime | None = strawberry.field(
        description="Since when the law allows no more what is ordered."
    )
    lapsed_because: str | None
    addressees: list[Organization | None] = fields.joined_many("OrderMeasure.addressees")
    ordered: bool = strawberry.field(description="false for what a draft holds or the law refused.")


@strawberry.type(description="Where one addressee stands with the order.")
class Receipt:
    """Delivered, confirmed, done: each with its time."""

    organization: Organization | None = fields.joined("Receipt.organization")
    delivered_at: datetime | None
    confirmed_at: datetime | None
    done_at: datetime | None


@strawberry.type(description="A numbered directive, e.g. Order No. 6.")
class Order(Node):
    """Measures, addressees, area, period; a draft has no number."""

    version: int
    number: str | None
    status: OrderStatus
    title: str = fields.label("title")
    organization: Organization | None = fields.joined("Order.organization")
    jurisdiction: Jurisdiction | None = fields.joined("Order.jurisdiction")
    activation: ActivationRef | None = fields.joined("Order.activation")
    incident: IncidentRef | None = fields.joined("Order.incident")
    override: OverrideRef | None = fields.joined(
        "Order.override", description="The emergency override that it rests on and ends with."
    )
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Order.exercise")
    measures: list[OrderMeasure] = fields.listed("measures")
    receipts: list[Receipt] = fields.listed("receipts")
    drafted_at: datetime
    issued_at: datetime | None
    effective_from: datetime | None
    effective_until: datetime | None
    issued_by: str | None = strawberry.field(description="Issuing organization and post.")
    lifted_at: datetime | None
    lifted_because: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("Order")
