"""The HTTP interface of guarantee."""

from fastapi import APIRouter

from services.guarantee.api import (
    allocation,
    dispatch,
    provision,
    requirement,
    resource,
    signal,
    warning,
)

router = APIRouter()
for _part in (signal, warning, provision, resource, requirement, dispatch, allocation):
    router.include_router(_part.router)

__all__ = ["router"]
