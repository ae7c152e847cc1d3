"""drafts of sealed incidents are sealed; what the public was told stays told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

FILL = """UPDATE bulletin SET incident_sealed = incident.sealed
            FROM incident
           WHERE incident.id = bulletin.incident_id AND bulletin.published_at IS NULL"""


def upgrade() -> None:
    op.add_column(
        'bulletin',
        sa.Column('incident_sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    )
    op.execute(FILL)


def downgrade() -> None:
    op.drop_column('bulletin', 'incident_sealed')
