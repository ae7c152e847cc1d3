"""Routes of incident commands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Edge
from chassis.unit_of_work import UnitOfWork
from services.org import commands, queries
from services.org.queries import CommandView

router = APIRouter(tags=["incidents"])


@router.post("/v1/incidents/{incident_id}/command", responses=edge.answers(CommandView))
async def form_command(incident_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Form the command that could not be formed when the incident was declared."""

    async def form(uow: UnitOfWork) -> CommandView:
        return queries.command_view(await commands.form_command(uow, incident_id))

    return await edge.command(form)


router.include_router(edge.batch("commands-by-incident", CommandView, queries.commands_by_incident))
