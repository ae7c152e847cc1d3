"""a refused measure can be overridden."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('ASKED', 'GRANTED')")


def upgrade() -> None:
    op.create_table(
        'override',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('activation_id', sa.Text(), nullable=False),
        sa.Column('measure_code', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_by', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('incidents', postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column('incident_sealed', sa.Boolean(), nullable=True),
        sa.Column('doc', postgresql.JSONB(), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_override')),
    )
    op.create_index('override_of_activation', 'override', ['activation_id', 'asked_at'])
    op.create_index('override_of_jurisdiction', 'override', ['jurisdiction', 'mode', 'asked_at'])
    op.create_index('override_incidents', 'override', ['incidents'], postgresql_using='gin')
    op.create_index(
        'override_open_once',
        'override',
        ['activation_id', 'measure_code'],
        unique=True,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table('override')
