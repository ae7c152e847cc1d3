"""who told of a sealed incident is sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('reporter', sa.Column('incident_sealed', sa.Boolean(), nullable=True))
    op.execute("""UPDATE reporter SET incident_sealed = report.incident_sealed
                    FROM report WHERE report.id = reporter.id""")


def downgrade() -> None:
    op.drop_column('reporter', 'incident_sealed')
