"""exercises book in ledgers of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

TABLES = ('booking', 'requirement', 'signal', 'warning')
LISTED = ('signal', 'warning')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('exercise_id', sa.Text(), nullable=True))
    for table in LISTED:
        op.create_index(f'ix_{table}_exercise', table, ['exercise_id'], postgresql_where=sa.text('exercise_id IS NOT NULL'))
    # what runs beside it still books without an exercise, in the ledgers that it knows
    _exclude('ex_booking_once_a_ledger', ('resource_id', 'mode', "(COALESCE(exercise_id, ''))"))
    op.drop_constraint('ex_booking_once', 'booking')


def downgrade() -> None:
    _exclude('ex_booking_once', ('resource_id', 'mode'))
    op.drop_constraint('ex_booking_once_a_ledger', 'booking')
    for table in LISTED:
        op.drop_index(f'ix_{table}_exercise', table)
    for table in reversed(TABLES):
        op.drop_column(table, 'exercise_id')


def _exclude(name: str, same: tuple[str, ...]) -> None:
    alike = ', '.join(f'{one} WITH =' for one in same)
    op.execute(
        f'ALTER TABLE booking ADD CONSTRAINT {name} EXCLUDE USING gist'
        f' ({alike}, during WITH &&) WHERE (is_whole AND NOT isempty(during))'
    )
