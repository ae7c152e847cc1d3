"""Evaluation records: added, never changed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Text,
    any_,
    exists,
    func,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import Evaluation, Last
from services.plans.store.activation import activation
from services.plans.store.incident import incident, sealed_with
from services.plans.store.measure_record import measure_record
from services.plans.store.override import override
from services.plans.store.step_record import step_record
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

evaluation = documents.table(
    "evaluation",
    metadata,
    Column("ordinal", BigInteger, Identity(), nullable=False),
    Column("plan_id", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("organization_id", Text),
    Column("mode", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("activation_id", Text),
    Column("decided_by", Text),
    Column("incidents", ARRAY(Text)),
    Column("incident_sealed", Boolean),
    Column("exercise_id", Text),
    Column("gist", Text),
    Column("look_again_at", DateTime(timezone=True)),
    Index("evaluation_of_plan", "plan_id", "mode", "ordinal"),
    Index("evaluation_of_activation", "activation_id", "ordinal"),
    Index("evaluation_incidents", "incidents", postgresql_using="gin"),
    visible=Visible(
        area="jurisdiction", organizations=("organization_id",), sealed="incident_sealed"
    ),
)


async def last_findings(
    db: AsyncConnection,
    plan_ids: Collection[str],
    mode: Mode,
    *,
    exercise_id: str | None = None,
) -> dict[str, Last]:
    """Under each plan's id what its own rules last found."""
    asked = (
        func.unnest(sql_cast(list(plan_ids), ARRAY(Text)))
        .table_valued("plan_id")
        .render_derived("asked")
    )
    table = evaluation
    newest = (
        select(table.c.id, table.c.gist, table.c.look_again_at)
        .where(
            table.c.plan_id == asked.c.plan_id,
            played_in(table, mode, exercise_id),
            table.c.decided_by.is_(None),
        )
        .order_by(table.c.ordinal.desc())
        .limit(1)
        .lateral("newest")
    )
    statement = select(asked.c.plan_id, newest).select_from(asked.join(newest, true()))
    rows = await db.execute(statement)
    return {row.plan_id: Last(row.id, row.gist, row.look_again_at) for row in rows}


async def evaluations(db: AsyncConnection, ids: Collection[str]) -> list[Evaluation]:
    """The records of these ids."""
    return await documents.find(db, evaluation, Evaluation, evaluation.c.id.in_(ids)) if ids else []


async def last_evaluation(
    db: AsyncConnection, plan_id: str, mode: Mode, *, exercise_id: str | None = None
) -> Evaluation | None:
    """The latest record that the plan's own rules made."""
    found = await documents.find(
        db,
        evaluation,
        Evaluation,
        evaluation.c.plan_id == plan_id,
        played_in(evaluation, mode, exercise_id),
        evaluation.c.decided_by.is_(None),
        order_by=evaluation.c.ordinal.desc(),
        limit=1,
    )
    return found[0] if found else None


async def evaluations_since(db: AsyncConnection, plan_id: str, since: datetime) -> list[Evaluation]:
    """The records of the plan since then, in every mode, that led to something or were a person's."""
    where = [evaluation.c.plan_id == plan_id, evaluation.c.at >= since]
    return await documents.find(
        db,
        evaluation,
        Evaluation,
        *where,
        evaluation.c.activation_id.is_not(None),
        order_by=evaluation.c.ordinal,
    )


async def add_evaluation(
    db: AsyncConnection, one: Evaluation, *, organization_id: str, gist: str | None = None
) -> Evaluation:
    """Keep the record with its findings in short, for the organization that commands by its plan."""
    return await documents.save(
        db,
        evaluation,
        one,
        organization_id=organization_id,
        gist=gist,
        look_again_at=one.findings.look_again_at,
        incidents=list(one.incidents),
        incident_sealed=sealed_with(one.incidents),
    )


async def seal_with(db: AsyncConnection, incident_id: str) -> None:
    """Seal what rests on the incident while one that it rests on is sealed, and no longer."""
    for table in (activation, evaluation, override, step_record, measure_record):
        rests_on = table.c.incidents.contains([incident_id])
        sealed = exists().where(
            incident.c.id == any_(table.c.incidents), incident.c.sealed.is_(True)
        )
        await db.execute(table.update().where(rests_on).values(incident_sealed=sealed))
