"""what belongs to a sealed incident counts for the cleared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


# Which incident a counted report or need belongs to is in the log, not in this database: the next
# event of it tells. Reports count for an hour, needs are told of whenever they change.
def upgrade() -> None:
    op.add_column('situation_item', sa.Column('incident_id', sa.Text(), nullable=True))
    op.create_index('ix_situation_item_incident_id', 'situation_item', ['incident_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_situation_item_incident_id', table_name='situation_item')
    op.drop_column('situation_item', 'incident_id')
