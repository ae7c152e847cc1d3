"""What org publishes about jurisdictions."""

from chassis.messages import Incoming
from chassis.unit_of_work import UnitOfWork
from contracts.org.v1 import JurisdictionState
from services.analytics import commands, domain


async def on_jurisdiction_state(uow: UnitOfWork, event: Incoming[JurisdictionState]) -> None:
    """The copy of the jurisdiction is as new as this, so that places can be located."""
    seen = event.body.jurisdiction
    copy = domain.Jurisdiction(
        code=seen.code,
        name_zh=seen.name_zh,
        name_en=seen.name_en,
        parent=seen.parent,
        boundary_geojson=seen.boundary_geojson,
    )
    await commands.copy_jurisdiction(uow, copy, version=event.version)
