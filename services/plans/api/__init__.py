"""The HTTP interface of the plan system."""

from fastapi import APIRouter

from services.plans.api import (
    activation,
    evaluation,
    hierarchy,
    incident,
    jurisdiction,
    override,
    permissions,
    plan,
    provision,
    quality,
)

router = APIRouter()
for part in (
    *(plan, hierarchy, quality, activation, override, evaluation),
    *(provision, incident, jurisdiction, permissions),
):
    router.include_router(part.router)

__all__ = ["router"]
