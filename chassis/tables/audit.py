"""Tables of the audit: what was decided, and the hash chain over it; both only ever grow."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.tables.base import CHASSIS

APPEND_ONLY = {"append_only": True}  # the application's role may insert and select, nothing else

RECORD = Table(
    "audit_record",
    CHASSIS,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("decision_id", Text, nullable=False),  # the row of the decision; its own id when it is
    Column("recorded_at", DateTime(timezone=True), nullable=False),  # wall time
    Column("decided_at", DateTime(timezone=True), nullable=False),  # business time
    Column("subject", Text, nullable=False),
    Column("person", Text),
    Column("organization", Text),
    Column("role", Text),
    Column("grant_id", Text),  # under which the caller acted; "token" for what the token says
    Column("granted_by", Text),
    Column("action", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("policies", ARRAY(Text), nullable=False),
    Column("reason", Text),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("object_version", BigInteger),  # null: the object itself was not changed
    Column("mode", Text, nullable=False),
    Column("before_hash", LargeBinary),  # SHA-256 of the stored document; null when it was created
    Column("after_hash", LargeBinary),
    Column("correlation_id", Text, nullable=False),
    Column("cause_id", Text),
    Column("trace_id", Text),
    Column("remote", Text),  # the peer's network address
    CheckConstraint("decision IN ('PERMITTED', 'REFUSED')", name="decision"),
    Index("ix_audit_record_object", "object_kind", "object_id", "seq"),
    Index("ix_audit_record_subject", "subject", "seq"),
    info=APPEND_ONLY,
)

LINK = Table(
    "audit_link",
    CHASSIS,
    # 1, 2, 3, … without a gap: who takes a position that is taken fails, so the chain cannot fork
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Text, nullable=False, unique=True),
    Column("form", SmallInteger, nullable=False),  # of the canonical row that was hashed
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("position > 0", name="position"),
    CheckConstraint("octet_length(hash) = 32", name="hash"),
    info=APPEND_ONLY,
)

# The same statements stand in every service's migration. They hold for everybody, the owner
# included; whoever is able to switch the trigger off is found by the chain.
REFUSE = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%% only grows: no %%', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION append_only()
"""

for _table in (RECORD, LINK):
    event.listen(_table, "after_create", DDL(REFUSE))  # type: ignore[no-untyped-call]
    event.listen(_table, "after_create", DDL(GUARD))  # type: ignore[no-untyped-call]
