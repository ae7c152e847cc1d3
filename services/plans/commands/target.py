"""Aggregates as the policy sees them: where they lie, whose they are."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import EVERYBODY, Target
from services.plans import domain, store
from vocabulary import Mode


def of_plan(plan: domain.Plan) -> Target:
    """The plan version: everybody may see it; the organization that it names commands by it."""
    return Target(
        kind="plan",
        id=plan.id,
        area=plan.jurisdiction,
        organizations=frozenset({EVERYBODY}),
        owners=frozenset({plan.organization_id}),
        authors=plan.authors,
    )


def of_consultation(one: domain.Consultation) -> Target:
    """The consultation: everybody may see it; the organizations that were asked have to answer."""
    return Target(
        kind="consultation",
        id=one.id,
        area=one.jurisdiction,
        organizations=frozenset({EVERYBODY}),
        addressees=frozenset(asked.organization_id for asked in one.consulted),
    )


def of_start(plan: domain.Plan, mode: str) -> Target:
    """The activation that the plan would be started as."""
    return Target(
        kind="activation",
        id="new",
        area=plan.jurisdiction,
        organizations=frozenset({plan.organization_id}),
        owners=frozenset({plan.organization_id}),
        mode=mode,
        new=True,
    )


def of_activation(activation: domain.Activation, *, sealed: bool) -> Target:
    """The activation: seen and decided on by the organization that commands.

    It is `sealed` while an incident that it rests on is.
    """
    return Target(
        kind="activation",
        id=activation.id,
        area=activation.jurisdiction,
        organizations=frozenset({activation.organization_id}),
        owners=frozenset({activation.organization_id}),
        sealed=sealed,
        mode=activation.mode,
    )


def of_override(override: domain.Override, *, sealed: bool) -> Target:
    """The override: seen by who asked and who may decide; `owners` decide, `addressees` asked.

    It is `sealed` while an incident that it rests on is.
    """
    return Target(
        kind="override",
        id=override.id,
        area=override.jurisdiction,
        organizations=frozenset(override.seen_by),
        owners=frozenset(override.authorities),
        addressees=frozenset({override.organization_id}),
        authors=frozenset({override.asker}),
        sealed=sealed,
        mode=override.mode,
    )


async def of_overrides(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the overrides that the reader may see, by id."""
    table = store.override
    found = await documents.find(db, table, domain.Override, table.c.id.in_(ids))
    sealed = await store.sealed_overrides(db, ids)
    return {one.id: of_override(one, sealed=one.id in sealed) for one in found}


def of_exercise(exercise: domain.Exercise, *, is_new: bool = False) -> Target:
    """The exercise: everybody may see it; the organization that runs it decides on it."""
    return Target(
        kind="exercise",
        id=exercise.id,
        area=exercise.jurisdiction,
        organizations=frozenset({EVERYBODY}),
        owners=frozenset({exercise.organization_id}),
        mode=Mode.EXERCISE,
        new=is_new,
    )


def of_proposal(proposal: domain.RevisionProposal) -> Target:
    """The proposal: seen and decided on where the plan is for."""
    return Target(kind="revision_proposal", id=proposal.id, area=proposal.jurisdiction)


async def of_proposals(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the proposals that the reader may see, by id."""
    table = store.revision_proposal
    found = await documents.find(db, table, domain.RevisionProposal, table.c.id.in_(ids))
    return {one.id: of_proposal(one) for one in found}


async def of_exercises(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the exercises that there are, by id."""
    found = await documents.find(db, store.exercise, domain.Exercise, store.exercise.c.id.in_(ids))
    return {one.id: of_exercise(one) for one in found}


async def of_plans(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the plan versions that there are, by id."""
    found = await documents.find(db, store.plan, domain.Plan, store.plan.c.id.in_(ids))
    return {one.id: of_plan(one) for one in found}


async def of_consultations(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the consultations that there are, by id."""
    table = store.consultation
    found = await documents.find(db, table, domain.Consultation, table.c.id.in_(ids))
    return {one.id: of_consultation(one) for one in found}


async def of_activations(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Target]:
    """Those of the activations that the reader may see, by id."""
    table = store.activation
    found = await documents.find(db, table, domain.Activation, table.c.id.in_(ids))
    sealed = await store.sealed_among(db, ids)
    return {one.id: of_activation(one, sealed=one.id in sealed) for one in found}
