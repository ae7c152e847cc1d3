"""whose rows are whose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

SEALED = ('incident_command', 'log_entry', 'obligation', 'order', 'report', 'task')

# What a row says of itself lies in its document; the columns repeat it for who may see it. Null where
# a process from before writes meanwhile: then nobody sees it by what is missing.
BACKFILL = (
    """UPDATE incident_command
          SET jurisdiction = doc->>'jurisdiction', organization_id = doc->>'organization_id'""",
    """UPDATE "order" SET seen_by = ARRAY(
           SELECT DISTINCT named FROM (
               SELECT doc->>'organization_id' AS named
               UNION SELECT one->>'organization_id'
                       FROM jsonb_array_elements(doc->'receipts') AS one) AS parties
            ORDER BY named)""",
    """UPDATE obligation SET seen_by = ARRAY(
           SELECT DISTINCT named FROM (
               SELECT doc->>'owed_by' AS named
               UNION SELECT doc->>'owed_to'
               UNION SELECT one->>'organization_id'
                       FROM jsonb_array_elements(doc->'notices') AS one
                      WHERE one->>'failure' IS NULL) AS concerned
            WHERE named IS NOT NULL ORDER BY named)""",
)


def upgrade() -> None:
    for name in SEALED:
        op.add_column(name, sa.Column('incident_sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('incident', sa.Column('sealed', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('incident_command', sa.Column('jurisdiction', sa.Text(), nullable=True))
    op.add_column('incident_command', sa.Column('organization_id', sa.Text(), nullable=True))
    op.add_column('obligation', sa.Column('seen_by', postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column('order', sa.Column('seen_by', postgresql.ARRAY(sa.Text()), nullable=True))
    for statement in BACKFILL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column('order', 'seen_by')
    op.drop_column('obligation', 'seen_by')
    op.drop_column('incident_command', 'organization_id')
    op.drop_column('incident_command', 'jurisdiction')
    op.drop_column('incident', 'sealed')
    for name in SEALED:
        op.drop_column(name, 'incident_sealed')
