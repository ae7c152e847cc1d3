"""The HTTP interface of the plan system."""

from fastapi import APIRouter

from services.plans.api import (
    activation,
    evaluation,
    incident,
    jurisdiction,
    override,
    permissions,
    plan,
    provision,
)

router = APIRouter()
for part in (
    *(plan, activation, override, provision, evaluation, incident, jurisdiction),
    permissions,
):
    router.include_router(part.router)

__all__ = ["router"]
