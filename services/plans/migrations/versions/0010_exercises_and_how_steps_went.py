"""exercises, how steps and measures went, and what follows for the plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

PLAYED = ('activation', 'evaluation', 'incident', 'indicator', 'signal', 'warning')


def upgrade() -> None:
    for table in PLAYED:
        op.add_column(table, sa.Column('exercise_id', sa.Text(), nullable=True))
    # what runs beside it still starts nothing in an exercise, so both find what they know of open once
    op.create_index('activation_open_once_an_exercise', 'activation', ['plan_id', 'mode', sa.literal_column("coalesce(exercise_id, '')")], unique=True, postgresql_where=sa.text("state IN ('PROPOSED', 'IN_FORCE')"))
    op.drop_index('activation_open_once', 'activation')
    _table('exercise',
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('plan_id', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('planned_from', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('exercise_of_plan', 'exercise', ['plan_id', 'planned_from'])
    op.create_index('exercise_of_jurisdiction', 'exercise', ['jurisdiction', 'planned_from'])
    _table('inject',
        sa.Column('exercise_id', sa.Text(), nullable=False),
        sa.Column('offset_minutes', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Text(), nullable=False),
        sa.Column('open_to', sa.Text(), nullable=True),
    )
    op.create_index(op.f('ix_inject_exercise_id'), 'inject', ['exercise_id'])
    _table('step_record',
        sa.Column('plan_id', sa.Text(), nullable=False),
        sa.Column('plan_version', sa.Text(), nullable=False),
        sa.Column('step', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('organization_id', sa.Text(), nullable=True),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('activation_id', sa.Text(), nullable=True),
        sa.Column('exercise_id', sa.Text(), nullable=True),
        sa.Column('incidents', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('incident_sealed', sa.Boolean(), nullable=False),
        sa.Column('owed_at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('step_record_incidents', 'step_record', ['incidents'], postgresql_using='gin')
    op.create_index('step_record_of_plan', 'step_record', ['plan_id', 'owed_at'])
    op.create_index('step_record_of_activation', 'step_record', ['activation_id'])
    op.create_index(op.f('ix_step_record_exercise_id'), 'step_record', ['exercise_id'])
    _table('measure_record',
        sa.Column('plan_id', sa.Text(), nullable=False),
        sa.Column('order_id', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.Column('exercise_id', sa.Text(), nullable=True),
        sa.Column('incidents', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('incident_sealed', sa.Boolean(), nullable=False),
        sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('measure_record_incidents', 'measure_record', ['incidents'], postgresql_using='gin')
    op.create_index('measure_record_of_plan', 'measure_record', ['plan_id', 'ordered_at'])
    op.create_index(op.f('ix_measure_record_order_id'), 'measure_record', ['order_id'])
    op.create_index(op.f('ix_measure_record_exercise_id'), 'measure_record', ['exercise_id'])
    _table('hand_off',
        sa.Column('exercise_id', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
    )
    op.create_index(op.f('ix_hand_off_exercise_id'), 'hand_off', ['exercise_id'])
    _table('revision_proposal',
        sa.Column('plan_id', sa.Text(), nullable=False),
        sa.Column('jurisdiction', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('place', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('revision_proposal_of_plan', 'revision_proposal', ['plan_id', 'opened_at'])
    op.create_index('revision_proposal_open_once', 'revision_proposal', ['plan_id', 'kind', 'place'], unique=True, postgresql_where=sa.text("state = 'OPEN'"))


def downgrade() -> None:
    for table in ('revision_proposal', 'hand_off', 'measure_record', 'step_record', 'inject', 'exercise'):
        op.drop_table(table)
    op.create_index('activation_open_once', 'activation', ['plan_id', 'mode'], unique=True, postgresql_where=sa.text("state IN ('PROPOSED', 'IN_FORCE')"))
    op.drop_index('activation_open_once_an_exercise', 'activation')
    for table in reversed(PLAYED):
        op.drop_column(table, 'exercise_id')


def _table(name: str, *columns: sa.Column) -> None:
    op.create_table(name,
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        *columns,
        sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
    )
