"""The HTTP interface of the plan system."""

from fastapi import APIRouter

from services.plans.api import (
    activation,
    evaluation,
    exercise,
    hierarchy,
    incident,
    jurisdiction,
    override,
    permissions,
    plan,
    provision,
    quality,
    revision_proposal,
    step_record,
)

router = APIRouter()
for part in (
    *(plan, hierarchy, quality, activation, evaluation, override, provision),
    *(exercise, step_record, revision_proposal),
    *(incident, jurisdiction, permissions),
):
    router.include_router(part.router)

# the record of a full-scale exercise holds every task, order and decision of a day
BODY_LIMITS = {"/v1/exercises/records": 16 * 1024 * 1024}

__all__ = ["BODY_LIMITS", "router"]
