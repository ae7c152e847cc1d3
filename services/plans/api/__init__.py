"""The HTTP interface of the plan system."""

from fastapi import APIRouter

from services.plans.api import (
    activation,
    consultation,
    cycle,
    evaluation,
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
    upkeep,
)

router = APIRouter()
for part in (
    *(plan, life_cycle, consultation, upkeep, revision, cycle),
    *(hierarchy, quality, activation, override, evaluation),
    *(provision, incident, jurisdiction, permissions),
):
    router.include_router(part.router)

__all__ = ["router"]
