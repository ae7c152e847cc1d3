"""The HTTP interface of analytics."""

from fastapi import APIRouter

from chassis import edge
from services.analytics import queries
from services.analytics.api import (
    detection,
    event_log,
    indicator,
    observation,
    situation,
    station,
)
from services.analytics.api.observation import MOST_BYTES
from services.analytics.api.observation import PATH as OBSERVATIONS

__all__ = ["BODY_LIMITS", "router"]

BODY_LIMITS = {OBSERVATIONS: MOST_BYTES}

router = APIRouter()
for _part in (
    station.router,
    observation.router,
    indicator.router,
    detection.router,
    event_log.router,
    situation.router,
    edge.batch("readings", list[queries.ReadingView], indicator.present_readings),
):
    router.include_router(_part)
