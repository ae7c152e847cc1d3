"""The tables of guarantee: aggregates as documents with the columns that are searched."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import database, documents
from chassis.policy import Visible
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.requirement import Requirement
from services.guarantee.domain.rumour import Rumour
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning

metadata = database.metadata()


def _column(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


SIGNAL = documents.table(
    "signal",
    metadata,
    _column("mode"),
    _column("status"),
    _column("jurisdiction"),
    _column("exercise_id", nullable=True),
    _instant("received_at"),
    Index("ix_signal_active", "mode", "jurisdiction", postgresql_where=text("status = 'ACTIVE'")),
    Index("ix_signal_received", "received_at", "id"),
    Index("ix_signal_exercise", "exercise_id", postgresql_where=text("exercise_id IS NOT NULL")),
)

# The message as it came, byte for byte, in the same transaction as its receipt.
SIGNAL_MESSAGE = documents.table(
    "signal_message",
    metadata,
    Column("references", ARRAY(Text), nullable=False),
    Column("original", LargeBinary, nullable=True),
    Index("ix_signal_message_references", "references", postgresql_using="gin"),
)

WARNING = documents.table(
    "warning",
    metadata,
    _column("mode"),
    _column("status"),
    _column("jurisdiction"),
    _column("signal_id", nullable=True),
    _column("organization_id", nullable=True),
    _column("open_to", nullable=True),
    _column("exercise_id", nullable=True),
    _instant("drafted_at"),
    Index("ix_warning_active", "mode", "jurisdiction", postgresql_where=text("status = 'ACTIVE'")),
    Index("ix_warning_signal", "signal_id"),
    Index("ix_warning_drafted", "drafted_at", "id"),
    Index("ix_warning_exercise", "exercise_id", postgresql_where=text("exercise_id IS NOT NULL")),
    visible=Visible(area="jurisdiction", organizations=("organization_id", "open_to")),
)

BULLETIN = documents.table(
    "bulletin",
    metadata,
    _column("mode"),
    _column("kind"),
    _column("status"),
    _column("jurisdiction"),
    _column("incident_id", nullable=True),
    _column("organization_id", nullable=True),
    _column("open_to", nullable=True),
    _instant("drafted_at"),
    _instant("published_at", nullable=True),
    Column("incident_sealed", Boolean, nullable=False, server_default=text("false")),
    Index("ix_bulletin_incident", "incident_id"),
    Index("ix_bulletin_drafted", "drafted_at", "id"),
    Index(
        "ix_bulletin_public",
        "published_at",
        "id",
        postgresql_where=text("published_at IS NOT NULL AND mode = 'REAL'"),
    ),
    visible=Visible(
        area="jurisdiction",
        organizations=("organization_id", "open_to"),
        sealed="incident_sealed",
    ),
)

RUMOUR = documents.table(
    "rumour",
    metadata,
    _column("mode"),
    _column("status"),
    _column("jurisdiction"),
    _column("incident_id", nullable=True),
    _instant("noted_at"),
    Column("incident_sealed", Boolean, nullable=False, server_default=text("false")),
    Index("ix_rumour_incident", "incident_id"),
    Index("ix_rumour_noted", "noted_at", "id"),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)

# what is claimed may hold anything
RUMOUR.info["not_in_digest"] = ("claim", "seen_where", "finding")

PROVISION = documents.table("provision", metadata)

RESOURCE = documents.table(
    "resource",
    metadata,
    _column("jurisdiction"),
    _column("owner"),
    _column("readiness"),
    Column("capabilities", ARRAY(Text), nullable=False),
    Index("ix_resource_capabilities", "capabilities", postgresql_using="gin"),
    Index("ix_resource_jurisdiction", "jurisdiction"),
)

REQUIREMENT = documents.table(
    "requirement",
    metadata,
    _column("mode"),
    _column("status"),
    _column("pool"),
    _column("jurisdiction"),
    _column("activation_id"),
    _column("incident_id", nullable=True),
    _column("exercise_id", nullable=True),
    _instant("raised_at"),
    Column("incident_sealed", Boolean),
    Index("ix_requirement_open", "pool", "mode", "status"),
    Index("ix_requirement_activation", "activation_id"),
    Index("ix_requirement_incident", "incident_id"),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)

DISPATCH = documents.table(
    "dispatch",
    metadata,
    _column("mode"),
    _column("status"),
    _column("requirement_id"),
    _column("activation_id"),
    _column("incident_id", nullable=True),
    _column("resource_id"),
    _column("jurisdiction"),
    _column("owner"),
    _instant("ordered_at"),
    Column("incident_sealed", Boolean),
    Index("ix_dispatch_requirement", "requirement_id"),
    Index("ix_dispatch_activation", "activation_id"),
    Index("ix_dispatch_incident", "incident_id"),
    Index("ix_dispatch_ordered", "ordered_at", "id"),
    visible=Visible(area="jurisdiction", organizations=("owner",), sealed="incident_sealed"),
)

# Who holds what from when to when, in which ledger: an exercise's holds nothing real. Nothing shows its rows: readers of the inventory see what is
# free of a resource, and that must be the same for all of them. A whole resource is held by one dispatch at a time: the
# database refuses the second, whoever asks. Stocks are counted under the lock of their row.
BOOKING = Table(
    "booking",
    metadata,
    Column("dispatch_id", Text, primary_key=True),
    _column("resource_id"),
    _column("mode"),
    Column("during", TSTZRANGE, nullable=False),
    Column("quantity", Float, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    _column("exercise_id", nullable=True),
    ExcludeConstraint(
        (text("resource_id"), "="),
        (text("mode"), "="),
        (text("(COALESCE(exercise_id, ''))"), "="),
        (text("during"), "&&"),
        name="ex_booking_once_a_ledger",
        using="gist",
        where=text("is_whole AND NOT isempty(during)"),
    ),
    Index(
        "ix_booking_open",
        "resource_id",
        "mode",
        postgresql_where=text("upper_inf(during)"),
    ),
)

ALLOCATION = documents.table(
    "allocation",
    metadata,
    _column("pool"),
    _column("mode"),
    _instant("solved_at"),
    Column("requirement_ids", ARRAY(Text)),
    Column("incident_sealed", Boolean),
    Index("ix_allocation_solved", "pool", "mode", "solved_at"),
    Index("ix_allocation_requirements", "requirement_ids", postgresql_using="gin"),
    visible=Visible(area="pool", sealed="incident_sealed"),
)

JURISDICTION = documents.table("jurisdiction", metadata, _column("parent", nullable=True))
ORGANIZATION = documents.table("organization", metadata, _column("jurisdiction"))
INCIDENT = documents.table(
    "incident",
    metadata,
    _column("mode"),
    _column("status"),
    _column("jurisdiction"),
    Column("sealed", Boolean),
    visible=Visible(area="jurisdiction", sealed="sealed"),
)
ACTIVATION = documents.table(
    "activation",
    metadata,
    _column("mode"),
    _column("state"),
    _column("jurisdiction"),
    _column("incident_id", nullable=True),
    Column("causes", ARRAY(Text), nullable=False),
    Column("incident_sealed", Boolean),
    Index("ix_activation_incident", "incident_id"),
    Index("ix_activation_causes", "causes", postgresql_using="gin"),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)

# How often something was solved, and which version that left, depends on how events met; what is
# required, ordered and booked does not.
ALLOCATION.info["documents"] = False
REQUIREMENT.info["not_in_digest"] = ("version",)
RESOURCE.info["not_in_digest"] = ("version",)
ACTIVATION.info["not_in_digest"] = ("version", "heard")
for _copy in (JURISDICTION, ORGANIZATION, INCIDENT):
    _copy.info["not_in_digest"] = ("version",)

_VERSIONED = {
    Bulletin: BULLETIN,
    Rumour: RUMOUR,
    Dispatch: DISPATCH,
    Requirement: REQUIREMENT,
    Signal: SIGNAL,
    Warning: WARNING,
}


async def require_current(
    db: AsyncConnection,
    aggregate: Bulletin | Rumour | Dispatch | Requirement | Signal | Warning,
    expected_version: int,
) -> None:
    """Pass when the locked aggregate is at the version that the caller has seen.

    Asked for once it is known that the caller may see it. Raises VersionConflict.
    """
    await documents.current(db, _VERSIONED[type(aggregate)], aggregate, expected_version)
