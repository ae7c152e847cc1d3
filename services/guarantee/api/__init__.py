"""The HTTP interface of guarantee."""

from fastapi import APIRouter

from services.guarantee.api import (
    allocation,
    bulletin,
    dispatch,
    permissions,
    provision,
    requirement,
    resource,
    rumour,
    signal,
    warning,
)

router = APIRouter()
for _part in (
    *(signal, warning, bulletin, rumour, provision, resource, requirement, dispatch, allocation),
    permissions,
):
    router.include_router(_part.router)

BODY_LIMITS = {"/v1/cap": signal.LARGEST_CAP}

__all__ = ["BODY_LIMITS", "router"]
