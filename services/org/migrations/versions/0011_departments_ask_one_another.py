"""departments ask one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

INDEXED = ('exercise_id', 'from_organization', 'incident_id', 'jurisdiction', 'requested_at', 'to_organization')


def upgrade() -> None:
    op.create_table('coordination_request',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('incident_id', sa.Text(), nullable=True),
        sa.Column('from_organization', sa.Text(), nullable=False),
        sa.Column('to_organization', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('exercise_id', sa.Text(), nullable=True),
        sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_by', postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column('incident_sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coordination_request')),
    )
    for column in INDEXED:
        op.create_index(op.f(f'ix_coordination_request_{column}'), 'coordination_request', [column])


def downgrade() -> None:
    op.drop_table('coordination_request')
