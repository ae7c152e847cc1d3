"""copies of sealed incidents are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('incident', sa.Column('sealed', sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column('incident', 'sealed')
