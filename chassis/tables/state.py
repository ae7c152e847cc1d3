"""Tables of time and trust: timers, idempotency keys and the deployment's stamp."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables.base import CHASSIS

TIMER = Table(
    "timer",
    CHASSIS,
    Column("key", Text, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("command", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("cause_id", Text),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", DateTime(timezone=True)),  # wall time; null = at once
    Column("stopped_at", DateTime(timezone=True)),  # wall time; a hopeless one waits for a person
    Column("last_error", Text),
    Index("ix_timer_due", "due_at", "seq"),
)

IDEMPOTENCY = Table(
    "idempotency",
    CHASSIS,
    Column("key", Text, primary_key=True),
    Column("caller", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("status", SmallInteger),
    Column("answer", LargeBinary),
    Column("correlation_id", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_idempotency_recorded_at", "recorded_at"),
)

STAMP = Table(
    "stamp",
    CHASSIS,
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    Column("service", Text, nullable=False),
    Column("deployment", Text, nullable=False),
    Column("rehearsal_now", DateTime(timezone=True)),
    Column("born_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("deployment IN ('production', 'rehearsal')", name="deployment"),
    CheckConstraint(
        "rehearsal_now IS NULL OR deployment = 'rehearsal'", name="clock_only_in_rehearsal"
    ),
)
