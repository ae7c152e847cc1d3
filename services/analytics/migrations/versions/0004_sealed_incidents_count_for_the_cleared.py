"""sealed incidents count for the cleared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('situation_item', sa.Column('sealed', sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column('situation_item', 'sealed')
