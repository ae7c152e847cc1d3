"""Orders: numbered directives that put measures in force, with a receipt from every addressee."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.places import ActivationRef, IncidentRef, Jurisdiction, Organization
from vocabulary import Mode


@strawberry.enum
class OrderStatus(StrEnum):
    """How an order stands."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    LIFTED = "LIFTED"
    WITHDRAWN = "WITHDRAWN"


@strawberry.type(description="A measure that the order puts in force.")
class OrderMeasure:
    """What is ordered, and on what legal basis."""

    code: str
    text: str = fields.label("text")
    legal_basis: str | None


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
    jurisdiction: Jurisdiction | None = fields.joined("Order.jurisdiction")
    activation: ActivationRef | None = fields.joined("Order.activation")
    incident: IncidentRef | None = fields.joined("Order.incident")
    mode: Mode
    measures: list[OrderMeasure] = fields.listed("measures")
    receipts: list[Receipt] = fields.listed("receipts")
    drafted_at: datetime | None
    issued_at: datetime | None
    effective_from: datetime | None
    effective_until: datetime | None
    issued_by: str | None = strawberry.field(description="Issuing organization and post.")
