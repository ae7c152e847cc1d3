"""The HTTP interface of the organization system."""

from fastapi import APIRouter

from services.org.api import (
    account,
    coordination_request,
    grant,
    incident,
    incident_command,
    jurisdiction,
    log_entry,
    obligation,
    order,
    organization,
    permissions,
    post,
    report,
    reporter,
    signal,
    situation_report,
    task,
    violation,
)

__all__ = ["router"]

router = APIRouter()
for part in (
    jurisdiction,
    organization,
    post,
    report,
    reporter,
    incident,
    incident_command,
    signal,
    obligation,
    task,
    order,
    situation_report,
    coordination_request,
    log_entry,
    violation,
    grant,
    account,
    permissions,
):
    router.include_router(part.router)
