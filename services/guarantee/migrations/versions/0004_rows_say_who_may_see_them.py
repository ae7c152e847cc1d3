"""rows say who may see them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

REQUIRED = (
    ('activation', 'jurisdiction'),
    ('dispatch', 'jurisdiction'),
    ('dispatch', 'owner'),
    ('incident', 'jurisdiction'),
    ('requirement', 'jurisdiction'),
)
PUBLIC = "CASE WHEN doc ->> 'issued_at' IS NOT NULL THEN '*' END"


def upgrade() -> None:
    for table, column in REQUIRED:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
        op.execute(f"UPDATE {table} SET {column} = doc ->> '{column}'")
        op.alter_column(table, column, nullable=False)
    op.add_column('warning', sa.Column('organization_id', sa.Text(), nullable=True))
    op.add_column('warning', sa.Column('open_to', sa.Text(), nullable=True))
    op.execute(
        f"UPDATE warning SET organization_id = doc ->> 'organization_id', open_to = {PUBLIC}"
    )


def downgrade() -> None:
    op.drop_column('warning', 'open_to')
    op.drop_column('warning', 'organization_id')
    for table, column in reversed(REQUIRED):
        op.drop_column(table, column)
