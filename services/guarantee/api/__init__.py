"""The HTTP interface of guarantee."""

from fastapi import APIRouter

from services.guarantee.api import signal, warning

router = APIRouter()
for _part in (signal, warning):
    router.include_router(_part.router)

__all__ = ["router"]
