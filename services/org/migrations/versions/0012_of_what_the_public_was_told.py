"""of what the public was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulletin',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('incident_id', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    )
    op.create_index(op.f('ix_bulletin_incident_id'), 'bulletin', ['incident_id'])


def downgrade() -> None:
    op.drop_table('bulletin')
