"""solvings for a sealed incident, and copies of what it led to, are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

FILL = (
    """UPDATE activation SET incident_sealed = incident.sealed
         FROM incident WHERE incident.id = activation.incident_id""",
    """UPDATE allocation SET requirement_ids = ARRAY(
           SELECT jsonb_array_elements_text(doc->'requirement_ids'))""",
    """UPDATE allocation SET incident_sealed = EXISTS (
           SELECT 1 FROM requirement
            WHERE requirement.id = ANY(allocation.requirement_ids) AND requirement.incident_sealed)""",
)


def upgrade() -> None:
    op.add_column('activation', sa.Column('incident_sealed', sa.Boolean(), nullable=True))
    op.add_column('allocation', sa.Column('requirement_ids', postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column('allocation', sa.Column('incident_sealed', sa.Boolean(), nullable=True))
    op.create_index(
        'ix_allocation_requirements', 'allocation', ['requirement_ids'], unique=False, postgresql_using='gin'
    )
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index('ix_allocation_requirements', table_name='allocation', postgresql_using='gin')
    op.drop_column('allocation', 'incident_sealed')
    op.drop_column('allocation', 'requirement_ids')
    op.drop_column('activation', 'incident_sealed')
