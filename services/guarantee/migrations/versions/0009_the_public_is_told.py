"""the public is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulletin',
        *_document(),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('incident_id', sa.Text(), nullable=True),
        sa.Column('organization_id', sa.Text(), nullable=True),
        sa.Column('open_to', sa.Text(), nullable=True),
        sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    )
    op.create_index('ix_bulletin_incident', 'bulletin', ['incident_id'])
    op.create_index('ix_bulletin_drafted', 'bulletin', ['drafted_at', 'id'])
    op.create_index('ix_bulletin_public', 'bulletin', ['published_at', 'id'],
        postgresql_where=sa.text("published_at IS NOT NULL AND mode = 'REAL'"))
    op.create_table('rumour',
        *_document(),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('incident_id', sa.Text(), nullable=True),
        sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('incident_sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rumour')),
    )
    op.create_index('ix_rumour_incident', 'rumour', ['incident_id'])
    op.create_index('ix_rumour_noted', 'rumour', ['noted_at', 'id'])


def downgrade() -> None:
    op.drop_table('rumour')
    op.drop_table('bulletin')


def _document() -> list[sa.Column]:
    return [
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    ]
