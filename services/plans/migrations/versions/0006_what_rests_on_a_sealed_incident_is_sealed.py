"""what rests on a sealed incident is sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TABLES = ('activation', 'evaluation')

# What a record from before was weighed with: its cause, and every incident that was open then in
# its plan's area and of its plan's types. A column is null where a process from before writes
# meanwhile: such a row is seen as it was.
FILL = (
    """
    UPDATE evaluation SET incidents = ARRAY(
        SELECT incident.id FROM incident, plan
         WHERE plan.plan_id = evaluation.plan_id
           AND plan.plan_version = evaluation.doc->>'plan_version'
           AND incident.mode = evaluation.mode
           AND incident.doc->>'jurisdiction' LIKE
               regexp_replace(evaluation.jurisdiction, '(00){1,3}$', '') || '%'
           AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(plan.doc->'emergency_types') AS kind
                        WHERE starts_with(incident.doc->>'emergency_type', kind))
           AND (incident.doc->>'declared_at')::timestamptz <= evaluation.at
           AND coalesce((incident.doc->>'closed_at')::timestamptz >= evaluation.at, true)
        UNION
        SELECT evaluation.doc->'cause'->>'id' WHERE evaluation.doc->'cause'->>'kind' = 'INCIDENT')
    """,
    """
    UPDATE activation SET incidents = ARRAY(
        SELECT incident.id FROM incident WHERE incident.id = ANY(activation.weighed)
        UNION
        SELECT activation.doc->>'incident_id' WHERE activation.doc->>'incident_id' IS NOT NULL
        UNION
        SELECT unnest(evaluation.incidents) FROM evaluation
         WHERE evaluation.id = activation.doc->'explanation'->>'evaluation_id'
            OR evaluation.id IN (SELECT change->>'evaluation_id'
                                   FROM jsonb_array_elements(activation.doc->'history') AS change))
    """,
    *(
        f"""UPDATE {table}
               SET doc = jsonb_set(doc, '{{incidents}}', to_jsonb(incidents)),
                   incident_sealed = EXISTS (SELECT 1 FROM incident WHERE incident.sealed
                                              AND incident.id = ANY({table}.incidents))"""  # noqa: S608
        for table in TABLES
    ),
)


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('incidents', postgresql.ARRAY(sa.Text()), nullable=True))
        op.add_column(table, sa.Column('incident_sealed', sa.Boolean(), nullable=True))
        op.create_index(f'{table}_incidents', table, ['incidents'], unique=False, postgresql_using='gin')
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_index(f'{table}_incidents', table_name=table, postgresql_using='gin')
        op.drop_column(table, 'incident_sealed')
        op.drop_column(table, 'incidents')
