"""whose responses, records and copies of incidents are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# Null where a process from before writes meanwhile: such a row is seen by its area alone.
FILL = (
    "UPDATE activation SET organization_id = doc->>'organization_id'",
    "UPDATE incident SET jurisdiction = doc->>'jurisdiction'",
    """
    UPDATE evaluation SET organization_id = plan.doc->>'organization_id' FROM plan
    WHERE plan.plan_id = evaluation.plan_id
      AND plan.plan_version = evaluation.doc->>'plan_version'
    """,
)


def upgrade() -> None:
    op.add_column('activation', sa.Column('organization_id', sa.Text(), nullable=True))
    op.add_column('evaluation', sa.Column('organization_id', sa.Text(), nullable=True))
    op.add_column('incident', sa.Column('jurisdiction', sa.Text(), nullable=True))
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column('incident', 'jurisdiction')
    op.drop_column('evaluation', 'organization_id')
    op.drop_column('activation', 'organization_id')
