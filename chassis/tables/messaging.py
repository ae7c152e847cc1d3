"""Tables of what is said and heard: outbox, inbox, watermarks, parked and quarantined messages."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables.base import CHASSIS

OUTBOX = Table(
    "outbox",
    CHASSIS,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),  # epoch in the upper bits, then the ordinal
    Column("previous", BigInteger, nullable=False),  # the version before it; 0 for the first
    Column("major", SmallInteger, nullable=False),
    Column("state", Boolean, nullable=False),
    Column("stream", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),  # business time
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("sent_at", DateTime(timezone=True)),  # null = to be sent (again)
    Column("stream_seq", BigInteger),  # where the broker last stored it; null = never stored
    UniqueConstraint("aggregate", "aggregate_id", "version", "major"),
    Index("ix_outbox_unsent", "seq", postgresql_where=text("sent_at IS NULL")),
    Index("ix_outbox_stream_seq", "stream", "stream_seq"),
    Index("ix_outbox_recorded_at", "recorded_at"),
)

OUTBOX_HEAD = Table(
    "outbox_head",
    CHASSIS,
    Column("aggregate", Text, primary_key=True),
    Column("aggregate_id", Text, primary_key=True),
    Column("previous", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)

OUTBOX_STREAM = Table(
    "outbox_stream",
    CHASSIS,
    Column("stream", Text, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),  # another one: another stream
    # Up to here the stream may hold what we have forgotten: a person has seen the list.
    Column("forgotten_until", BigInteger, nullable=False, server_default=text("0")),
)

OUTBOX_EPOCH = Table(
    "outbox_epoch",
    CHASSIS,
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("reason", Text, nullable=False),
)

OUTBOX_REFUSAL = Table(
    "outbox_refusal",
    CHASSIS,
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    Column("stream", Text, nullable=False),
    Column(
        "event_id", Text, nullable=False
    ),  # the event that the stream has and the outbox has not
    Column("detected_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("id = 1", name="single"),
)

INBOX = Table(
    "inbox",
    CHASSIS,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
    Column("stream_seq", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_inbox_stream_seq", "consumer", "stream", "stream_seq"),
)

WATERMARK = Table(
    "watermark",
    CHASSIS,
    Column("consumer", Text, primary_key=True),
    Column("aggregate", Text, primary_key=True),
    Column("aggregate_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

PARKED = Table(
    "parked",
    CHASSIS,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("previous", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("stream", Text, nullable=False),
    Column("stream_seq", BigInteger, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", DateTime(timezone=True)),  # wall time; null = at once
    Index("ix_parked_aggregate", "consumer", "aggregate", "aggregate_id", "version"),
)

QUARANTINE = Table(
    "quarantine",
    CHASSIS,
    Column("id", Text, primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("event_id", Text),  # null: its envelope could not be read, so it holds no aggregate
    Column("aggregate", Text),
    Column("aggregate_id", Text),
    Column("version", BigInteger),
    Column("previous", BigInteger),
    Column("subject", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("stream", Text, nullable=False),
    Column("stream_seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("quarantined_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("resolved_at", DateTime(timezone=True)),
    Column("resolution", Text),
    Column("resolution_reason", Text),
    Column("resolved_by", Text),
    CheckConstraint(
        "(resolved_at IS NULL) = (resolution IS NULL)"
        " AND (resolution IS NULL OR resolution IN ('REPLAYED', 'DISCARDED'))",
        name="resolution",
    ),
    Index(
        "ix_quarantine_open",
        "consumer",
        "aggregate",
        "aggregate_id",
        postgresql_where=text("resolved_at IS NULL"),
    ),
    Index(
        "uq_quarantine_open_message",
        "consumer",
        "stream",
        "stream_seq",
        unique=True,
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

ATTEMPT = Table(
    "attempt",
    CHASSIS,
    Column("consumer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("stream_seq", BigInteger, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("attempted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
