"""Tables of trust that others keep: this service's copy of grants and of disabled accounts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Table, Text

from chassis.tables.base import CHASSIS

POLICY_GRANT = Table(
    "policy_grant",
    CHASSIS,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),  # of the grant, where it is kept
    Column("subject", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("organization", Text),
    Column("granted_by", Text),
    Column("valid_from", DateTime(timezone=True)),
    Column("valid_to", DateTime(timezone=True)),  # the first instant at which it holds no more
    Column("revoked_at", DateTime(timezone=True)),
)

POLICY_ACCOUNT = Table(
    "policy_account",
    CHASSIS,
    Column("subject", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("disabled_at", DateTime(timezone=True)),  # null: it may sign in (again)
)
