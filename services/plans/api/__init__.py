"""The HTTP interface of the plan system."""

from fastapi import APIRouter

from services.plans.api import (
    activation,
    consultation,
    cycle,
    evaluation,
    exercise,
    hierarchy,
    incident,
    jurisdiction,
    life_cycle,
    override,
    permissions,
    plan,
    provision,
    quality,
    revision,
    revision_proposal,
    step_record,
    upkeep,
)

router = APIRouter()
for part in (
    *(plan, life_cycle, consultation, upkeep, revision, cycle),
    *(hierarchy, quality, activation, override, evaluation, provision),
    *(exercise, step_record, revision_proposal),
    *(incident, jurisdiction, permissions),
):
    router.include_router(part.router)

# the record of a full-scale exercise holds every task, order and decision of a day
BODY_LIMITS = {"/v1/exercises/records": 16 * 1024 * 1024}

__all__ = ["BODY_LIMITS", "router"]
