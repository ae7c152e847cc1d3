"""an order rests on an override."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

DRAFT = sa.text("status = 'DRAFT'")
ORDINARY_DRAFT = sa.text("status = 'DRAFT' AND override_id IS NULL")
STANDING = sa.text("status IN ('DRAFT', 'ISSUED')")


def upgrade() -> None:
    op.add_column('order', sa.Column('override_id', sa.Text(), nullable=True))
    op.drop_index('uq_order_draft', table_name='order')
    op.create_index('uq_order_draft', 'order', ['activation_id'], unique=True, postgresql_where=ORDINARY_DRAFT)
    op.create_index('uq_order_override', 'order', ['override_id'], unique=True, postgresql_where=STANDING)


def downgrade() -> None:
    op.drop_index('uq_order_override', table_name='order')
    op.drop_index('uq_order_draft', table_name='order')
    op.create_index('uq_order_draft', 'order', ['activation_id'], unique=True, postgresql_where=DRAFT)
    op.drop_column('order', 'override_id')
