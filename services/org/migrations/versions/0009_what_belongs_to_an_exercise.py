"""what belongs to an exercise, and who takes part in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

PLAYED = ('incident', 'obligation', 'order')


def upgrade() -> None:
    for table in PLAYED:
        op.add_column(table, sa.Column('exercise_id', sa.Text(), nullable=True))
        op.create_index(op.f(f'ix_{table}_exercise_id'), table, ['exercise_id'])
    op.create_table('exercise',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise')),
    )


def downgrade() -> None:
    op.drop_table('exercise')
    for table in reversed(PLAYED):
        op.drop_index(op.f(f'ix_{table}_exercise_id'), table)
        op.drop_column(table, 'exercise_id')
