"""reports go upward."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('situation_report',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('incident_id', sa.Text(), nullable=False),
        sa.Column('ordinal', sa.Integer(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('exercise_id', sa.Text(), nullable=True),
        sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_by', postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column('incident_sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_situation_report')),
    )
    op.create_index(op.f('ix_situation_report_exercise_id'), 'situation_report', ['exercise_id'])
    op.create_index(op.f('ix_situation_report_incident_id'), 'situation_report', ['incident_id'])
    op.create_index(op.f('ix_situation_report_jurisdiction'), 'situation_report', ['jurisdiction'])
    op.create_index('uq_situation_report_ordinal', 'situation_report', ['incident_id', 'ordinal'],
        unique=True, postgresql_where=sa.text("status <> 'WITHDRAWN'"))


def downgrade() -> None:
    op.drop_table('situation_report')
