"""Activations: what is in force, proposed, declined or over. One open one a plan, mode and exercise."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Boolean, Column, DateTime, Index, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import Activation, ActivationState
from services.plans.store.incident import sealed_with
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

OPEN = (ActivationState.PROPOSED, ActivationState.IN_FORCE)

activation = documents.table(
    "activation",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("organization_id", Text),
    Column("mode", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("weighed", ARRAY(Text), nullable=False),
    Column("incidents", ARRAY(Text)),
    Column("incident_sealed", Boolean),
    Column("exercise_id", Text),
    Index("activation_weighed", "weighed", postgresql_using="gin"),
    Index("activation_incidents", "incidents", postgresql_using="gin"),
    Index("activation_of_jurisdiction", "jurisdiction", "mode", "created_at"),
    visible=Visible(
        area="jurisdiction", organizations=("organization_id",), sealed="incident_sealed"
    ),
)
Index(
    "activation_open_once_an_exercise",
    activation.c.plan_id,
    activation.c.mode,
    func.coalesce(activation.c.exercise_id, ""),
    unique=True,
    postgresql_where=activation.c.state.in_(["PROPOSED", "IN_FORCE"]),
)


async def get_activation(
    db: AsyncConnection, id: str, *, expected_version: int | None = None
) -> Activation:
    """The activation. Raises `activation-not-found` and `version-conflict`."""
    return await documents.load(db, activation, id, Activation, expected_version=expected_version)


async def find_activation(db: AsyncConnection, id: str) -> Activation | None:
    """The activation, or None."""
    found = await documents.find(db, activation, Activation, activation.c.id == id)
    return found[0] if found else None


async def activations_of(db: AsyncConnection, ids: Collection[str]) -> dict[str, Activation]:
    """Those of the activations that there are, by id."""
    found = await documents.find(db, activation, Activation, activation.c.id.in_(list(ids)))
    return {one.id: one for one in found}


async def activations_played(db: AsyncConnection, exercise_id: str) -> list[Activation]:
    """Every activation of the exercise, the earliest first."""
    where = activation.c.exercise_id == exercise_id
    return await documents.find(
        db, activation, Activation, where, order_by=[activation.c.created_at, activation.c.id]
    )


async def open_activation(
    db: AsyncConnection, plan_id: str, mode: Mode, *, exercise_id: str | None = None
) -> Activation | None:
    """What of the plan is in force or proposed in the mode, locked, or None."""
    found = await documents.find(
        db,
        activation,
        Activation,
        activation.c.plan_id == plan_id,
        played_in(activation, mode, exercise_id),
        activation.c.state.in_(OPEN),
        lock=True,
    )
    return found[0] if found else None


async def open_activations(
    db: AsyncConnection, mode: Mode, *, exercise_id: str | None = None
) -> list[Activation]:
    """Everything in force or proposed in the mode."""
    return await documents.find(
        db,
        activation,
        Activation,
        played_in(activation, mode, exercise_id),
        activation.c.state.in_(OPEN),
    )


async def in_force(
    db: AsyncConnection, jurisdictions: Collection[str], mode: Mode
) -> list[Activation]:
    """Everything in force in these divisions, oldest first, whoever reads it."""
    statement = select(cast(activation.c.doc, Text)).where(
        activation.c.jurisdiction.in_(list(jurisdictions)),
        activation.c.mode == mode,
        activation.c.state == ActivationState.IN_FORCE,
    )
    rows = await db.scalars(statement.order_by(activation.c.created_at, activation.c.id))
    decoder = msgspec.json.Decoder(Activation)
    return [decoder.decode(row) for row in rows]


async def sealed_among(db: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Those of the activations that rest on a sealed incident, as far as the reader sees them."""
    sealed = activation.c.incident_sealed.is_(True)
    statement = select(activation.c.id).where(activation.c.id.in_(list(ids)), sealed)
    return set(await db.scalars(statement))


async def put_activation(db: AsyncConnection, one: Activation) -> Activation:
    """Store the activation and return it as stored."""
    return await documents.save(
        db,
        activation,
        one,
        weighed=list(one.weighed),
        incidents=list(one.incidents),
        incident_sealed=sealed_with(one.incidents),
    )
