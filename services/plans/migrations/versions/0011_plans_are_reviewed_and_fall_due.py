"""plans are reviewed, filed and retired, and their cycles fall due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

# Who saved a draft last is its author; what was published before stays as it is.
DRAFTERS = """
UPDATE plan SET doc = doc || jsonb_build_object('drafted_by', jsonb_build_array(changed_by))
WHERE status = 'DRAFT'
"""
# Cycles of plans published before are counted once no process from before, which does not know
# the timer, runs any more.
LOOKS = """
INSERT INTO timer (key, due_at, command, payload, correlation_id, scheduled_at)
SELECT DISTINCT 'life/' || plan_id, now() + interval '1 day', 'look_at_plan',
       jsonb_build_object('planId', plan_id), 'cor_life_' || plan_id, now()
FROM plan WHERE status = 'PUBLISHED'
ON CONFLICT (key) DO NOTHING
"""


def upgrade() -> None:
    op.create_table('consultation',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('version_id', sa.Text(), nullable=False),
    sa.Column('asked', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation')),
    info={'documents': True}
    )
    op.create_index('consultation_asked', 'consultation', ['asked'], unique=False, postgresql_using='gin')
    op.create_index('consultation_of_version', 'consultation', ['version_id', 'opened_at'], unique=False)
    op.create_index('consultation_open_once', 'consultation', ['version_id'], unique=True, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('cycle',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('plan_id', sa.Text(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('warn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cycle')),
    info={'documents': True}
    )
    op.create_index('cycle_due', 'cycle', ['due_at'], unique=False)
    op.create_index('cycle_of_plan', 'cycle', ['plan_id'], unique=False)
    op.execute(DRAFTERS)
    op.execute(LOOKS)


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE command = 'look_at_plan'")
    op.drop_table('cycle')
    op.drop_table('consultation')
