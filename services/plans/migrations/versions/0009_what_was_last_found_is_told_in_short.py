"""what was last found is told in short, and a version by its digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# Records from before have no gist: their plans are weighed in full once more, and then have one.


def upgrade() -> None:
    op.add_column('evaluation', sa.Column('gist', sa.Text(), nullable=True))
    op.add_column(
        'evaluation', sa.Column('look_again_at', sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        'plan', sa.Column('digest', sa.Text(), sa.Computed('md5(doc::text)', persisted=True))
    )


def downgrade() -> None:
    op.drop_column('plan', 'digest')
    op.drop_column('evaluation', 'look_again_at')
    op.drop_column('evaluation', 'gist')
