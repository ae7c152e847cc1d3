"""what was decided is recorded and chained."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

REFUSE = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: no %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION append_only()
"""


def upgrade() -> None:
    op.create_table('audit_record',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('decision_id', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('person', sa.Text(), nullable=True),
    sa.Column('organization', sa.Text(), nullable=True),
    sa.Column('role', sa.Text(), nullable=True),
    sa.Column('grant_id', sa.Text(), nullable=True),
    sa.Column('granted_by', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('policies', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('object_kind', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Text(), nullable=False),
    sa.Column('object_version', sa.BigInteger(), nullable=True),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('before_hash', sa.LargeBinary(), nullable=True),
    sa.Column('after_hash', sa.LargeBinary(), nullable=True),
    sa.Column('correlation_id', sa.Text(), nullable=False),
    sa.Column('cause_id', sa.Text(), nullable=True),
    sa.Column('trace_id', sa.Text(), nullable=True),
    sa.Column('remote', sa.Text(), nullable=True),
    sa.CheckConstraint("decision IN ('PERMITTED', 'REFUSED')", name=op.f('ck_audit_record_decision')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_record')),
    sa.UniqueConstraint('id', name=op.f('uq_audit_record_id')),
    info={'append_only': True}
    )
    op.create_index('ix_audit_record_object', 'audit_record', ['object_kind', 'object_id', 'seq'], unique=False)
    op.create_index('ix_audit_record_subject', 'audit_record', ['subject', 'seq'], unique=False)
    op.create_table('audit_link',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('form', sa.SmallInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('octet_length(hash) = 32', name=op.f('ck_audit_link_hash')),
    sa.CheckConstraint('position > 0', name=op.f('ck_audit_link_position')),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_audit_link')),
    sa.UniqueConstraint('record_id', name=op.f('uq_audit_link_record_id')),
    info={'append_only': True}
    )
    op.execute(REFUSE)
    for table in ('audit_record', 'audit_link'):
        op.execute(GUARD.format(table=table))


def downgrade() -> None:
    op.drop_table('audit_link')
    op.drop_table('audit_record')
    op.execute('DROP FUNCTION append_only()')
