"""Tables of the organization system: what is searched has a column, the whole is in the document."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import documents
from chassis.policy import Visible
from chassis.tables import NAMING, attach

metadata = MetaData(naming_convention=NAMING)
attach(metadata)

# Whose rows are whose: `jurisdiction` is where it happened, `seen_by` who is concerned wherever that
# is; what belongs to a sealed incident is sealed with it.
_SEEN_BY = Visible(area="jurisdiction", organizations=("seen_by",), sealed="incident_sealed")
_OF_ONE = Visible(area="jurisdiction", organizations=("organization_id",), sealed="incident_sealed")


def _sealed(name: str = "incident_sealed") -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


jurisdiction = documents.table("jurisdiction", metadata, Column("parent", Text, index=True))

organization = documents.table(
    "organization", metadata, Column("jurisdiction", Text, nullable=False, index=True)
)

post = documents.table(
    "post",
    metadata,
    Column("organization", Text, nullable=False, index=True),
    Column("rung", Integer, nullable=False),
)

signal = documents.table("signal", metadata)

exercise = documents.table("exercise", metadata)

activation = documents.table("activation", metadata, Column("incident_id", Text, index=True))

obligation = documents.table(
    "obligation",
    metadata,
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owed_by", Text, nullable=False),
    Column("subject_id", Text, nullable=False, index=True),
    Column("incident_id", Text, index=True),
    Column("activation_id", Text, index=True),
    Column("jurisdiction", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("told", ARRAY(Text), nullable=False),
    Column("missing_rungs", ARRAY(Integer), nullable=False),
    Index("ix_obligation_owed_by_due_at", "owed_by", "due_at"),
    Index("ix_obligation_told", "told", postgresql_using="gin"),
    Column("seen_by", ARRAY(Text)),
    _sealed(),
    visible=_SEEN_BY,
)

task = documents.table(
    "task",
    metadata,
    Column("activation_id", Text, nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("incident_id", Text, index=True),
    Column("organization_id", Text, index=True),
    Column("status", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    # One task a step; a step taken back and asked for again is a new one.
    Index(
        "uq_task_step",
        "activation_id",
        "step",
        unique=True,
        postgresql_where=text("status <> 'CANCELLED'"),
    ),
    _sealed(),
    visible=_OF_ONE,
)

order = documents.table(
    "order",
    metadata,
    Column("number", Text, unique=True),
    Column("status", Text, nullable=False),
    Column("activation_id", Text, index=True),
    Column("incident_id", Text, index=True),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    Column("override_id", Text),
    # At most one draft an activation: a second proposal changes it. One more for each override.
    Index(
        "uq_order_draft",
        "activation_id",
        unique=True,
        postgresql_where=text("status = 'DRAFT' AND override_id IS NULL"),
    ),
    Index(
        "uq_order_override",
        "override_id",
        unique=True,
        postgresql_where=text("status IN ('DRAFT', 'ISSUED')"),
    ),
    Column("seen_by", ARRAY(Text)),
    _sealed(),
    visible=_SEEN_BY,
)

incident = documents.table(
    "incident",
    metadata,
    Column("number", Text, nullable=False, unique=True),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("status", Text, nullable=False),
    Column("emergency_type", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("grade", Text),
    Column("severity", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("declared_at", DateTime(timezone=True), nullable=False, index=True),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    _sealed("sealed"),
    visible=Visible(area="jurisdiction", sealed="sealed"),
)

incident_command = documents.table(
    "incident_command",
    metadata,
    # Exactly one command an incident (ORG-5).
    Column("incident_id", Text, nullable=False, unique=True),
    Column("span_of_control", Integer, nullable=False),
    Column("jurisdiction", Text),
    Column("organization_id", Text),
    _sealed(),
    visible=_OF_ONE,
)

situation_report = documents.table(
    "situation_report",
    metadata,
    Column("number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("incident_id", Text, nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    # one report stands at each place of the series; what was withdrawn stands nowhere
    Index(
        "uq_situation_report_ordinal",
        "incident_id",
        "ordinal",
        unique=True,
        postgresql_where=text("status <> 'WITHDRAWN'"),
    ),
    Column("seen_by", ARRAY(Text)),
    _sealed(),
    visible=_SEEN_BY,
)

coordination_request = documents.table(
    "coordination_request",
    metadata,
    Column("status", Text, nullable=False),
    Column("incident_id", Text, index=True),
    Column("from_organization", Text, nullable=False, index=True),
    Column("to_organization", Text, nullable=False, index=True),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("requested_at", DateTime(timezone=True), nullable=False, index=True),
    Column("seen_by", ARRAY(Text)),
    _sealed(),
    visible=_SEEN_BY,
)

report = documents.table(
    "report",
    metadata,
    Column("status", Text, nullable=False),
    Column("source_key", Text, unique=True),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("emergency_type", Text),
    Column("incident_id", Text, index=True),
    Column("mode", Text, nullable=False),
    Column("observed_at", DateTime(timezone=True), nullable=False, index=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    _sealed(),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)

# Who told, sealed under the report's id; the key that opens it lies apart and is destroyed to erase.
reporter = documents.table(
    "reporter",
    metadata,
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("expires_at", DateTime(timezone=True)),
    Column("incident_sealed", Boolean),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)

reporter_key = Table(
    "reporter_key",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("key_id", Text, nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    # Stands for the number: equal for equal numbers, and nothing else can be learnt without the ring.
    Column("phone_index", LargeBinary, index=True),
)

# Who looked at whom, and what for.
reporter_reveal = Table(
    "reporter_reveal",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("report_id", Text, nullable=False, index=True),
    Column("revealed_by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("revealed_at", DateTime(timezone=True), nullable=False),
    Index("ix_reporter_reveal_revealed_by_revealed_at", "revealed_by", "revealed_at"),
)

log_entry = documents.table(
    "log_entry",
    metadata,
    Column("incident_id", Text, index=True),
    Column("organization_id", Text, index=True),
    Column("jurisdiction", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("struck", Boolean, nullable=False),
    _sealed(),
    visible=_OF_ONE,
)

bulletin = documents.table(
    "bulletin", metadata, Column("incident_id", Text, nullable=False, index=True)
)

dispatch = documents.table(
    "dispatch",
    metadata,
    Column("incident_id", Text, index=True),
    Column("status", Text, nullable=False),
)

# Orders of one instant are numbered in the order in which their activations are heard, and the first
# of equal answers is the one heard first; two runs may differ in that and in nothing else.
order.info["not_in_digest"] = ("number",)
# what is asked may hold anything
coordination_request.info["not_in_digest"] = ("text", "result", "reason", "limited")
situation_report.info["not_in_digest"] = ("digest",)  # it covers numbers of orders
obligation.info["not_in_digest"] = ("answered_by", "title_zh", "title_en")
# What was told may hold anything, and a seal differs each time.
report.info["not_in_digest"] = (
    "text",
    "address",
    "place",
    "given_place",
    "source_key",
    "decided_because",
)
reporter.info["not_in_digest"] = ("sealed", "hold_reason", "erased_because")
log_entry.info["not_in_digest"] = ("text", "text_en")

# The last number given out for a key such as incident/REAL/410100/20210720.
counter = Table(
    "counter",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# What was handed to a channel, word for word: the evidence of LINK-7. `address` never leaves it.
sent_message = Table(
    "sent_message",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("obligation_id", Text, nullable=False, index=True),
    Column("post", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("delivered_at", DateTime(timezone=True)),
    Column("failure", Text),
)

# One row: when this service last showed that it lives.
beat = Table(
    "beat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

outage = Table(
    "outage",
    metadata,
    Column("started_at", DateTime(timezone=True), primary_key=True),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("ended_at"),
)

grant = documents.table(
    "grant",
    metadata,
    Column("subject", Text, nullable=False, index=True),
    Column("granted_by", Text, nullable=False, index=True),
    Column("valid_to", DateTime(timezone=True), nullable=False),
    Column("chain", ARRAY(Text), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Index("ix_grant_chain", "chain", postgresql_using="gin"),
)

account = documents.table(
    "account",
    metadata,
    Column("subject", Text, nullable=False, unique=True),
    Column("disabled_since", DateTime(timezone=True)),
)
