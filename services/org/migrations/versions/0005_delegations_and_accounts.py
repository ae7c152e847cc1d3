"""delegations and accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('disabled_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('subject', name=op.f('uq_account_subject')),
    info={'documents': True}
    )
    op.create_table('grant',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('granted_by', sa.Text(), nullable=False),
    sa.Column('valid_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chain', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant')),
    info={'documents': True}
    )
    op.create_index('ix_grant_chain', 'grant', ['chain'], unique=False, postgresql_using='gin')
    op.create_index(op.f('ix_grant_granted_by'), 'grant', ['granted_by'], unique=False)
    op.create_index(op.f('ix_grant_subject'), 'grant', ['subject'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_grant_subject'), table_name='grant')
    op.drop_index(op.f('ix_grant_granted_by'), table_name='grant')
    op.drop_index('ix_grant_chain', table_name='grant', postgresql_using='gin')
    op.drop_table('grant')
    op.drop_table('account')
